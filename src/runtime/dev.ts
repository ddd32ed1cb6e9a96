import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockFolder } from '#adapters/local/folder-lock';
import { openInputListing } from '#adapters/local/input-listing';
import { RequestRefused } from '#jobs/refusal';
import { openBatchWorker } from './batch-worker.ts';
import { refuseOutsideInput, refuseOutsidePrefix } from './dev-inputs.ts';
import { openDevNotices } from './dev-notices.ts';
import { resultFiles } from './dev-results.ts';
import { type Resumed, resumeJobs } from './dev-resume.ts';
import { openDevUploads } from './dev-uploads.ts';
import { watchFolder } from './dev-watch.ts';
import { videoLookup } from './jobs-api/legacy-lookup.ts';
import { machinesIn } from './jobs-api/machine-files.ts';
import type { PageFiles } from './jobs-api/page-files.ts';
import { serveJobsApi } from './jobs-api/serve.ts';
import { type LocalPlatformOptions, openLocalPlatform } from './local.ts';
import { openFolderStore } from './outside/folder-store.ts';
import { openRegistration } from './outside/registration.ts';
import { sweepRegularly } from './regular-sweep.ts';
import { retellEnds } from './webhooks/retell.ts';

export interface DevOptions extends LocalPlatformOptions {
  versions: () => Promise<Record<string, string>>;
  /** Of the program. */
  version: string;
  /** 0 takes one that is free. */
  port: number;
  /** The folders that inputs may lie below. */
  inputRoots: string[];
  /** Where the video of an id lies, for clients that name videos so: a path with `{video_id}` in it. */
  videos?: string | undefined;
  /** Parameters of the jobs of those clients. */
  videoParams?: Record<string, unknown>;
  /** Files below `<folder>/<workload>/` become jobs; `incoming` in the state folder if not given. */
  watchFolder?: string;
  /** Webhooks may go to receivers on this machine and in its networks. */
  allowPrivateWebhooks?: boolean;
  /** The job status page. */
  page?: PageFiles;
  /** Hears of faults of ours, which the API does not tell. */
  onFault: (thrown: unknown) => void;
}

export interface Dev {
  url: string;
  /** What an earlier process left undone. */
  left: Resumed;
  /** Takes no more requests, cancels what runs and waits until its processes have ended. */
  close(): Promise<void>;
}

/** There are no credentials at home: whoever can reach the port is this team. */
const HOME_TEAM = 'local';

const STATE_MACHINES = fileURLToPath(new URL('../../statemachines', import.meta.url));

// A look at what runs here costs next to nothing.
const SWEEP_MS = 2_000;

/**
 * The jobs API over the platform on this machine.
 * @throws InputError when the port or the state folder is taken; InputNotFoundError when an input root is not there.
 */
export async function startDev(options: DevOptions): Promise<Dev> {
  const { stateFolder, inputRoots, port, version, onFault } = options;
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    const lock = lockFolder(stateFolder);
    closers.push(() => lock[Symbol.dispose]());
    const { announce, webhooks, ports: noticePorts } = openDevNotices(options);
    closers.push(() => webhooks.close());
    const platform = await openLocalPlatform({ ...options, announce });
    closers.push(() => platform.close());
    closers.push(() => platform.stopWork());
    let url = '';
    const apiUrl = () => url;
    const { links, find } = resultFiles(platform, apiUrl);
    const { records } = platform;
    const { uploads, receive, folder, ...sending } = openDevUploads({ stateFolder, records, links, apiUrl, onFault });
    closers.push(sending.close);
    const incoming = options.watchFolder ?? join(stateFolder, 'incoming');
    await Promise.all([folder, incoming].map((one) => mkdir(one, { recursive: true })));
    const readable = [...inputRoots, folder, incoming];
    const rules = { refuseInput: refuseOutsideInput(readable), refusePrefix: refuseOutsidePrefix(readable) };
    const ports = { ...platform, ...noticePorts, ...rules, uploads };
    const batches = openBatchWorker(ports, onFault);
    closers.push(() => batches.close());
    const callerOf = () => ({ team: HOME_TEAM, operator: true });
    const oldNames = {
      ...(options.videos ? { videoUri: videoLookup(resolve(options.videos)) } : {}),
      videoParams: options.videoParams ?? {},
      clipUri: (key: string) => resolve(inputRoots[0]!, key),
    };
    const store = openFolderStore(join(stateFolder, 'workloads'));
    const served = await serveJobsApi({
      ...ports,
      registration: openRegistration({ store, taken: Object.keys(options.workloads), prepare: refuseWithoutPrograms }),
      ...oldNames,
      port,
      version,
      onFault,
      receive,
      wakeBatch: batches.wake,
      listing: openInputListing(),
      findFile: find,
      machineOf: machinesIn(options.stateMachines ?? STATE_MACHINES),
      ...(options.page ? { page: options.page } : {}),
      callerOf,
    });
    closers.push(() => served.close());
    url = served.url;
    // Not before the port is ours: who can't serve must not begin any work.
    await retellEnds(HOME_TEAM, { ...platform, notices: webhooks });
    await webhooks.resume();
    const left = await resumeJobs(HOME_TEAM, ports);
    await batches.resume(HOME_TEAM);
    closers.push(await watchFolder({ folder: incoming, team: HOME_TEAM, onFault }, ports));
    closers.push(sweepRegularly({ sweep: platform.sweep, everyMs: SWEEP_MS, onFault }));
    return { url, left, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** A definition alone is no workload here: its programs would be nowhere. */
async function refuseWithoutPrograms(): Promise<never> {
  const hint = 'On the machine that serves, run: stepreel register <folder>';
  throw new RequestRefused('NotOffered', 'At home a workload is registered with its folder, programs and all.', hint);
}
