import type { Command } from 'commander';
import { wholeNumber } from '../option-types.ts';
import type { StepOptions } from '../step-alone.ts';

/** `stepreel step <workload> <Step>` */
export function addStep(program: Command): void {
  program
    .command('step')
    .description('run one step of a workload alone; what earlier steps left lies in the state folder')
    .argument('<workload>', 'a workload')
    .argument('<Step>', 'one of its steps, as in its state machine')
    .requiredOption('--state <dir>', 'a folder that keeps the job between calls')
    .option('-i, --input <file...>', 'the input, for the first step')
    .option('-p, --param <name=value...>', 'a parameter, for the first step')
    .option('--params <file>', 'parameters as a JSON file, for the first step')
    .option('--shard <n>', 'which part of a fanned-out step', wholeNumber(0))
    .addHelpText(
      'after',
      `
Examples:
  stepreel step dataset ValidateInput --state work --input site.mp4
  stepreel step dataset ExtractFrames --state work`,
    )
    .action(async (workload: string, step: string, options: StepOptions) =>
      (await import('../step-alone.ts')).runStepAlone(workload, step, options, program.opts().json === true),
    );
}
