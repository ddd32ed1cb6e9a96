import type { Workload } from '#core/workload';

/** The workloads that ship with Stepreel, loaded when asked for: a command that needs one pays for one. */
export const builtIn: Record<string, () => Promise<Workload>> = {
  annotate: async () => (await import('./annotate/workload.ts')).default,
  'clip-qc': async () => (await import('./clip-qc/workload.ts')).default,
  dataset: async () => (await import('./dataset/workload.ts')).default,
  'letter-asr': async () => (await import('./letter-asr/workload.ts')).default,
  reconstruct: async () => (await import('./reconstruct/workload.ts')).default,
};
