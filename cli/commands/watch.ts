import type { Command } from 'commander';
import { type ApiOptions, addApiOption, openApi } from '../api-options.ts';

/** `stepreel watch ID` */
export function addWatch(program: Command): void {
  const command = program
    .command('watch')
    .description('follow a job until it has ended, and end as it does')
    .argument('<id>', 'the id that submit gave');
  addApiOption(command)
    .addHelpText('after', '\nCtrl-C ends the watching; the job goes on.\n\nExample:\n  stepreel watch dataset-0f3a')
    .action(async (id: string, options: ApiOptions) => {
      const { watchJob } = await import('../watch-job.ts');
      await watchJob(await openApi(options), id, program.opts().json === true);
    });
}
