import type { Command } from 'commander';
import { type ApiOptions, addApiOption, openApi } from '../api-options.ts';

/** `stepreel status ID` */
export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .description('how far a job is, what it waits for, or why it ended')
    .argument('<id>', 'the id that submit gave');
  addApiOption(command)
    .addHelpText('after', '\nExample:\n  stepreel status dataset-0f3a')
    .action(async (id: string, options: ApiOptions) => {
      const { printJob, readJob } = await import('../remote-job.ts');
      printJob(await readJob(await openApi(options), id), program.opts().json === true);
    });
}
