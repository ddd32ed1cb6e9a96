import type { Command } from 'commander';
import { type ApiOptions, addApiOption, openApi } from '../api-options.ts';
import type { BatchOptions } from '../batches.ts';
import { wholeNumber } from '../option-types.ts';

/** `stepreel batch submit|status|list|cancel` */
export function addBatch(program: Command): void {
  const json = () => program.opts().json === true;
  const batch = program
    .command('batch')
    .description('many jobs of one workload by one request')
    .addHelpText(
      'after',
      `
Examples:
  stepreel batch submit dataset --input a.mp4 b.mp4 --wait
  stepreel batch submit dataset --prefix s3://footage/monday/ --param every=5
  stepreel batch submit dataset --manifest clips.csv --key monday
  stepreel batch status batch-0f3a
  stepreel batch cancel batch-0f3a`,
    );

  addApiOption(
    batch
      .command('submit')
      .description('make a job of each input; the id of the batch goes to stdout')
      .argument('<workload>', 'a workload, as in `stepreel workloads`')
      .option('-i, --input <uri...>', 'the inputs, one a job')
      .option('--prefix <uri>', 'all files below it that the workload takes: s3://bucket/folder/, or a folder here')
      .option('--manifest <uri>', 'a .jsonl or .csv file that lists the inputs; one here is sent to the API first')
      .option('-p, --param <name=value...>', 'a parameter of all: every=5')
      .option('--params <file>', 'parameters of all as a JSON file')
      .option('--project <name>', 'what the jobs are for')
      .option('--priority <priority>', 'high, normal or low')
      .option('--name <name>', 'what the batch is called')
      .option('--key <key>', 'your name for this request: sent again, it gives the same batch')
      .option('--wait', 'watch the batch until it has ended, and end as it does'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel batch submit dataset --prefix s3://footage/monday/ --param every=5\n  stepreel batch submit dataset --manifest clips.csv --key monday --wait',
    )
    .action(async (workload: string, options: BatchOptions) =>
      (await import('../batches.ts')).submitBatch(workload, options, json()),
    );

  addApiOption(
    batch
      .command('status')
      .description('how many members are in which state, and why items were refused')
      .argument('<id>', 'the id that submit gave')
      .option('--wait', 'watch the batch until it has ended, and end as it does'),
  )
    .addHelpText('after', '\nExample:\n  stepreel batch status batch-0f3a --wait')
    .action(async (id: string, options: ApiOptions & { wait?: boolean }) =>
      (await import('../batches.ts')).showBatch(await openApi(options), id, options, json()),
    );

  addApiOption(
    batch
      .command('list')
      .description("the team's batches, newest first")
      .option('--limit <n>', 'at most so many', wholeNumber(1), 20),
  )
    .addHelpText('after', '\nExample:\n  stepreel batch list --limit 5')
    .action(async (options: ApiOptions & { limit: number }) =>
      (await import('../batches.ts')).listBatches(await openApi(options), options.limit, json()),
    );

  addApiOption(
    batch
      .command('cancel')
      .description('make no more members, and cancel those that have not ended')
      .argument('<id>', 'the id that submit gave'),
  )
    .addHelpText('after', '\nExample:\n  stepreel batch cancel batch-0f3a')
    .action(async (id: string, options: ApiOptions) =>
      (await import('../batches.ts')).cancelBatch(await openApi(options), id, json()),
    );
}
