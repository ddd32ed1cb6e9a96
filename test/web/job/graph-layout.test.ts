import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layOut, type Machine } from '../../../web/job/graph-layout.ts';

const root = join(import.meta.dirname, '../../..');
const files = globSync('statemachines/*.asl.json', { cwd: root });

describe.each(files)('the graph of %s', (file) => {
  const machine = JSON.parse(readFileSync(join(root, file), 'utf8')) as Machine;
  const { nodes, edges, ranks, columns } = layOut(machine);
  const rankOf = new Map(nodes.map(({ name, rank }) => [name, rank]));

  it('has every state once, and the first one on top', () => {
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length);
    for (const name of Object.keys(machine.States)) expect(rankOf.has(name)).toBe(true);
    expect(rankOf.get(machine.StartAt)).toBe(0);
  });

  it('leads downwards only, to states that are there', () => {
    expect(edges.length).toBeGreaterThan(3);
    for (const { from, to } of edges) expect(rankOf.get(to)).toBeGreaterThan(rankOf.get(from)!);
  });

  it('puts no two states at one place', () => {
    const places = nodes.map(({ rank, column }) => `${rank}/${column}`);
    expect(new Set(places).size).toBe(nodes.length);
    expect(nodes.every(({ rank, column }) => rank < ranks && column < columns)).toBe(true);
  });
});

it('leads from a Map through its states, and from the last of them on', () => {
  const inner = { StartAt: 'B', States: { B: { Type: 'Task', Next: 'C' }, C: { Type: 'Task' } } };
  const machine = {
    StartAt: 'A',
    States: { A: { Type: 'Map', ItemProcessor: inner, Next: 'D' }, D: { Type: 'Succeed' } },
  };
  const { nodes, edges } = layOut(machine);
  expect(edges.map(({ from, to }) => from + to).toSorted()).toEqual(['AB', 'BC', 'CD']);
  expect(nodes.filter(({ inside }) => inside === 'A').map(({ name }) => name)).toEqual(['B', 'C']);
});

it('ends with a machine that leads back', () => {
  const machine = {
    StartAt: 'A',
    States: {
      A: { Type: 'Task', Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Next: 'A' }], Default: 'C' },
      C: { Type: 'Succeed' },
    },
  };
  expect(layOut(machine).nodes.map(({ rank }) => rank)).toEqual([0, 1, 2]);
});
