import { resolve } from 'node:path';
import { openModelStore } from '#adapters/local/model-store';
import { chaosFrom, NO_CHAOS } from '#runtime/chaos/switches';
import { startDev } from '#runtime/dev';
import { oldSettings } from '#runtime/jobs-api/legacy-environment';
import { builtIn } from '#workloads/index';
import { interruptSignal } from './interrupt.ts';
import { describeEvent } from './reporter/phrases.ts';
import { statusPage } from './status-page.ts';
import { toolVersions } from './tool-versions.ts';
import { version } from './version.ts';

export interface DevCommandOptions {
  port: number;
  jobs: number;
  state: string;
  inputRoot?: string[];
  watch?: string;
  allowPrivateWebhooks?: boolean;
  workload?: string[];
  images?: boolean;
}

/** Serves until Ctrl-C or SIGTERM, which is how it is meant to end. */
export async function serveDev(
  {
    port,
    jobs,
    state,
    inputRoot,
    watch,
    allowPrivateWebhooks = false,
    workload = [],
    images = false,
  }: DevCommandOptions,
  json: boolean,
): Promise<void> {
  const signal = interruptSignal();
  const stateFolder = resolve(state);
  const { inputRoot: oldRoot = '.', videos, videoParams } = oldSettings(process.env);
  const inputRoots = (inputRoot ?? [oldRoot]).map((folder) => resolve(folder));
  const chaos = chaosFrom();
  if (images) await (await import('#adapters/local/docker')).requireDocker();
  let versions: ReturnType<typeof toolVersions> | undefined;
  const { url, left, close } = await startDev({
    port,
    stateFolder,
    jobsAtOnce: jobs,
    inputRoots,
    videos,
    videoParams,
    ...(watch === undefined ? {} : { watchFolder: resolve(watch) }),
    allowPrivateWebhooks,
    version: version(),
    workloads: builtIn,
    outside: await checkedFolders(workload),
    ...(images ? { image: true as const } : {}),
    models: openModelStore(),
    page: statusPage(),
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

/** A folder that defines no workload is told now, not with every request. */
async function checkedFolders(folders: string[]): Promise<string[]> {
  const { loadOutside } = await import('#runtime/outside/outside-workload');
  for (const folder of folders) await loadOutside(folder);
  return folders.map((folder) => resolve(folder));
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
