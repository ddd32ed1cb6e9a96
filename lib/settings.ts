import type { EndpointList } from '#core/operator-list';

export const STAGES = ['dev', 'staging', 'prod'] as const;
export type Stage = (typeof STAGES)[number];

/** Everything that differs between environments, and nothing else. */
export interface Settings {
  region: string;
  /** Where it may be deployed to; without one, the account of whoever deploys. */
  account?: string;
  /** By name, so that synthesis asks no account for them. Fargate runs short in one zone more often than in three. */
  zones: readonly [string, string, string];
  /** Gateways through which tasks reach the internet. With none they reach AWS alone, by the endpoints. */
  natGateways: 0 | 1 | 3;
  /** Interface endpoints are paid for by zone and hour. */
  endpointZones: 1 | 3;
  /** Buckets and tables outlive the stack and refuse deletion. */
  keepData: boolean;
  /** A key of our own for everything at rest, instead of the services' own keys. */
  customerKey: boolean;
  retentionDays: RetentionDays;
  /** Buckets of the teams' own, by name, that jobs may take input from, besides what is uploaded. */
  inputBuckets: readonly string[];
  /** Where the video of an id lies, for clients that name videos so: `s3://bucket/videos/{video_id}.mp4`. */
  videos?: string;
  /** What is served elsewhere, by the list that it stands in. Tasks reach it through `natGateways`. */
  endpoints?: Partial<Record<EndpointList, EndpointSettings>>;
  cpuCapacity: 'FARGATE' | 'FARGATE_SPOT';
  /** How many jobs may be under way at once, and how many may wait. A pool or a team holds at most 2,000. */
  admission: Admission;
  /** What steps that can run on either are planned on. Where no GPU comes, they run on CPU all the same. */
  device: 'cpu' | 'gpu';
  gpu: { instanceType: string; mostInstances: number; diskGiB: number };
  plans: Record<string, UsagePlan>;
  thresholds: Thresholds;
  /** Orders that come by themselves, once a day, by name. */
  schedules?: Record<string, Schedule>;
  /** Of single workloads, where they differ from `thresholds`. */
  workloads: Record<string, Partial<WorkloadThresholds>>;
  /** The most items that one batch may have. */
  mostBatchItems: number;
  /** How a changed state machine takes over: at once, or first with a share of the jobs. */
  rollout: 'all-at-once' | { canaryPercent: number; minutes: number };
  /** Who gets the alarms by mail, besides whoever subscribes to the topic. */
  alarmEmail?: string;
  monthlyBudgetUsd: number;
  /** Faults on purpose, as STEPREEL_CHAOS takes them; production refuses them. See docs/operations.md. */
  chaos?: string;
}

export interface EndpointSettings {
  /** What the list's variable holds at home: see docs/endpoints.md. */
  list: Record<string, Endpoint>;
  /** The whole ARN of the secret in Secrets Manager, by the variable that a `tokenFrom` or an `apiKeyFrom` names. */
  tokens: Record<string, string>;
}

export type Endpoint = Record<string, unknown> &
  (
    | { url: string; tokenFrom?: string; apiKeyFrom?: string }
    | { protocol: 'sagemaker'; endpoint: string; region: string }
  );

export interface Schedule {
  workload: string;
  team: string;
  /** UTC, `02:00`. */
  at: string;
  /** In words of the workload's own; `{date}` in it is the day before. See the workload's README. */
  order: Record<string, unknown>;
  params?: Record<string, unknown>;
  project?: string;
  priority?: 'high' | 'normal' | 'low';
}

export interface RetentionDays {
  uploads: number;
  work: number;
  /** What a job did is taken over by others for these many days: fewer than `work`, by the longest that a job may take. */
  reuse: number;
  /** A result becomes cheaper to keep and dearer to read after these many days. */
  resultsInfrequent: number;
  resultsArchive: number;
  logs: 7 | 30 | 90;
  accessLogs: number;
  deadLetters: number;
}

