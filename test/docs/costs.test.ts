import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAILURE_KINDS } from '#core/failure';
import { PRICES } from '#core/prices';
import { SIZES } from '#core/sizes';

const page = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');

/** The cells of the row that begins with this text. */
function row(text: string, first: string): string[] {
  const line = text.split('\n').find((one) => one.startsWith(`| ${first} |`));
  return (
    line
      ?.split('|')
      .slice(2, -1)
      .map((cell) => cell.trim()) ?? []
  );
}

describe('docs/deploying.md', () => {
  const { figures } = PRICES;
  it.each([
    { what: 'a vCPU-hour', text: `${figures.fargateVcpuHour.usd} a vCPU-hour` },
    { what: 'a GB-hour', text: `${figures.fargateGbHour.usd} a GB-hour` },
    { what: 'disk', text: `disk ${figures.fargateDiskGbHour.usd} a GB-hour` },
    { what: 'Lambda', text: `${figures.lambdaGbSecond.usd} a GB-second` },
    { what: 'transitions', text: `${figures.stateTransition.usd * 1000} a thousand` },
    { what: 'a GPU machine', text: `costs ${figures.gpuMachineHour.usd} for each hour` },
    { what: 'the date', text: `US dollars, ${PRICES.date}` },
  ])('has the price of $what from the price table', ({ text }) => {
    expect(page('deploying')).toContain(text);
  });
});

it('docs/costs.md has the ladder of sizes', () => {
  expect(row(page('costs'), 'vCPU')).toEqual(SIZES.map(({ vcpu }) => `${vcpu}`));
  expect(row(page('costs'), 'Memory, GiB')).toEqual(SIZES.map(({ memoryMiB }) => `${memoryMiB / 1024}`));
});

it('docs/errors.md has every kind of failure, in its order', () => {
  const [, chapter] = page('errors').split('## Kinds of failure');
  const kinds = Array.from(chapter!.split('\n## ')[0]!.matchAll(/^\| `(\w+)` \|/gm), ([, kind]) => kind);
  expect(kinds).toEqual([...FAILURE_KINDS]);
});
