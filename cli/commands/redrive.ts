import { type Command, Option } from 'commander';
import { addApiOption } from '../api-options.ts';
import type { RedriveOptions } from '../do-again.ts';

/** `stepreel redrive ID` */
export function addRedrive(program: Command): void {
  const command = program
    .command('redrive')
    .description('start a failed job again, or clone it where that is not possible; what is done is not done twice')
    .argument('<id>', 'the id that submit gave');
  addApiOption(command)
    .addOption(new Option('--size <size>', 'give the step that failed the next larger size').choices(['next']))
    .option('--explain', 'only tell which of the two it would be, what would run and what it would cost')
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel redrive dataset-0f3a && stepreel watch dataset-0f3a\n  stepreel redrive dataset-0f3a --size next      after it ran out of memory',
    )
    .action(async (id: string, options: RedriveOptions) =>
      (await import('../do-again.ts')).redriveRemoteJob(id, options, program.opts().json === true),
    );
}
