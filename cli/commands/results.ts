import type { Command } from 'commander';
import { type ApiOptions, addApiOption } from '../api-options.ts';

interface ResultsOptions extends ApiOptions {
  download?: string;
}

/** `stepreel results ID` */
export function addResults(program: Command): void {
  const command = program
    .command('results')
    .description('the files of a finished job; with --download also fetch and check them')
    .argument('<id>', 'the id that submit gave')
    .option('--download <dir>', 'a new or empty folder for the result');
  addApiOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel results dataset-0f3a\n  stepreel results dataset-0f3a --download out && stepreel verify out',
    )
    .action(async (id: string, options: ResultsOptions) =>
      (await import('../show-results.ts')).showResults(id, options, program.opts().json === true),
    );
}
