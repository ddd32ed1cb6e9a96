/**
 * Lets a team in: makes an API key on a usage plan and the team's record, and prints the key, once.
 *   npm run add-team -- NAME [--stage dev] [--plan standard]
 */
import { parseArgs } from 'node:util';
import { addTeam } from '#adapters/aws/team-keys';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { stage: { type: 'string', default: 'dev' }, plan: { type: 'string', default: 'standard' } },
});
const [name] = positionals;
if (name === undefined || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
  console.error(
    'Expected the name of the team: lower-case letters, digits and hyphens. npm run add-team -- perception',
  );
  process.exit(64);
}
const { apiKey } = await addTeam({ name, stage: values.stage, plan: values.plan });
console.log(`Team ${name} (plan ${values.plan}, stage ${values.stage}). Its API key, shown this once:\n${apiKey}`);
