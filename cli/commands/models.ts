import type { Command } from 'commander';
import type { DriftOptions } from '../drift-check.ts';
import type { PullOptions } from '../pull-model.ts';

/** `stepreel models list|show|add|pull|verify|gate|promote|drift` */
export function addModels(program: Command): void {
  const models = program
    .command('models')
    .description('the models that jobs can name')
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel models list\n  stepreel models add ./my-detector\n  stepreel models verify',
    );
  const json = () => program.opts().json === true;

  models
    .command('list')
    .description('models that ship with Stepreel and those that were added')
    .addHelpText('after', '\nExample:\n  stepreel models list')
    .action(async () => (await import('../model-files.ts')).listModels(json()));
  models
    .command('add')
    .description('add a model: a folder with model.json and the files it names')
    .argument('<folder>', 'the folder; it is copied')
    .addHelpText('after', '\nExample:\n  stepreel models add ./my-detector')
    .action(async (folder: string) => (await import('../model-files.ts')).addModel(folder, json()));
  models
    .command('show')
    .description('what a model is, under which licence, and its card')
    .argument('<ref>', 'name@version, name@promoted, or a folder')
    .addHelpText('after', '\nExample:\n  stepreel models show worksite@1.0.0')
    .action(async (ref: string) => (await import('../pull-model.ts')).showModel(ref, json()));
  models
    .command('pull')
    .description('fetch a model from where it is published, and add it if its digest is right')
    .argument('<address>', 'hf:owner/model@revision, mlflow:name/version, s3://… or https://…')
    .requiredOption('--sha256 <digest>', 'of the weights, as you know it')
    .option('--describe <file>', 'a model.json of yours, for a model that brings none')
    .addHelpText(
      'after',
      `
HF_ENDPOINT, HF_TOKEN, MLFLOW_TRACKING_URI and MLFLOW_TRACKING_TOKEN are read
as those tools read them.

Examples:
  stepreel models pull s3://models/my-detector/ --sha256 9f86d081…
  stepreel models pull hf:owner/model@v1.2 --sha256 9f86d081… --describe model.json`,
    )
    .action(async (address: string, options: PullOptions) =>
      (await import('../pull-model.ts')).pullModelFrom(address, options, json()),
    );
  models
    .command('verify')
    .description('check the digests and shapes of all models, or of one')
    .argument('[ref]', 'name@version')
    .addHelpText('after', '\nExamples:\n  stepreel models verify\n  stepreel models verify worksite@1.0.0')
    .action(async (ref?: string) => (await import('../model-files.ts')).verifyModels(ref, json()));
  models
    .command('gate')
    .description('may this model be promoted? Holds its evaluation on hold-out clips against the least figures')
    .argument('<ref>', 'name@version, or a folder')
    .requiredOption('--evaluation <file>', 'eval_results.json, as `stepreel qc eval` writes it')
    .addHelpText(
      'after',
      '\nExample:\n  stepreel models gate clip-qc-artifacts@1.0.0 --evaluation evaluation/eval_results.json',
    )
    .action(async (ref: string, options: { evaluation: string }) =>
      (await import('../qc-gate.ts')).gateModel(ref, options, json()),
    );
  models
    .command('promote')
    .description('make a version name@promoted, which jobs can ask for, if it passes its gate')
    .argument('<ref>', 'name@version')
    .requiredOption('--evaluation <file>', 'of this version, as for gate')
    .addHelpText('after', '\nExample:\n  stepreel models promote my-detector@1.1.0 --evaluation evaluation.json')
    .action(async (ref: string, options: { evaluation: string }) =>
      (await import('../qc-gate.ts')).promoteModel(ref, options, json()),
    );
  models
    .command('drift')
    .description('are recent inputs still what a reference sample was? Compares each feature of the two')
    .requiredOption('--reference <path...>', 'pictures, sound, detections, lines of numbers, or what --save kept')
    .requiredOption('--recent <path...>', 'the same of recent inputs, or of what a model made of them')
    .option('--save <file>', 'keep what was measured of the recent ones, as a reference for later')
    .addHelpText(
      'after',
      `
Exit code 78 when a feature has drifted: a population stability index above 0.25
that chance does not explain.

Examples:
  stepreel models drift --reference training/images --recent inbox
  stepreel models drift --reference first.coco.json --recent latest.coco.json`,
    )
    .action(async (options: DriftOptions) => (await import('../drift-check.ts')).checkDrift(options, json()));
}
