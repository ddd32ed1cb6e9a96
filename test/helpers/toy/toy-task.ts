import { runContainer } from '#runtime/container';

await runContainer({ toy: async () => (await import('./workload.ts')).default });
