/**
 * Lets a team in: makes an API key on a usage plan and the team's record, and prints the key, once.
 *   npm run add-team -- NAME [--stage dev] [--plan standard] [--operator] [--limit JOBS]
 * An operator may pause the queue and look at all teams'; the limit is of jobs under way at once.
 */
import { parseArgs } from 'node:util';
import { addTeam } from '#adapters/aws/team-keys';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: 'string', default: 'dev' },
    plan: { type: 'string', default: 'standard' },
    operator: { type: 'boolean', default: false },
    limit: { type: 'string' },
  },
});
const [name] = positionals;
if (name === undefined || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
  console.error(
    'Expected the name of the team: lower-case letters, digits and hyphens. npm run add-team -- perception',
  );
  process.exit(64);
}
const { stage, plan, operator, limit } = values;
if (limit !== undefined && !/^\d{1,4}$/.test(limit)) {
  console.error('Expected --limit to be a number of jobs, at most 9999.');
  process.exit(64);
}
const { apiKey } = await addTeam({
  name,
  stage,
  plan,
  operator,
  ...(limit === undefined ? {} : { limit: Number(limit) }),
});
console.log(
  `Team ${name} (plan ${plan}, stage ${stage}${operator ? ', operator' : ''}). Its API key, shown this once:\n${apiKey}`,
);
