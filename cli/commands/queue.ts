import type { Command } from 'commander';
import { POOLS } from '#core/queue';
import { type ApiOptions, addApiOption, openApi } from '../api-options.ts';

/** `stepreel queue [pause|resume]` */
export function addQueue(program: Command): void {
  const json = () => program.opts().json === true;
  const queue = addApiOption(program.command('queue').description('what waits and what is under way'))
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel queue\n  stepreel queue pause\n  stepreel queue pause gpu\n  stepreel queue resume',
    )
    .action(async (options: ApiOptions) =>
      (await import('../show-queue.ts')).showQueue(await openApi(options), json()),
    );

  for (const [verb, description] of Object.entries(VERBS) as [keyof typeof VERBS, string][]) {
    queue
      .command(verb)
      .description(description)
      .addArgument(queue.createArgument('[pool]', 'one pool; all if not given').choices(POOLS))
      .addHelpText('after', `\nExamples:\n  stepreel queue ${verb}\n  stepreel queue ${verb} gpu`)
      // --api is the queue's own option, wherever it stands.
      .action(async (pool: string | undefined, _options: object, command: Command) =>
        (await import('../show-queue.ts')).switchQueue(
          await openApi(command.optsWithGlobals<ApiOptions>()),
          verb,
          pool,
          json(),
        ),
      );
  }
}

const VERBS = {
  pause: 'admit no more jobs; what is under way goes on (operators)',
  resume: 'admit jobs again (operators)',
};
