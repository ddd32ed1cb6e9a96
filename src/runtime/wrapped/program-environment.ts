// Ours, the cloud's and Node's own: a program sees files, and neither our stores nor our credentials.
const HIDDEN = /^(STEPREEL_|AWS_|ECS_|NODE_|POWERTOOLS_)/;

/** What a program inherits from its task. What it writes without being told where lands in its scratch folder. */
export function programEnvironment(
  scratch: string,
  variables: NodeJS.ProcessEnv = process.env,
): Record<string, string | undefined> {
  const inherited = Object.entries(variables).filter(([name]) => !HIDDEN.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: scratch,
    TMPDIR: scratch,
    // Progress must be heard while the work is done, and a stray cache beside the sources is a write outside.
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}
