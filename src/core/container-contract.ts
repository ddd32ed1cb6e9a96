import { z } from 'zod';

/** How long a program has between SIGTERM and SIGKILL, if its definition does not say. */
export const DEFAULT_GRACE_SECONDS = 30;

/** `name@version` by which a deployed task says which definition its image has to hold. */
export const WORKLOAD_REF = 'STEPREEL_WORKLOAD_REF';

/** The file in STEPREEL_OUTPUT that becomes the step's output document. */
export const OUTPUT_DOCUMENT = 'output.json';

/** Exit codes by which a program says that its input is at fault. Source: sysexits(3), EX_USAGE and EX_DATAERR. */
export const REFUSAL_EXITS = { usage: 64, media: 65 } as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const jobFacts = {
  contract: z.literal(1),
  jobId: z.string().min(1),
  workload: z.string().min(1),
  step: z.string().min(1),
  shard: z.int().nonnegative().optional().describe('Which part of a step that is fanned out.'),
  attempt: z.int().positive().describe('Counts from 1; no two attempts share a folder.'),
  params: z.record(z.string(), z.unknown()).describe('The parameters that the step reads, with their defaults.'),
};

/** job.json of the wrapped door, whose path is in STEPREEL_JOB. */
export const jobDocumentSchema = z.object({
  ...jobFacts,
  inputs: z.array(
    z.object({
      name: z.string().min(1),
      path: z.string().min(1).describe('In STEPREEL_INPUT; not to be written to.'),
      uri: z.string().min(1).describe('Where it comes from.'),
      sha256,
      mediaType: z.string().min(1),
    }),
  ),
});

/** job.json of the bare door, whose address is in STEPREEL_JOB_URI. */
export const bareJobSchema = z.object({
  ...jobFacts,
  inputs: z.array(z.object({ name: z.string().min(1), uri: z.string().min(1), sha256, mediaType: z.string().min(1) })),
  models: z.record(z.string(), z.object({ uri: z.string(), sha256 })),
  output: z.string().min(1).describe('Where artifacts go, and at last verdict.json: an address that ends in a slash.'),
});

const bareArtifact = z.object({
  name: z.string().min(1).describe('Relative to the output address.'),
  sha256,
  bytes: z.int().nonnegative(),
  mediaType: z.string().min(1).optional(),
});

/** verdict.json as a bare program leaves it, when everything else is written. */
export const bareVerdictSchema = z.discriminatedUnion('status', [
  z.object({
    contract: z.literal(1),
    status: z.literal('succeeded'),
    output: z.record(z.string(), z.unknown()),
    artifacts: z.array(bareArtifact),
  }),
  z.object({
    contract: z.literal(1),
    status: z.literal('rejected'),
    error: z.object({ name: z.enum(['InputError', 'MediaError']), message: z.string().min(1) }),
    artifacts: z.array(bareArtifact),
  }),
]);

const progressLine = z.object({
  progress: z.object({ done: z.number().nonnegative(), total: z.number().nonnegative() }),
});

const metricLine = z.object({
  metric: z.object({
    name: z
      .string()
      .regex(/^[A-Za-z][\w.-]*$/)
      .max(255),
    value: z.number(),
    unit: z.string().optional().describe('A unit of CloudWatch: Count, Seconds, Bytes, Percent, …'),
  }),
});

/** A line of stdout that means something; every other line is log. */
export const stdoutLineSchema = z.union([progressLine, metricLine]);

export type JobDocument = z.infer<typeof jobDocumentSchema>;
export type BareJob = z.infer<typeof bareJobSchema>;
export type BareVerdict = z.infer<typeof bareVerdictSchema>;
export type StdoutLine = z.infer<typeof stdoutLineSchema>;

/** What a line of stdout says to us; undefined for a line of log, also one that only looks like more. */
export function readStdoutLine(line: string): StdoutLine | undefined {
  if (!/^\s*\{\s*"(progress|metric)"/.test(line)) return undefined;
  try {
    return stdoutLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
