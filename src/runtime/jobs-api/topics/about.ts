import { z } from 'zod';
import type { Leases } from '#core/leases';
import type { ArtifactStore, JobStore } from '#core/ports';
import { POOLS, type Pool } from '#core/queue';
import { DOCS_POLICY, docsPage } from '../docs-page.ts';
import type { OpenApiDocument } from '../openapi.ts';
import type { Answers, Operations } from '../operation.ts';

const healthSchema = z
  .object({
    status: z.enum(['ok', 'failing']),
    service: z.literal('stepreel'),
    worker_running: z.boolean().describe('False while no job is admitted: every pool is paused, or nobody can tell'),
    dependencies: z.record(z.string(), z.enum(['ok', 'failing'])),
  })
  .meta({ id: 'Health' });

export const ABOUT = {
  readHealth: {
    method: 'get',
    path: '/health',
    summary: 'Whether what the API depends on answers',
    answers: { 200: healthSchema, 503: healthSchema },
    problems: [],
    open: true,
  },
  readDocs: {
    method: 'get',
    path: '/docs',
    summary: 'This document as a page to read',
    answers: { 200: z.string() },
    mediaType: 'text/html',
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
  leases: Pick<Leases, 'paused'>;
}

export function aboutAnswers(
  { jobs, artifacts, leases }: AboutPorts,
  openApi: () => OpenApiDocument,
): Answers<typeof ABOUT> {
  let page: string | undefined;
  return {
    async readHealth(context) {
      let paused: Pool[] = [...POOLS];
      const dependencies = {
        jobs: await stateOf(() => jobs.get('health')),
        artifacts: await stateOf(() => artifacts.exists('health')),
        queue: await stateOf(async () => {
          paused = await leases.paused();
        }),
      };
      const isWell = Object.values(dependencies).every((state) => state === 'ok');
      const worker_running = paused.length < POOLS.length;
      const health = { status: isWell ? 'ok' : 'failing', service: 'stepreel', worker_running, dependencies };
      return context.json(health, isWell ? 200 : 503);
    },

    async readDocs(context) {
      page ??= docsPage(openApi());
      return context.html(page, 200, { 'Content-Security-Policy': DOCS_POLICY });
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
