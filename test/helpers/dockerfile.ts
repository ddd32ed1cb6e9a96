import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Instruction {
  name: string;
  /** Everything after the name, continued lines joined. */
  text: string;
}

export interface Stage {
  name: string;
  from: string;
  instructions: Instruction[];
}

export interface Dockerfile {
  /** The instructions before the first FROM. */
  before: Instruction[];
  stages: Stage[];
}

/** Reads a Dockerfile: of its grammar what ours use, which is everything but heredocs and parser directives. */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const joined = lines.join('\n').replaceAll(/\\\n\s*/g, '');
  const file: Dockerfile = { before: [], stages: [] };
  for (const line of joined.split('\n').filter((each) => each.trim() !== '')) {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line)!;
    const from = name === 'FROM' ? /^(\S+) AS (\S+)$/.exec(rest!) : undefined;
    if (from) file.stages.push({ from: from[1]!, name: from[2]!, instructions: [] });
    else (file.stages.at(-1)?.instructions ?? file.before).push({ name: name!, text: rest! });
  }
  return file;
}

/** A stage and the stages it is built on, the first of them first. */
export function lineage({ stages }: Dockerfile, name: string): Stage[] {
  const stage = stages.find((each) => each.name === name);
  return stage ? [...lineage({ before: [], stages }, stage.from), stage] : [];
}

/** What a COPY copies: `stage` is named where it is not the build context. */
export function copyOf({ text }: Instruction): { sources: string[]; target: string; stage?: string } {
  const words = text.split(/\s+/);
  const stage = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  return { sources: paths.slice(0, -1), target: paths.at(-1)!, ...(stage === undefined ? {} : { stage }) };
}

/** The files of a folder that `.dockerignore` lets a build see, by the rule that the last pattern that fits decides. */
export function buildContext(root: string): string[] {
  const patterns = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ lets: line.startsWith('!'), covers: pathPattern(line.replace(/^!/, '')) }));
  return globSync(['*', '.*', '{src,workloads,containers,models,test,scripts,lib,cli,lambdas}/**'], { cwd: root })
    .filter((path) => statSync(join(root, path)).isFile())
    .filter((path) => patterns.findLast(({ covers }) => covers.test(path))?.lets ?? true)
    .sort();
}

/** `*` is any part of a name, `**` any folders; a pattern covers what lies below it, too. */
function pathPattern(pattern: string): RegExp {
  const parts = pattern.split('/').map((part) => {
    if (part === '**') return '(?:[^/]+/)*';
    return `${part.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}/`;
  });
  return new RegExp(`^${parts.join('').replace(/\/$/, '')}(?:/|$)`);
}
