import type { Command } from 'commander';
import { addApiOption } from '../api-options.ts';
import type { ListOptions } from '../list-jobs.ts';
import { wholeNumber } from '../option-types.ts';

/** `stepreel list` */
export function addList(program: Command): void {
  const command = program
    .command('list')
    .description("the team's jobs, newest first")
    .option('--status <state>', 'only those in this state: RUNNING, SUCCEEDED, FAILED, …')
    .option('--workload <name>', 'only those of this workload')
    .option('--project <name>', 'only those of this project')
    .option('--batch <id>', 'only the members of this batch')
    .option('--limit <n>', 'at most so many', wholeNumber(1), 50);
  addApiOption(command)
    .addHelpText('after', '\nExamples:\n  stepreel list\n  stepreel list --status FAILED --limit 10')
    .action(async (options: ListOptions) =>
      (await import('../list-jobs.ts')).listJobs(options, program.opts().json === true),
    );
}
