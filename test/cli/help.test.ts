import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { ERROR_NAMES, fromErrorDocument, type StepreelError } from '#core/errors';
import { MAIN_HELP } from '../../cli/main-help.ts';

const COLUMNS = 100;
const cli = join(import.meta.dirname, '../../cli');
const files = globSync('*.ts', { cwd: join(cli, 'commands') }).sort();

interface Helped {
  path: string;
  command: Command;
  text: string;
  isLeaf: boolean;
}

const helped: Helped[] = [];
const program = new Command('stepreel').option('--json', 'print JSON lines').configureHelp({ showGlobalOptions: true });
const adders: string[] = [];
for (const file of files) {
  const found = Object.entries(await import(join(cli, 'commands', file))).filter(([name]) => name.startsWith('add'));
  for (const [name, add] of found) {
    adders.push(name);
    (add as (to: Command) => void)(program);
  }
}
collect(program, 'stepreel');

function collect(command: Command, path: string): void {
  for (const inner of command.commands.filter((one) => one.name() !== 'help')) {
    let text = '';
    inner.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => COLUMNS });
    inner.outputHelp();
    const innerPath = `${path} ${inner.name()}`;
    helped.push({ path: innerPath, command: inner, text, isLeaf: inner.commands.length === 0 });
    collect(inner, innerPath);
  }
}

it('every file of a command is one that the program has', () => {
  const main = readFileSync(join(cli, 'main.ts'), 'utf8');
  expect(adders.length).toBeGreaterThanOrEqual(files.length);
  expect(adders.filter((name) => !new RegExp(`^  ${name},$`, 'm').test(main))).toEqual([]);
});

describe.each(helped)('$path --help', ({ path, command, text, isLeaf }) => {
  it('says what it does in half a sentence', () => {
    expect(command.description()).toMatch(/^[a-z].{10,120}[^.\s]$/);
  });

  it('says what every argument and option is', () => {
    const described = [...command.registeredArguments, ...command.options].map(({ description }) => description);
    expect(described.filter((words) => words.length < 3)).toEqual([]);
  });

  it(`has no line of more than ${COLUMNS} columns`, () => {
    expect(text.split('\n').filter((line) => line.length > COLUMNS)).toEqual([]);
  });

  it('shows examples that it would take', () => {
    const [, block] = /\nExamples?:\n((?: {2}.+\n?)+)/.exec(text) ?? [];
    const examples = (block ?? '').split('\n').filter((line) => line !== '');
    expect(text).toContain(examples.length > 1 ? '\nExamples:' : '\nExample:');
    expect(examples.some((example) => new RegExp(`\\b${path}(?: |$)`).test(example))).toBe(true);
    if (isLeaf) for (const example of examples) expect(unknownOptions(example), example).toEqual([]);
  });
});

/** The options of an example that the command which it calls does not know. */
function unknownOptions(example: string): string[] {
  return example.split(/&&|\|| {2,}/).flatMap((call) => {
    const called = helped.findLast(({ path }) => call.trim().startsWith(path));
    if (!called) return [];
    const known = [...called.command.options, ...program.options].flatMap(({ long, short }) => [long, short]);
    return (call.match(/(?<=\s)--?[a-z][\w-]*/g) ?? []).filter((option) => !known.includes(option));
  });
}

describe('stepreel --help', () => {
  let exitCodes: number[];
  beforeAll(() => {
    const [, block] = /Exit codes:\n([\s\S]*?)\n\n/.exec(MAIN_HELP)!;
    exitCodes = Array.from(block!.matchAll(/(?:^| {2})(\d+) {2,3}/gm), ([, code]) => Number(code));
  });

  it('tells every exit code that there is', () => {
    const codes = ERROR_NAMES.map((name) => (fromErrorDocument({ name, message: '' }) as StepreelError).exitCode);
    expect(exitCodes.toSorted((a, b) => a - b)).toEqual([...new Set([0, ...codes])].toSorted((a, b) => a - b));
  });

  it('fits into a terminal, and shows only what there is', () => {
    expect(MAIN_HELP.split('\n').filter((line) => line.length > COLUMNS)).toEqual([]);
    const examples = MAIN_HELP.split('\n').filter((line) => line.startsWith('  stepreel '));
    expect(examples.length).toBeGreaterThan(6);
    for (const example of examples) expect(unknownOptions(example), example).toEqual([]);
  });
});
