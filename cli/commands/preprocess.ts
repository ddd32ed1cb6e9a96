import type { Command } from 'commander';
import { DEFAULTS } from '#workloads/dataset/defaults';
import type { CleanOptions } from '../clean-files.ts';
import { numberBetween, wholeNumber } from '../option-types.ts';

/** `stepreel preprocess --input DIR --output DIR` */
export function addPreprocess(program: Command): void {
  program
    .command('preprocess')
    .description('copy the pictures of a folder that are neither blurry nor near-duplicates')
    .requiredOption('--input <dir>', 'a folder of JPEG or PNG pictures')
    .requiredOption('--output <dir>', 'a new or empty folder')
    .option('--no-blur', 'keep blurry pictures')
    .option(
      '--blur-threshold <n>',
      'sharpness below which a picture is blurry',
      numberBetween(0),
      DEFAULTS.blurThreshold,
    )
    .option('--no-dedup', 'keep near-duplicates')
    .option('--dedup-distance <bits>', 'differing bits of near-duplicates', wholeNumber(0, 64), DEFAULTS.dedupDistance)
    .addHelpText('after', '\nExample:\n  stepreel preprocess --input frames --output clean')
    .action(async (options: CleanOptions) =>
      (await import('../clean-files.ts')).cleanFiles(options, program.opts().json === true),
    );
}
