import type { Command } from 'commander';
import { wholeNumber } from '../option-types.ts';
import type { EvalOptions } from '../qc-eval.ts';
import type { QcOptions } from '../qc-options.ts';
import type { TrainOptions } from '../qc-train.ts';

/** `stepreel qc predict|batch|eval|train|draw` */
export function addQc(program: Command): void {
  const qc = program
    .command('qc')
    .description('judge generated clips here, without a job: text that changes by itself, flicker')
    .addHelpText(
      'after',
      `
Examples:
  stepreel qc draw --output clips
  stepreel qc predict --input clip.mp4
  stepreel qc batch --input clips --output predictions.jsonl
  stepreel qc eval --labels clips/labels.csv --output evaluation
  stepreel models gate clip-qc-artifacts@1.0.0 --evaluation evaluation/eval_results.json`,
    );
  const json = () => program.opts().json === true;
  const judging = (command: Command) =>
    command
      .option('--model <ref>', 'name@version, or a folder with a model.json')
      .option('-p, --param <name=value...>', 'a parameter of clip-qc: threshold=0.65, textEngine=tesseract')
      .option('--config <file>', 'parameters as a JSON file');

  judging(qc.command('predict'))
    .description('judge one clip; prints the prediction as JSON')
    .requiredOption('-i, --input <file>', 'the clip')
    .addHelpText('after', '\nExample:\n  stepreel qc predict --input clip.mp4 --param threshold=0.65')
    .action(async (options: QcOptions & { input: string }) => (await import('../qc-predict.ts')).predictClip(options));

  judging(qc.command('batch'))
    .description('judge every clip of a folder; a line of JSON each, also for those that failed')
    .requiredOption('-i, --input <dir>', 'a folder of clips')
    .requiredOption('-o, --output <file>', 'the JSON Lines file to write')
    .option('--workers <n>', 'so many clips at a time; they share the text reader and the model', wholeNumber(1, 64), 1)
    .addHelpText('after', '\nExample:\n  stepreel qc batch --input clips --output predictions.jsonl --workers 2')
    .action(async (options: QcOptions & { input: string; output: string; workers: number }) =>
      (await import('../qc-batch.ts')).judgeFolder(options, json()),
    );

  judging(qc.command('eval'))
    .description('judge labelled clips and count what was found against what is there')
    .requiredOption('--labels <file>', 'CSV: clip_id, path, artifact, artifact_category')
    .requiredOption('-o, --output <dir>', 'a new or empty folder for eval_results.json')
    .option('--workers <n>', 'so many clips at a time; they share the text reader and the model', wholeNumber(1, 64), 1)
    .addHelpText('after', '\nExample:\n  stepreel qc eval --labels clips/labels.csv --output evaluation')
    .option('--features <file>', 'what was measured of the clips before is taken from here; the rest is added')
    .action(async (options: EvalOptions) => (await import('../qc-eval.ts')).evaluateLabels(options, json()));

  judging(qc.command('train'))
    .description('measure labelled clips and train a classifier on them (needs Python with xgboost)')
    .requiredOption('--labels <file>', 'CSV: clip_id, path, artifact, artifact_category')
    .requiredOption('-o, --output <dir>', 'the folder of the model; features measured before are used again')
    .option('--no-cache', 'measure every clip again')
    .option('--workers <n>', 'so many clips at a time', wholeNumber(1, 64), 1)
    .addHelpText('after', '\nExample:\n  stepreel qc train --labels clips/labels.csv --output my-model')
    .action(async (options: TrainOptions) => (await import('../qc-train.ts')).trainOnLabels(options, json()));

  qc.command('draw')
    .description('draw a clip of every kind to try the other commands on, with labels.csv')
    .requiredOption('-o, --output <dir>', 'a new or empty folder')
    .option('--seed <text>', 'another seed gives other clips', '1')
    .addHelpText('after', '\nExample:\n  stepreel qc draw --output clips --seed 7')
    .action(async (options: { output: string; seed: string }) =>
      (await import('../qc-draw.ts')).drawClips(options, json()),
    );
}
