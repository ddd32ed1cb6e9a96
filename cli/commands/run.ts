import type { Command } from 'commander';
import type { RunOptions } from '../run-workload.ts';

/** `stepreel run <workload>` */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('run a whole workload here, now: the same state machine as on AWS')
    .argument('<workload>', 'a workload, as in `stepreel workloads`, or the folder of your own')
    .option('-i, --input <file...>', 'the input file')
    .option(
      '-o, --output <dir>',
      'a new or empty folder for the result (default: beside where you are, named after the input)',
    )
    .option('-p, --param <name=value...>', 'a parameter: every=5, classes=["person"]')
    .option('--params <file>', 'parameters as a JSON file')
    .option('--image [ref]', 'run the programs of a workload of your own in its image, or this one, through Docker')
    .option('--example', "run on the workload's own example")
    .option('--dry-run', 'show what would be done, and do nothing')
    .option('--force', 'replace an earlier result in the output folder')
    .addHelpText(
      'after',
      `
Examples:
  stepreel run dataset --example
  stepreel run dataset --input site.mp4 --output out
  stepreel run dataset --input site.mp4 --output out --param every=5 --param 'classes=["person"]'
  stepreel run dataset --input site.mp4 --dry-run
  stepreel run ./my-model --input scores.csv`,
    )
    .action(async (workload: string, options: RunOptions) =>
      (await import('../run-workload.ts')).runWorkload(workload, options, program.opts().json === true),
    );
}
