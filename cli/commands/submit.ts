import type { Command } from 'commander';
import { addApiOption } from '../api-options.ts';
import type { SubmitOptions } from '../submit-job.ts';

/** `stepreel submit <workload>` */
export function addSubmit(program: Command): void {
  const command = program
    .command('submit')
    .description('hand a job in to an API; its id goes to stdout')
    .argument('<workload>', 'a workload, as in `stepreel workloads`')
    .requiredOption('-i, --input <uri...>', 'where the input lies: s3://…, or a file for the API on this machine')
    .option('-p, --param <name=value...>', 'a parameter: every=5, classes=["person"]')
    .option('--params <file>', 'parameters as a JSON file')
    .option('--project <name>', 'what the job is for')
    .option('--key <key>', 'your name for this request: sent again, it gives the same job')
    .option('--no-reuse', 'do everything anew, whatever other jobs have done')
    .option('--wait', 'watch the job until it has ended, and end as it does');
  addApiOption(command)
    .addHelpText(
      'after',
      `
An API on AWS asks for a key: put it into STEPREEL_API_KEY.

Examples:
  stepreel submit dataset --input site.mp4 --wait
  stepreel submit dataset --input s3://footage/site.mp4 --param every=5 --key site-monday`,
    )
    .action(async (workload: string, options: SubmitOptions) =>
      (await import('../submit-job.ts')).submit(workload, options, program.opts().json === true),
    );
}
