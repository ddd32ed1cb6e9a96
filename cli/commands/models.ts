import type { Command } from 'commander';

/** `stepreel models list|add|verify` */
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
    .action(async () => (await import('../model-files.ts')).listModels(json()));
  models
    .command('add')
    .description('add a model: a folder with model.json and the files it names')
    .argument('<folder>', 'the folder; it is copied')
    .action(async (folder: string) => (await import('../model-files.ts')).addModel(folder, json()));
  models
    .command('verify')
    .description('check the digests and shapes of all models, or of one')
    .argument('[ref]', 'name@version')
    .action(async (ref?: string) => (await import('../model-files.ts')).verifyModels(ref, json()));
}
