import { type AdmitOptions, type AdmitPorts, type Admitted, admitJobs } from './admit.ts';
import { type Reconciled, type ReconcileOptions, type ReconcilePorts, reconcile } from './reconcile.ts';

export type SweepPorts = AdmitPorts & ReconcilePorts;

export interface Swept extends Admitted {
  /** Jobs whose end nobody had told. */
  settled: string[];
  /** Executions that held places and are no more. */
  released: string[];
}

/**
 * Makes good what somebody left undone who died, and what an event was to tell that got lost; then starts the jobs that
 * there is a place for. Harmless when repeated.
 */
export async function sweepJobs(ports: SweepPorts, options: ReconcileOptions & AdmitOptions = {}): Promise<Swept> {
  const { settled, released, failed }: Reconciled = await reconcile(ports, options);
  const admitted = await admitJobs(ports, options);
  return { ...admitted, settled, released, failed: [...failed, ...admitted.failed] };
}
