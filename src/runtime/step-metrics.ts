import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { REFUSALS } from '#core/errors';
import type { Job } from '#core/job';
import type { AnyStep, Measure, MeasureUnit } from '#core/step';
import type { Device } from '#core/workload';
import { SERVICE, stageOf } from './log-fields.ts';
import type { ModelId } from './step-run.ts';

const ENDINGS = ['StepSucceeded', 'StepRejected', 'StepFailed'] as const;
export type Ending = (typeof ENDINGS)[number];

/** How a step ended that gave this error, or none. */
export function endingOf(error?: { name: string }): Ending {
  if (!error) return 'StepSucceeded';
  return (REFUSALS as readonly string[]).includes(error.name) ? 'StepRejected' : 'StepFailed';
}

export interface Measured {
  step: AnyStep;
  seconds: number;
  device: Device;
  error?: { name: string };
  /** Missing when the call did not get as far as knowing it. */
  job?: Pick<Job, 'id' | 'workload' | 'team' | 'project' | 'params'>;
  /** That it opened. */
  models?: readonly ModelId[];
}

export interface StepMetrics {
  /** Keeps what a step measures of its work until it is published with the rest. */
  measure: Measure;
  publish(measured: Measured): void;
}

// Powertools publishes by itself at the hundredth value of a name, and forgets the dimensions.
const VALUES_PER_LINE = 99;

/**
 * Writes what a step took, and what it measured of its work, as EMF lines, from Lambdas and containers alike. A failure is
 * a zero among the successes, so that a rate has a denominator, with its time and its code. Dimensions are paid for: what
 * is told of a single job is metadata.
 */
export function openStepMetrics(): StepMetrics {
  const metrics = new Metrics({ namespace: 'Stepreel', serviceName: SERVICE });
  let kept = new Map<string, { unit: MeasureUnit; values: number[] }>();

  function measure(name: string, value: number, unit: MeasureUnit = 'Count'): void {
    const figures = kept.get(name) ?? { unit, values: [] };
    figures.values.push(value);
    kept.set(name, figures);
  }

  function publish(measured: Measured): void {
    const ended = endingOf(measured.error);
    describe(metrics, measured);
    for (const ending of ENDINGS) metrics.addMetric(ending, MetricUnit.Count, ending === ended ? 1 : 0);
    metrics.addMetric('StepDuration', MetricUnit.Seconds, measured.seconds);
    metrics.publishStoredMetrics();
    const most = Math.max(0, ...[...kept.values()].map(({ values }) => values.length));
    for (let from = 0; from < most; from += VALUES_PER_LINE) {
      describe(metrics, measured);
      for (const [name, { unit, values }] of kept) {
        for (const value of values.slice(from, from + VALUES_PER_LINE)) metrics.addMetric(name, unit, value);
      }
      metrics.publishStoredMetrics();
    }
    kept = new Map();
  }

  return { measure, publish };
}

function describe(metrics: Metrics, { step, device, error, job, models = [] }: Measured): void {
  metrics.clearDefaultDimensions();
  metrics.addDimensions({
    Service: SERVICE,
    Stage: stageOf(),
    Workload: job?.workload ?? 'unknown',
    Step: step.name,
    Device: device,
    Model: job ? modelOf(step, job.params) : 'none',
  });
  if (job) {
    metrics.addMetadata('jobId', job.id);
    metrics.addMetadata('team', job.team);
    metrics.addMetadata('project', job.project);
  }
  // Once each, in an order of their own: a step may open one several times.
  const digests = new Set(models.map(({ name, version, sha256 }) => `${name}@${version} sha256:${sha256}`));
  if (digests.size > 0) metrics.addMetadata('models', [...digests].sort().join(', '));
  if (error) metrics.addMetadata('errorCode', error.name);
}

/** The model that the step's own parameters name; a folder of somebody's own is only called so. */
function modelOf(step: AnyStep, jobParams: Job['params']): string {
  const { model } = (step.params.safeParse(jobParams).data ?? {}) as { model?: unknown };
  if (typeof model !== 'string') return 'none';
  return /^[\w.-]+@[\w.-]+$/.test(model) ? model : 'custom';
}

/** A metric that a program from outside told of itself. */
export interface ProgramMetric {
  name: string;
  value: number;
  unit?: string | undefined;
}

/** Writes the metrics of somebody's program as EMF lines, under a namespace of their own: their names are the program's. */
export function openProgramMetrics({ jobId, workload, device }: { jobId: string; workload: string; device: Device }) {
  const metrics = new Metrics({ namespace: 'Stepreel/Programs', serviceName: SERVICE });
  return ({ name, value, unit = 'Count' }: ProgramMetric): void => {
    metrics.clearDefaultDimensions();
    metrics.addDimensions({ Service: SERVICE, Stage: stageOf(), Workload: workload, Device: device });
    metrics.addMetadata('jobId', jobId);
    metrics.addMetric(name, knownUnit(unit), value);
    metrics.publishStoredMetrics();
  };
}

/** CloudWatch drops a metric with a unit that it does not know. */
function knownUnit(unit: string): (typeof MetricUnit)[keyof typeof MetricUnit] {
  return Object.values(MetricUnit).find((known) => known === unit) ?? MetricUnit.NoUnit;
}
