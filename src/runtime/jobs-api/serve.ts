import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { InputError } from '#core/errors';
import { type JobsApiOptions, jobsApi } from './app.ts';
import { PROBLEM_TYPE } from './openapi.ts';
import { ApiProblem, problemOf } from './problems.ts';
import type { FilePorts } from './topics/files.ts';

export type ServeOptions = JobsApiOptions &
  FilePorts & {
    /** 0 takes one that is free. */
    port: number;
  };

export interface Served {
  url: string;
  /** Takes no more requests, and ends those that are under way. */
  close(): Promise<void>;
}

// Only this machine: there is no credential.
const HOST = '127.0.0.1';

/** The jobs API on a port of this machine, together with the files of results. @throws InputError when the port is taken. */
export async function serveJobsApi({ port, ...options }: ServeOptions): Promise<Served> {
  const app = jobsApi(options);
  const server = createAdaptorServer({
    fetch: (request, environment) => refuseForeignPage(request) ?? app.fetch(request, environment),
  });
  await new Promise<void>((done, failed) => {
    server.once('error', (cause: NodeJS.ErrnoException) => failed(cannotListen(port, cause)));
    server.listen(port, HOST, done);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((done) => server.close(done));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Any page that a browser of this machine shows can send requests here, and a name of its own may lead here too. Nothing
 * but the two names of this machine is answered, and no page from elsewhere.
 */
function refuseForeignPage({ url, headers }: Request): Response | undefined {
  const origin = headers.get('origin');
  if (isThisMachine(url) && (origin === null || isThisMachine(origin))) return undefined;
  const { problem } = problemOf(
    new ApiProblem(
      403,
      'ForeignPage',
      'This API answers only requests to 127.0.0.1 or localhost that no page from elsewhere sends.',
      'Ask it from a program on this machine.',
    ),
  );
  return new Response(JSON.stringify(problem), { status: problem.status, headers: { 'Content-Type': PROBLEM_TYPE } });
}

function isThisMachine(url: string): boolean {
  return URL.canParse(url) && [HOST, 'localhost'].includes(new URL(url).hostname);
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): Error {
  const why = cause.code === 'EADDRINUSE' ? 'another program listens there' : cause.message;
  return new InputError(`Can't serve on port ${port}: ${why}. Name another with --port; --port 0 takes a free one.`, {
    details: { port },
    cause,
  });
}
