import type { Command } from 'commander';
import { DEFAULTS } from '#workloads/dataset/defaults';
import type { DetectOptions } from '../detect-files.ts';
import { nameList, numberBetween, wholeNumber } from '../option-types.ts';

/** `stepreel detect --input DIR --output FILE` */
export function addDetect(program: Command): void {
  program
    .command('detect')
    .description('detect objects in the pictures of a folder; writes COCO JSON')
    .requiredOption('--input <dir>', 'a folder of JPEG or PNG pictures')
    .requiredOption('--output <file>', 'the COCO file to write')
    .option('--model <ref>', 'name@version, or a folder with a model.json', DEFAULTS.model)
    .option(
      '--confidence <n>',
      'leave out detections below this score, 0 to 1',
      numberBetween(0, 1),
      DEFAULTS.confidence,
    )
    .option('--iou <n>', 'overlap above which the weaker box is left out, 0 to 1', numberBetween(0, 1), DEFAULTS.iou)
    .option('--max-detections <n>', 'at most so many a picture', wholeNumber(1, 10_000), DEFAULTS.maxDetections)
    .option('--classes <names>', 'only these classes: person,cone', nameList)
    .addHelpText(
      'after',
      '\nExample:\n  stepreel detect --input frames --output annotations.coco.json --confidence 0.1',
    )
    .action(async (options: DetectOptions) =>
      (await import('../detect-files.ts')).detectFiles(options, program.opts().json === true),
    );
}
