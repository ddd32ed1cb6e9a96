import type { Command } from 'commander';

/** `stepreel models list|add|verify|gate` */
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
}
