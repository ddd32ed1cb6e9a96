import type { Command } from 'commander';
import { type ApiOptions, addApiOption } from '../api-options.ts';

/** `stepreel events ID` */
export function addEvents(program: Command): void {
  const command = program
    .command('events')
    .description('what happened in a job, in order: states, retries, failures')
    .argument('<id>', 'the id that submit gave');
  addApiOption(command)
    .addHelpText('after', '\nExample:\n  stepreel events dataset-0f3a')
    .action(async (id: string, options: ApiOptions) =>
      (await import('../list-events.ts')).listEvents(id, options, program.opts().json === true),
    );
}