export interface Admission {
  /** Jobs of which no step is planned on a GPU. */
  cpu: number;
  /** Jobs that need a GPU somewhere. */
  gpu: number;
  /** Of one team; `npm run add-team -- NAME --limit` gives a team another one. */
  team: number;
  /** Of one team, waiting. */
  queued: number;
}

export interface UsagePlan {
  requestsPerSecond: number;
  burst: number;
  requestsPerDay: number;
}

/** An alarm in two levels: look at it today; look at it now. */
export interface Levels {
  warning: number;
  critical: number;
}

export interface WorkloadThresholds {
  /** Failed and timed-out jobs; a refusal is no failure. */
  errorPercent: number;
  successPercent: Levels;
  /** 99 of 100 jobs take less. */
  jobSeconds: number;
  /** The longest run of a step, by step; `default` for those that are not named. */
  stepSeconds: Record<string, Levels> & { default: Levels };
}

export interface Thresholds extends WorkloadThresholds {
  queueAgeSeconds: number;
  queueDepth: number;
  apiErrorPercent: number;
  apiSeconds: number;
  gpuPercent: Levels;
  /** Below this a GPU is idle; a machine that came up for nothing leaves by itself after about a quarter of an hour. */
  gpuIdlePercent: number;
  gpuIdleMinutes: number;
  storagePercent: Levels;
}

const thresholds: Thresholds = {
  errorPercent: 5,
  successPercent: { warning: 90, critical: 80 },
  // An hour of video in less than two.
  jobSeconds: 7_200,
  stepSeconds: { default: { warning: 30, critical: 60 } },
  queueAgeSeconds: 300,
  queueDepth: 1_000,
  apiErrorPercent: 5,
  apiSeconds: 3,
  gpuPercent: { warning: 85, critical: 95 },
  gpuIdlePercent: 5,
  gpuIdleMinutes: 30,
  storagePercent: { warning: 75, critical: 90 },
};

const dev: Settings = {
  mostBatchItems: 100_000,
  region: 'us-east-1',
  zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  natGateways: 0,
  endpointZones: 1,
  keepData: false,
  customerKey: false,
  retentionDays: {
    uploads: 30,
    work: 7,
    reuse: 4,
    resultsInfrequent: 30,
    resultsArchive: 120,
    logs: 30,
    accessLogs: 90,
    deadLetters: 14,
  },
  inputBuckets: [],
  cpuCapacity: 'FARGATE_SPOT',
  admission: { cpu: 100, gpu: 2, team: 50, queued: 10_000 },
  device: 'cpu',
  gpu: { instanceType: 'g4dn.xlarge', mostInstances: 2, diskGiB: 200 },
  plans: {
    standard: { requestsPerSecond: 10, burst: 20, requestsPerDay: 10_000 },
    large: { requestsPerSecond: 50, burst: 100, requestsPerDay: 200_000 },
  },
  thresholds,
  workloads: {
    // These steps look at every frame of a film, so they are measured in minutes.
    dataset: {
      stepSeconds: {
        ...thresholds.stepSeconds,
        ExtractFrames: { warning: 1_800, critical: 3_600 },
        DetectObjects: { warning: 1_800, critical: 3_600 },
        WriteReport: { warning: 120, critical: 300 },
      },
    },
  },
  rollout: 'all-at-once',
  monthlyBudgetUsd: 200,
};

const staging: Settings = {
  ...dev,
  keepData: true,
  cpuCapacity: 'FARGATE',
  admission: { ...dev.admission, gpu: 4 },
  device: 'gpu',
  monthlyBudgetUsd: 500,
};

const prod: Settings = {
  ...staging,
  endpointZones: 3,
  customerKey: true,
  admission: { cpu: 500, gpu: 20, team: 200, queued: 100_000 },
  gpu: { instanceType: 'g4dn.xlarge', mostInstances: 10, diskGiB: 200 },
  rollout: { canaryPercent: 10, minutes: 30 },
  monthlyBudgetUsd: 3_000,
};

/** One entry an environment: what is different there. */
export const SETTINGS: Record<Stage, Settings> = { dev, staging, prod };
