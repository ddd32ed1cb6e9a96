import { openModelStore } from '#adapters/local/model-store';

/** `models list`: a line a model. */
export async function listModels(json: boolean): Promise<void> {
  for (const model of await openModelStore().list()) {
    const { name, version, task, classes, license, origin } = model;
    if (json) process.stdout.write(`${JSON.stringify(model)}\n`);
    else process.stdout.write(`${name}@${version}  ${task}, ${classes.length} classes, ${license}, ${origin}\n`);
  }
}

/** `models add`: takes a folder over and tells the reference to name it by. */
export async function addModel(folder: string, json: boolean): Promise<void> {
  const { name, version, sha256 } = await openModelStore().add(folder);
  if (json) process.stdout.write(`${JSON.stringify({ event: 'added', name, version, sha256 })}\n`);
  else process.stdout.write(`${name}@${version} added, sha256 ${sha256}\n`);
}

/** `models verify`: digests, and the real shapes against what model.json says; exit code 78 when one differs. */
export async function verifyModels(ref: string | undefined, json: boolean): Promise<void> {
  for (const { name, version, problem } of await openModelStore().verify(ref)) {
    if (problem !== undefined) process.exitCode = 78;
    if (json) process.stdout.write(`${JSON.stringify({ name, version, problem: problem ?? null })}\n`);
    else
      process.stdout.write(
        `${problem === undefined ? '✓' : '✗'} ${name}@${version}${problem === undefined ? '' : `: ${problem}`}\n`,
      );
  }
}
