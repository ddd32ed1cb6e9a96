import type { Command } from 'commander';
import { openApi } from '../api-options.ts';
import { wholeNumber } from '../option-types.ts';
import type { RegisterOptions } from '../register-workload.ts';

type Options = Omit<RegisterOptions, 'api'> & { api?: string };

/** `stepreel register`, `release` and `rollback` */
export function addRegister(program: Command): void {
  const json = () => program.opts().json === true;
  const state = ['--state <dir>', 'the state folder of `stepreel dev`', '.stepreel'] as const;
  const api = ['--api <url>', 'a platform on AWS instead; the key is in STEPREEL_API_KEY'] as const;
  const canary = ['--canary <percent>', 'give it to so many of a hundred new jobs', wholeNumber(1, 100)] as const;

  program
    .command('register')
    .description('add a workload of your own, in its version, to a platform that runs already')
    .argument('<folder>', 'of workload.json; it is copied')
    .option(...state)
    .option(...api)
    .option(...canary)
    .addHelpText(
      'after',
      `
Refused when its definition, its steps and its machine do not fit together, with what differs.
On AWS the definition is sent, and its image has to be in the registry of the platform.

Examples:
  stepreel register ./my-model
  stepreel register ./my-model --canary 10
  stepreel register ./my-model --api https://….execute-api.eu-west-1.amazonaws.com/v1`,
    )
    .action(async (folder: string, options: Options) =>
      (await import('../register-workload.ts')).registerWorkload(folder, await placeOf(options), json()),
    );
  program
    .command('release')
    .description('give a registered version to new jobs')
    .argument('<ref>', 'name@version')
    .option(...state)
    .option(...api)
    .option(...canary)
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel release my-model@0.2.0 --canary 25\n  stepreel release my-model@0.2.0',
    )
    .action(async (ref: string, options: Options) =>
      (await import('../register-workload.ts')).releaseWorkload(ref, await placeOf(options), json()),
    );
  program
    .command('rollback')
    .description('take a canary back, or go back to the version before')
    .argument('<name>', 'a registered workload')
    .option(...state)
    .option(...api)
    .addHelpText(
      'after',
      '\nJobs that were accepted stay with their version.\n\nExample:\n  stepreel rollback my-model',
    )
    .action(async (name: string, options: Options) =>
      (await import('../register-workload.ts')).rollBackWorkload(name, await placeOf(options), json()),
    );
}

/**
 * Where it is to be done. Not by STEPREEL_API, which a `stepreel dev` on this machine is named by too: who means another
 * machine says so.
 */
async function placeOf({ api, ...options }: Options): Promise<RegisterOptions> {
  return api === undefined ? options : { ...options, api: await openApi({ api }) };
}
