import { z } from 'zod';

/** What a deployed platform prepared for workloads that are registered later, as its deployment says it. */
export const outsideSettingsSchema = z.object({
  /** What names of the stage begin with: `stepreel-dev`. */
  prefix: z.string(),
  region: z.string(),
  stage: z.string(),
  /** The ARN of every machine, up to its name after the prefix. */
  machines: z.string(),
  cluster: z.string(),
  cpuCapacity: z.string(),
  gpuCapacity: z.string(),
  /** One a zone. */
  subnets: z.array(z.string()).length(3),
  securityGroup: z.string(),
  /** The functions that take our steps, by step. */
  functions: z.record(z.string(), z.string()),
  /** Under which machines run. */
  machineRole: z.string(),
  /** Where machines log. */
  machineLogs: z.string(),
  /** By which tasks get their image and write their log. */
  executionRole: z.string(),
  /** The path of the roles of tasks, one a workload. */
  rolePath: z.string(),
  /** The policy that such a role gets, and can't go beyond. */
  taskPolicy: z.string(),
  /** What the name of a workload's log group begins with. */
  taskLogs: z.string(),
  logDays: z.int(),
  /** What the address of an image begins with. */
  images: z.string(),
  /** By which a task finds the platform. */
  environment: z.record(z.string(), z.string()),
});

export type OutsideSettings = z.infer<typeof outsideSettingsSchema>;
