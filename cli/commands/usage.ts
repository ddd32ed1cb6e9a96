import { type Command, Option } from 'commander';
import { addApiOption } from '../api-options.ts';
import type { UsageOptions } from '../show-usage.ts';

/** `stepreel usage` */
export function addUsage(program: Command): void {
  const command = program
    .command('usage')
    .description("what the team's jobs took and what that costs, for jobs that ended between two days")
    .option('--from <day or time>', 'ended then or later: 2026-11-01 (default: the first of this month)')
    .option('--to <day or time>', 'ended before (default: now)')
    .addOption(new Option('--by <group>', 'a line for each').choices(['project', 'workload', 'day']).default('project'))
    .option('--team <name>', 'another team than your own, for operators');
  addApiOption(command)
    .addHelpText('after', '\nExamples:\n  stepreel usage\n  stepreel usage --from 2026-10-01 --to 2026-11-01 --by day')
    .action(async (options: UsageOptions) =>
      (await import('../show-usage.ts')).showUsage(options, program.opts().json === true),
    );
}
