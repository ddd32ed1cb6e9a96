import { z } from 'zod';
import type { ArtifactStore, JobStore } from '#core/ports';
import type { Answers, Operations } from '../operation.ts';

const healthSchema = z.object({
  status: z.enum(['ok', 'failing']),
  dependencies: z.record(z.string(), z.enum(['ok', 'failing'])),
});

export const ABOUT = {
  readHealth: {
    method: 'get',
    path: '/health',
    summary: 'Whether what the API depends on answers',
    answers: { 200: healthSchema, 503: healthSchema },
    problems: [],
    open: true,
  },
  readOpenApi: {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    answers: { 200: z.record(z.string(), z.unknown()) },
    problems: [],
    open: true,
  },
} satisfies Operations;

export interface AboutPorts {
  jobs: JobStore;
  artifacts: ArtifactStore;
}

export function aboutAnswers(
  { jobs, artifacts }: AboutPorts,
  openApi: () => Record<string, unknown>,
): Answers<typeof ABOUT> {
  return {
    async readHealth(context) {
      const dependencies = {
        jobs: await stateOf(() => jobs.get('health')),
        artifacts: await stateOf(() => artifacts.exists('health')),
      };
      const isWell = Object.values(dependencies).every((state) => state === 'ok');
      return context.json({ status: isWell ? 'ok' : 'failing', dependencies }, isWell ? 200 : 503);
    },

    async readOpenApi(context) {
      return context.json(openApi());
    },
  };
}

/** A dependency is well when it answers, whatever it says. */
async function stateOf(ask: () => Promise<unknown>): Promise<'ok' | 'failing'> {
  return await ask().then(
    () => 'ok' as const,
    () => 'failing' as const,
  );
}
