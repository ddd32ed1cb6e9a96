/**
 * What belongs to workloads from outside is called so, after the stage's prefix: permissions name what begins with it, and
 * reach nothing that was deployed.
 */
export const OUTSIDE = 'outside-';

// Source: docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
const LONGEST_MACHINE = 80;

/** The name of the machine of a registered version, after the stage's prefix. It has one for each, which never changes. */
export function outsideMachine(workload: string, version: string): string {
  return `${OUTSIDE}${workload}-${version.replaceAll('.', '-')}`;
}

/** Whether the whole name of a machine, with its prefix, is one that Step Functions takes. */
export function isMachineName(name: string): boolean {
  return name.length <= LONGEST_MACHINE;
}
