import { type Command, Option } from 'commander';
import type { InitOptions } from '../init-workload.ts';

/** `stepreel init <name>` */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('begin a workload of your own: a folder with a program, its definition, image, test and README')
    .argument('<name>', 'in kebab case; also the name of the new folder')
    .addOption(new Option('--language <language>', 'of the program').choices(['ts', 'python']).default('python'))
    .option('--folder <dir>', 'where it goes (default: a folder of that name, here)')
    .addHelpText('after', '\nExamples:\n  stepreel init my-model\n  stepreel init my-model --language ts')
    .action(async (name: string, options: InitOptions) =>
      (await import('../init-workload.ts')).initWorkload(name, options, program.opts().json === true),
    );
}
