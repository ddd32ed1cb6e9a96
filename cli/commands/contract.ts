import { type Command, Option } from 'commander';
import type { ContractTestOptions } from '../contract-test.ts';

/** `stepreel contract test` */
export function addContract(program: Command): void {
  const contract = program
    .command('contract')
    .description('the container contract, by which any program becomes a step')
    .addHelpText('after', '\nExample:\n  stepreel contract test --workload ./my-model');
  contract
    .command('test')
    .description('does this program keep the contract? Runs it several times, as the platform would')
    .argument('[command...]', 'the program and its arguments, after --; those of workload.json if not given')
    .option('--workload <folder>', 'the folder of workload.json (default: here)')
    .addOption(new Option('--door <door>', 'how the program gets its work').choices(['wrapped', 'bare']))
    .option('-i, --input <file...>', "what it is run on (default: the definition's example)")
    .option('-p, --param <name=value...>', 'a parameter')
    .option('--params <file>', 'parameters as a JSON file')
    .addHelpText(
      'after',
      `
Exit code 70 when a promise is broken.

Examples:
  stepreel contract test
  stepreel contract test --workload ./my-model
  stepreel contract test --input scores.csv -- python3 measure.py {input} {output}/means.csv
  stepreel contract test --door bare --input scores.csv -- ./my-program`,
    )
    .action(async (command: string[], options: ContractTestOptions) =>
      (await import('../contract-test.ts')).runContractTest(command, options, program.opts().json === true),
    );
}
