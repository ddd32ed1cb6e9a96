import { resolve } from 'node:path';
import { openModelStore } from '#adapters/local/model-store';
import { chaosFrom, NO_CHAOS } from '#runtime/chaos/switches';
import { startDev } from '#runtime/dev';
import { VIDEOS } from '#runtime/jobs-api/legacy-lookup';
import { builtIn } from '#workloads/index';
import { interruptSignal } from './interrupt.ts';
import { describeEvent } from './reporter/phrases.ts';
import { toolVersions } from './tool-versions.ts';
import { version } from './version.ts';

export interface DevCommandOptions {
  port: number;
  jobs: number;
  state: string;
  inputRoot?: string[];
  watch?: string;
  allowPrivateWebhooks?: boolean;
}

/** Serves until Ctrl-C or SIGTERM, which is how it is meant to end. */
export async function serveDev(
  { port, jobs, state, inputRoot, watch, allowPrivateWebhooks = false }: DevCommandOptions,
  json: boolean,
): Promise<void> {
  const signal = interruptSignal();
  const stateFolder = resolve(state);
  const inputRoots = (inputRoot ?? ['.']).map((folder) => resolve(folder));
  const chaos = chaosFrom();
  let versions: ReturnType<typeof toolVersions> | undefined;
  const { url, left, close } = await startDev({
    port,
    stateFolder,
    jobsAtOnce: jobs,
    inputRoots,
    videos: process.env[VIDEOS],
    ...(watch === undefined ? {} : { watchFolder: resolve(watch) }),
    allowPrivateWebhooks,
    version: version(),
    workloads: builtIn,
    models: openModelStore(),
    chaos,
    versions: () => {
      versions ??= toolVersions();
      return versions;
    },
    onEvent(event, execution) {
      if (json) return process.stdout.write(`${JSON.stringify({ event: 'history', execution, ...event })}\n`);
      const line = describeEvent(event);
      if (line !== undefined) process.stderr.write(`${execution} ${line}\n`);
    },
    onFault: (thrown) => process.stderr.write(`${(thrown as Error).stack ?? thrown}\n`),
  });
  if (json) process.stdout.write(`${JSON.stringify({ event: 'serving', url, stateFolder, inputRoots, left })}\n`);
  else {
    process.stderr.write(`The jobs API; inputs below ${inputRoots.join(', ')}, jobs and results in ${stateFolder}\n`);
    process.stdout.write(`${url}\n`);
  }
  if (chaos !== NO_CHAOS) process.stderr.write(`faults happen on purpose: ${process.env.STEPREEL_CHAOS}\n`);
  const takenUp = [...left.resumed, ...left.started];
  if (takenUp.length > 0) process.stderr.write(`taken up from before: ${takenUp.join(', ')}\n`);
  for (const { jobId, message } of left.failed) process.stderr.write(`${jobId} can't be started: ${message}\n`);
  await aborted(signal);
  await close();
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
