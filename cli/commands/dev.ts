import { type Command, Option } from 'commander';
import { HOME_PORT } from '../api-options.ts';
import { wholeNumber } from '../option-types.ts';
import type { DevCommandOptions } from '../serve-dev.ts';

/** `stepreel dev` */
export function addDev(program: Command): void {
  program
    .command('dev')
    .description('serve the jobs API on this machine and run its jobs here')
    .addOption(
      new Option('--port <n>', 'where to serve on 127.0.0.1; 0 takes a free port')
        .env('PORT')
        .argParser(wholeNumber(0, 65_535))
        .default(HOME_PORT),
    )
    .option('--jobs <n>', 'how many jobs may be under way at once; the others wait', wholeNumber(1, 10_000), 100)
    .option('--state <dir>', 'the folder that keeps jobs and results', '.stepreel')
    .option('--input-root <dir...>', 'jobs may read files below these folders only (default: this folder)')
    .option('--watch <dir>', 'files below <dir>/<workload>/ become jobs (default: incoming in the state folder)')
    .option('--workload <folder...>', 'workloads of your own, read anew for each job')
    .option('--images', 'run the programs of your workloads in their images, through Docker')
    .option('--allow-private-webhooks', 'let webhooks go to this machine and to private networks too')
    .addHelpText(
      'after',
      `
Ctrl-C cancels what runs and ends the server.

Examples:
  stepreel dev
  stepreel dev --port 0 --state work --input-root footage
  stepreel dev --workload ./my-model`,
    )
    .action(async (options: DevCommandOptions) =>
      (await import('../serve-dev.ts')).serveDev(options, program.opts().json === true),
    );
}
