import type { Command } from 'commander';
import { addApiOption } from '../api-options.ts';
import type { QuoteOptions } from '../quote-workload.ts';

/** `stepreel quote <workload>` */
export function addQuote(program: Command): void {
  const command = program
    .command('quote')
    .description('how long a job would take and what it would cost on AWS; nothing is submitted')
    .argument('<workload>', 'a workload, as in `stepreel workloads`')
    .requiredOption('-i, --input <uri...>', 'where the input lies, as for submit')
    .option('-p, --param <name=value...>', 'a parameter: every=5, classes=["person"]')
    .option('--params <file>', 'parameters as a JSON file')
    .option('--here', 'ask no API: a first guess from what the workload declares, for files on this machine');
  addApiOption(command)
    .addHelpText(
      'after',
      `
An API tells it from the past jobs of your team, if there are any.

Examples:
  stepreel quote dataset --input site.mp4
  stepreel quote dataset --input site.mp4 --param every=5 --here`,
    )
    .action(async (workload: string, options: QuoteOptions) =>
      (await import('../quote-workload.ts')).quoteWorkload(workload, options, program.opts().json === true),
    );
}
