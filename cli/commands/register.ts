import type { Command } from 'commander';
import { wholeNumber } from '../option-types.ts';
import type { RegisterOptions } from '../register-workload.ts';

/** `stepreel register`, `release` and `rollback` */
export function addRegister(program: Command): void {
  const json = () => program.opts().json === true;
  const state = ['--state <dir>', 'the state folder of `stepreel dev`', '.stepreel'] as const;
  const canary = ['--canary <percent>', 'give it to so many of a hundred new jobs', wholeNumber(1, 100)] as const;

  program
    .command('register')
    .description('add a workload of your own, in its version, to a platform that runs already')
    .argument('<folder>', 'of workload.json; it is copied')
    .option(...state)
    .option(...canary)
    .addHelpText(
      'after',
      `
Refused when its definition, its steps and its machine do not fit together, with what differs.

Examples:
  stepreel register ./my-model
  stepreel register ./my-model --canary 10`,
    )
    .action(async (folder: string, options: RegisterOptions) =>
      (await import('../register-workload.ts')).registerWorkload(folder, options, json()),
    );
  program
    .command('release')
    .description('give a registered version to new jobs')
    .argument('<ref>', 'name@version')
    .option(...state)
    .option(...canary)
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel release my-model@0.2.0 --canary 25\n  stepreel release my-model@0.2.0',
    )
    .action(async (ref: string, options: RegisterOptions) =>
      (await import('../register-workload.ts')).releaseWorkload(ref, options, json()),
    );
  program
    .command('rollback')
    .description('take a canary back, or go back to the version before')
    .argument('<name>', 'a registered workload')
    .option(...state)
    .addHelpText(
      'after',
      '\nJobs that were accepted stay with their version.\n\nExample:\n  stepreel rollback my-model',
    )
    .action(async (name: string, options: RegisterOptions) =>
      (await import('../register-workload.ts')).rollBackWorkload(name, options, json()),
    );
}
