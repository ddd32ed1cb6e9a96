import type { Command } from 'commander';
import { DEFAULTS } from '#workloads/dataset/defaults';
import type { ExtractOptions } from '../extract-files.ts';
import { numberBetween, secondsList, wholeNumber } from '../option-types.ts';

/** `stepreel extract --video FILE --output DIR` */
export function addExtract(program: Command): void {
  program
    .command('extract')
    .description('cut frames from a video, without blurry and near-duplicate ones')
    .requiredOption('--video <file>', 'a video file')
    .requiredOption('--output <dir>', 'a new or empty folder for the frames')
    .option('--every <n>', 'keep every n-th frame', wholeNumber(1))
    .option('--fps <n>', 'keep so many frames a second', numberBetween(0.001, 1000))
    .option('--times <seconds>', 'keep the frames shown at these seconds: 0,1.5,12', secondsList)
    .option('--no-blur', 'keep blurry frames')
    .option('--blur-threshold <n>', 'sharpness below which a frame is blurry', numberBetween(0), DEFAULTS.blurThreshold)
    .option('--no-dedup', 'keep near-duplicates')
    .option('--dedup-distance <bits>', 'differing bits of near-duplicates', wholeNumber(0, 64), DEFAULTS.dedupDistance)
    .option('--quality <q>', 'JPEG quantiser, 2 (best) to 31', wholeNumber(2, 31), DEFAULTS.jpegQuality)
    .option('--all', 'also write the frames that cleaning dropped')
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel extract --video site.mp4 --output frames\n  stepreel extract --video site.mp4 --output frames --every 30 --no-blur',
    )
    .action(async (options: ExtractOptions) =>
      (await import('../extract-files.ts')).extractFiles(options, program.opts().json === true),
    );
}
