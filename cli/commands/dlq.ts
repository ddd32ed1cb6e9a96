import type { Command } from 'commander';
import { type ApiOptions, addApiOption, openApi } from '../api-options.ts';

/** `stepreel dlq list|replay|drop` */
export function addDlq(program: Command): void {
  const json = () => program.opts().json === true;
  const dlq = program
    .command('dlq')
    .description('jobs that failed or timed out, kept until somebody decides')
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel dlq list\n  stepreel dlq replay dataset-0f3a\n  stepreel dlq drop dataset-0f3a',
    );

  addApiOption(dlq.command('list').description('the dead letters, oldest first'))
    .addHelpText('after', '\nExample:\n  stepreel dlq list')
    .action(async (options: ApiOptions) =>
      (await import('../dead-letters.ts')).listDeadLetters(await openApi(options), json()),
    );
  addApiOption(
    dlq
      .command('replay')
      .description('start a failed job over; steps that are done are not run again')
      .argument('<id>', 'the id of the job'),
  )
    .addHelpText('after', '\nExample:\n  stepreel dlq replay dataset-0f3a && stepreel watch dataset-0f3a')
    .action(async (id: string, options: ApiOptions) =>
      (await import('../dead-letters.ts')).replayDeadLetter(await openApi(options), id, json()),
    );
  addApiOption(
    dlq
      .command('drop')
      .description('take a letter out without starting its job again')
      .argument('<id>', 'the id of the job'),
  )
    .addHelpText('after', '\nExample:\n  stepreel dlq drop dataset-0f3a')
    .action(async (id: string, options: ApiOptions) =>
      (await import('../dead-letters.ts')).dropDeadLetter(await openApi(options), id, json()),
    );
}
