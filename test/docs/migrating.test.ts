import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { annotateParams } from '#workloads/annotate/contract';
import { clipQcParams } from '#workloads/clip-qc/contract';
import { datasetParams } from '#workloads/dataset/contract';
import { letterAsrParams } from '#workloads/letter-asr/contract';
import { reconstructParams } from '#workloads/reconstruct/contract';
import { stepreel } from '../helpers/stepreel.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/migrating.md'), 'utf8');
const PARAMS: Record<string, z.ZodObject> = {
  dataset: datasetParams,
  'clip-qc': clipQcParams,
  'letter-asr': letterAsrParams,
  reconstruct: reconstructParams,
  annotate: annotateParams,
};

const sections = Array.from(text.matchAll(/^## ([\w-]+): .*\n([\s\S]*?)(?=^## |(?![\s\S]))/gm), ([, name, body]) => ({
  name: name!,
  body: body!,
}));

/** What stands in the second cell of each row, where it looks like the name of a parameter. */
function parametersIn(body: string): string[] {
  const cells = body.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.split(' | ')[1] ?? ''] : []));
  return cells.flatMap((cell) => Array.from(cell.matchAll(/`([a-z][a-zA-Z]+)(?:=[^`]*)?`/g), ([, name]) => name!));
}

// Words in that cell that are no parameters: commands, fields and states.
const OTHERS = ['notify', 'completed', 'failed', 'pending', 'claimed', 'processing'];

it('each of the five systems has its section', () => {
  expect(sections.map(({ name }) => name)).toEqual(Object.keys(PARAMS));
});

describe.each(sections)('the section of $name', ({ name, body }) => {
  it('names parameters that there are', () => {
    const known = Object.keys(PARAMS[name]!.shape);
    const named = parametersIn(body).filter((one) => !OTHERS.includes(one) && !body.includes(`/${one}\``));
    const wrong = named.filter((one) => !known.includes(one) && !/^(degraded|legacy|result|stats)/.test(one));
    expect(wrong).toEqual([]);
    expect(body).toContain(`\`${known.find((one) => named.includes(one))}`);
  });

  it('has commands that the command line knows, with their options', async () => {
    const commands = Array.from(body.matchAll(/npx stepreel (.+)$/gm), ([, line]) => line!);
    expect(commands).not.toEqual([]);
    for (const line of commands) {
      const words = line.split(/\s+/);
      const command = words[0] === 'qc' || words[0] === 'dlq' ? words.slice(0, 2) : words.slice(0, 1);
      const { code, stdout } = await stepreel([...command, '--help']);
      expect(code, line).toBe(0);
      for (const option of words.filter((word) => word.startsWith('--'))) expect(stdout, line).toContain(option);
    }
  });
});
