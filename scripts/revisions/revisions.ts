import { kebabCase } from '#core/names';
import type { Revisions, Workload } from '#core/workload';
import { sourcesOf } from './step-sources.ts';

/** How the record of a step's revision differs from its code. */
export interface Drift {
  step: string;
  file: string;
  /** `raised`: the record is behind. `undecided`: the code has changed, and nobody has said whether its output has. */
  kind: 'raised' | 'undecided';
}

/**
 * What `revisions.json` of a workload should hold. The last step is not in it: it writes the result, and no other job takes
 * its verdict over.
 */
export async function revisionsOf({ name, steps }: Workload): Promise<Revisions> {
  const entries = Object.entries(steps)
    .slice(0, -1)
    .map(async ([step, { load }]) => {
      const { revision } = (await load()).default;
      return [step, { revision, sources: sourcesOf(stepFile(name, step)) }] as const;
    });
  return Object.fromEntries(await Promise.all(entries));
}

export function driftOf(workload: string, recorded: Revisions, found: Revisions): Drift[] {
  return Object.entries(found).flatMap(([step, { revision, sources }]): Drift[] => {
    const before = recorded[step];
    const file = stepFile(workload, step);
    if (before?.revision === revision && before.sources === sources) return [];
    return [{ step, file, kind: before?.revision === revision ? 'undecided' : 'raised' }];
  });
}

export function stepFile(workload: string, step: string): string {
  return `workloads/${workload}/steps/${kebabCase(step)}.ts`;
}

/** What whoever changed the code has to do. */
export function remedyOf({ step, file, kind }: Drift): string {
  if (kind === 'raised') return `${step}: run \`npm run revisions\`, which records its revision.`;
  return `${step}: what it is made of has changed. If the same input could now give another output, raise \`revision\` in ${file} and run \`npm run revisions\`. If not, run \`npm run revisions -- --same-output\`. Other jobs take over what was done under the same revision.`;
}

/** A workload that does not say what its steps' code is: nothing of it is ever taken over. */
export function missingIn(workload: string): string {
  return `${workload}: workloads/${workload}/workload.ts has no \`revisions\`. Import them from revisions.json, which \`npm run revisions\` writes.`;
}
