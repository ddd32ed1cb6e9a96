import { type Command, Option } from 'commander';
import { PRIORITIES } from '#core/queue';
import { addApiOption } from '../api-options.ts';
import type { CloneOptions } from '../do-again.ts';

/** `stepreel clone ID` */
export function addClone(program: Command): void {
  const command = program
    .command('clone')
    .description('submit a job again with other parameters; what is unchanged is not done again')
    .argument('<id>', 'the id that submit gave')
    .option('-p, --param <name=value...>', 'a parameter that is to be other: confidence=0.4')
    .option('--params <file>', 'parameters that are to be other, as a JSON file')
    .option('--without <name...>', 'a parameter of the job that the new one shall not have')
    .addOption(new Option('--priority <priority>', "the job's own if not given").choices(PRIORITIES))
    .option('--no-reuse', 'do everything anew')
    .option('--key <key>', 'your name for this request: sent again, it gives the same job')
    .option('--explain', 'only tell what would be taken over, what would run and what it would cost')
    .option('--wait', 'watch the job until it has ended, and end as it does');
  addApiOption(command)
    .addHelpText(
      'after',
      `
Examples:
  stepreel clone dataset-0f3a --param confidence=0.4 --explain
  stepreel clone dataset-0f3a --without every --param fps=2 --wait`,
    )
    .action(async (id: string, options: CloneOptions) =>
      (await import('../do-again.ts')).cloneRemoteJob(id, options, program.opts().json === true),
    );
}
