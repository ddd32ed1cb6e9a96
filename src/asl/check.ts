import type { Workload } from '#core/workload';
import { catchProblems } from './check-catches.ts';
import { contextProblems } from './check-context.ts';
import { foreignProblems } from './check-outside.ts';
import { taskProblems } from './check-tasks.ts';
import { allStates, type Machine, type PlacedState } from './definition.ts';
import { dialectProblems } from './dialect.ts';
import { placeholdersIn } from './load.ts';
import { runsAsTwins, stepOfState } from './steps-of.ts';

/** Placeholders that stand for what the platform deploys, beside one for each step. */
export const PLATFORM_PLACEHOLDERS = [
  'Cluster',
  'CpuCapacity',
  'GpuCapacity',
  // One a zone, and there are three.
  'Subnet1',
  'Subnet2',
  'Subnet3',
  'SecurityGroup',
];

/**
 * Compares a state machine, as its file has it, with the workload that it orders. @returns what does not fit, a sentence
 * each; empty when the two agree.
 */
export function checkMachine(machine: Machine, workload: Workload): string[] {
  const states = allStates(machine);
  return [
    ...dialectProblems(machine),
    ...(machine.TimeoutSeconds ? [] : ['The machine states no TimeoutSeconds, so it may run for a year.']),
    ...missingSteps(machine, workload),
    ...unplannedSteps(machine, workload),
    ...placeholderProblems(machine, workload),
    ...states.flatMap((placed) => taskProblems(placed, workload)),
    ...states.flatMap((placed) => catchProblems(placed, workload)),
    ...states.flatMap(contextProblems),
    ...(workload.outside ? states.flatMap((placed) => foreignProblems(placed, workload)) : []),
    ...states.flatMap(({ name, state }) =>
      state.Type === 'Map' && state.ResultPath !== null
        ? [`${name} keeps the outputs of its iterations; its ResultPath must be null.`]
        : [],
    ),
    ...unsizedMaps(states, workload),
  ];
}

/** What is inside a Map sees what its ItemSelector picks, and nothing else. */
function unsizedMaps(states: PlacedState[], workload: Workload): string[] {
  return states.flatMap(({ name, state }) => {
    if (state.Type !== 'Map' || state.ItemSelector?.['size.$'] === '$.size') return [];
    const runs = allStates(state.ItemProcessor).map((inner) => stepOfState(inner.name, workload)?.placement.runs);
    return runs.includes('container') ? [`${name} must hand on the sizes to its tasks: "size.$": "$.size".`] : [];
  });
}

function missingSteps(machine: Machine, { name, steps }: Workload): string[] {
  const names = new Set(
    allStates(machine)
      .filter(({ state }) => state.Type === 'Task')
      .map((placed) => placed.name),
  );
  return Object.entries(steps).flatMap(([step, placement]) => [
    ...(names.has(step) ? [] : [`${name} has a step ${step}, and no Task state is called so.`]),
    ...(runsAsTwins(placement) && !names.has(`${step}OnCpu`)
      ? [`${step} runs on GPU and CPU, and no Task state is called ${step}OnCpu.`]
      : []),
  ]);
}

/** The plan says for each container step whether it is to run at all: a Choice must ask for it. */
function unplannedSteps(machine: Machine, { steps }: Workload): string[] {
  const asked = JSON.stringify(allStates(machine).filter(({ state }) => state.Type === 'Choice'));
  return Object.entries(steps)
    .filter(([step, { runs }]) => runs === 'container' && !asked.includes(`"$.plan.${step}"`))
    .map(([step]) => `No Choice asks $.plan.${step} before ${step}.`);
}

function placeholderProblems(machine: Machine, workload: Workload): string[] {
  return placeholdersIn(machine)
    .filter((name) => !PLATFORM_PLACEHOLDERS.includes(name) && !stepOfState(name, workload))
    .map((name) => `\${${name}} is neither a step of ${workload.name} nor one of ${PLATFORM_PLACEHOLDERS.join(', ')}.`);
}
