import type { Device, Placement, Workload } from '#core/workload';

const TWIN = 'OnCpu';

/** True for a container step that can run on either device: it has two states, `<Step>` on GPU and `<Step>OnCpu`. */
export function runsAsTwins(placement: Placement): boolean {
  return placement.runs === 'container' && placement.devices.includes('gpu') && placement.devices.includes('cpu');
}

export interface StepState {
  step: string;
  placement: Placement;
  /** What the state places the step on. */
  device: Device;
}

/** The step that a Task state of this name runs, or undefined for a name that no step has. */
export function stepOfState(name: string, { steps }: Workload): StepState | undefined {
  const placement = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (placement) {
    const device = placement.runs === 'container' && placement.devices.includes('gpu') ? 'gpu' : 'cpu';
    return { step: name, placement, device };
  }
  const step = name.endsWith(TWIN) ? name.slice(0, -TWIN.length) : '';
  const twin = Object.hasOwn(steps, step) ? steps[step] : undefined;
  return twin && runsAsTwins(twin) ? { step, placement: twin, device: 'cpu' } : undefined;
}

export interface ContainerState {
  state: string;
  step: string;
  device: Device;
  placement: Extract<Placement, { runs: 'container' }>;
}

/** The states that run as containers. A step that runs on either device has two, the second for CPU. */
export function containerStates(steps: Workload['steps']): ContainerState[] {
  return Object.entries(steps).flatMap(([step, placement]): ContainerState[] => {
    if (placement.runs !== 'container') return [];
    const device = placement.devices.includes('gpu') ? 'gpu' : 'cpu';
    const twin = runsAsTwins(placement) ? [{ state: `${step}${TWIN}`, step, device: 'cpu' as const, placement }] : [];
    return [{ state: step, step, device, placement }, ...twin];
  });
}
