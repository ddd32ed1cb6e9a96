import type { Command } from 'commander';
import { addApiOption } from '../api-options.ts';
import { wholeNumber } from '../option-types.ts';
import type { LogsOptions } from '../show-logs.ts';

/** `stepreel logs ID` */
export function addLogs(program: Command): void {
  const command = program
    .command('logs')
    .description('what the steps of a job wrote while they ran')
    .argument('<id>', 'the id that submit gave')
    .option('--step <name>', 'of this step alone')
    .option('--lines <n>', 'how many of the last lines', wholeNumber(1, 1000), 200)
    .option('--follow', 'go on until the job has ended');
  addApiOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel logs dataset-0f3a --step DetectObjects\n  stepreel logs dataset-0f3a --follow',
    )
    .action(async (id: string, options: LogsOptions) =>
      (await import('../show-logs.ts')).showLogs(id, options, program.opts().json === true),
    );
}
