import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readLock } from '../../scripts/images/lock.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

it('docs/deploying.md runs scripts that there are', () => {
  const named = Array.from(text.matchAll(/npm run ([\w-]+)/g), ([, name]) => name!);
  expect(new Set(named)).toContain('deploy');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

it('the repositories that are removed at the end are those of the images', async () => {
  const { images } = await readLock(join(root, 'images.lock.json'));
  const removed = /for image in (.+); do/.exec(text)![1]!.split(' ');
  expect(removed.sort()).toEqual(Object.keys(images).sort());
});

/** The amounts of a table of costs, by row: the last of its columns are money. */
function costs(heading: string, columns: number): { rows: number[][]; together: number[] } {
  const section = text.split(`**${heading}.**`)[1]!.split('\n\n')[1]!;
  const amounts = section
    .split('\n')
    .slice(2)
    .map((line) => {
      const cells = line.split('|').slice(1, -1).slice(-columns);
      return cells.map((cell) => Number(cell.replaceAll('*', '').replaceAll(',', '')));
    });
  return { rows: amounts.slice(0, -1), together: amounts.at(-1)! };
}

it.each([
  { heading: 'Idle', columns: 2 },
  { heading: 'Busy', columns: 1 },
])('the table of costs "$heading" adds up', ({ heading, columns }) => {
  const { rows, together } = costs(heading, columns);
  expect(rows.length).toBeGreaterThan(4);
  together.forEach((sum, column) => {
    expect(rows.reduce((total, row) => total + row[column]!, 0)).toBeCloseTo(sum, 2);
  });
});
