import type { Command } from 'commander';
import { type ApiOptions, addApiOption, openApi } from '../api-options.ts';

/** `stepreel redrive ID` */
export function addRedrive(program: Command): void {
  const command = program
    .command('redrive')
    .description('start a job that failed or timed out again; what is done is not done twice')
    .argument('<id>', 'the id that submit gave');
  addApiOption(command)
    .addHelpText('after', '\nExample:\n  stepreel redrive dataset-0f3a && stepreel watch dataset-0f3a')
    .action(async (id: string, options: ApiOptions) => {
      const { actOnJob, printJob } = await import('../remote-job.ts');
      printJob(await actOnJob(await openApi(options), id, 'redrive'), program.opts().json === true);
    });
}
