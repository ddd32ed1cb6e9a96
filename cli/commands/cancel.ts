import type { Command } from 'commander';
import { type ApiOptions, addApiOption, openApi } from '../api-options.ts';

/** `stepreel cancel ID` */
export function addCancel(program: Command): void {
  const command = program
    .command('cancel')
    .description('stop a job and the work that it does')
    .argument('<id>', 'the id that submit gave');
  addApiOption(command)
    .addHelpText('after', '\nExample:\n  stepreel cancel dataset-0f3a && stepreel watch dataset-0f3a')
    .action(async (id: string, options: ApiOptions) => {
      const { actOnJob, printJob } = await import('../remote-job.ts');
      printJob(await actOnJob(await openApi(options), id, 'cancel'), program.opts().json === true);
    });
}
