import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../helpers/dockerfile.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe.each(['python', 'typescript'])('the image of a workload in %s', (language) => {
  const text = read(`scaffolds/${language}/Dockerfile.tmpl`);
  const { stages } = parseDockerfile(text);
  const last = stages.at(-1)!.instructions;
  const textOf = (name: string) => last.filter((each) => each.name === name).map((each) => each.text);

  it('has bases without defaults, and is not built on one that has no digest', () => {
    expect(stages.map(({ from }) => from)).toEqual(['$' + '{TASK_IMAGE}', '$' + '{BASE_IMAGE}']);
    expect(text).not.toMatch(/^ARG \w+=/m);
    expect(textOf('RUN')[0]).toContain('*@sha256:*) ;; *)');
  });

  it('runs stepreel-task in exec form, as a numbered user that is not root, and writes to a volume', () => {
    expect(textOf('ENTRYPOINT')).toEqual(['["/opt/stepreel/stepreel-task"]']);
    expect(textOf('USER')).toEqual(['10001:10001']);
    expect(textOf('VOLUME')).toEqual(['["/scratch"]']);
    expect(textOf('HEALTHCHECK')).toEqual(['NONE']);
  });
});

it('the image that they copy stepreel-task from has it where they look', () => {
  const text = read('containers/stepreel-task/Dockerfile');
  expect(text).toContain('ENTRYPOINT ["/opt/stepreel/stepreel-task"]');
  expect(text).toMatch(/^ARG NODE_IMAGE$/m);
});
