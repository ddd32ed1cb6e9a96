import type { Command } from 'commander';
import { type ApiOptions, addApiOption } from '../api-options.ts';

/** `stepreel receipt ID|DIR` */
export function addReceipt(program: Command): void {
  const command = program
    .command('receipt')
    .description('what a job took, step by step, and what that costs')
    .argument('<id or dir>', "the id that submit gave, or a result's folder");
  addApiOption(command)
    .addHelpText('after', '\nExamples:\n  stepreel receipt out\n  stepreel receipt dataset-0f3a')
    .action(async (place: string, options: ApiOptions) =>
      (await import('../show-receipt.ts')).showReceipt(place, options, program.opts().json === true),
    );
}
