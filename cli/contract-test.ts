import { basename, resolve } from 'node:path';
import type { Finding, Outcome } from '#runtime/contract-test/checks';
import { testContract } from '#runtime/contract-test/contract-test';
import { alignColumns } from './describe-params.ts';
import { readParams } from './params.ts';

export interface ContractTestOptions {
  workload?: string;
  door?: 'wrapped' | 'bare';
  input?: string[];
  param?: string[];
  params?: string;
}

const SIGNS: Record<Outcome, string> = { kept: '✓', violated: '✗', warning: '!', skipped: '-' };

/** `contract test`: a line a promise; exit code 70 when one is broken. */
export async function runContractTest(command: string[], options: ContractTestOptions, json: boolean): Promise<void> {
  const { workload, door, input, param, params } = options;
  const folder = workload ?? (command.length > 0 ? undefined : '.');
  const findings = await testContract({
    ...(folder === undefined ? {} : { folder }),
    ...(command.length > 0 ? { command } : {}),
    ...(door === undefined ? {} : { door }),
    ...(input ? { input: input.map((file) => ({ name: basename(file), uri: resolve(file) })) } : {}),
    params: await readParams(param, params),
  });
  const violations = findings.filter(({ outcome }) => outcome === 'violated').length;
  if (violations > 0) process.exitCode = 70;
  if (json) {
    for (const finding of findings) process.stdout.write(`${JSON.stringify({ event: 'checked', ...finding })}\n`);
    return;
  }
  process.stdout.write(alignColumns(findings.map(rowOf)));
  process.stdout.write(violations === 0 ? 'The contract is kept.\n' : `${violations} of its promises are broken.\n`);
}

function rowOf({ step, check, outcome, found }: Finding): string[] {
  return [SIGNS[outcome], step, check, found.replaceAll('\n', ' ')];
}
