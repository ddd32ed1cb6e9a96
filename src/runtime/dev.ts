import { lockFolder } from '#adapters/local/folder-lock';
import type { ExecutionRequest, Executions } from '#core/ports';
import { refuseOutsideInput } from './dev-inputs.ts';
import { resultFiles } from './dev-results.ts';
import { type Resumed, resumeJobs } from './dev-resume.ts';
import { serveJobsApi } from './jobs-api/serve.ts';
import { type LocalPlatform, type LocalPlatformOptions, openLocalPlatform } from './local.ts';

export interface DevOptions extends LocalPlatformOptions {
  versions: () => Promise<Record<string, string>>;
  /** Of the program. */
  version: string;
  /** 0 takes one that is free. */
  port: number;
  /** The folders that inputs may lie below. */
  inputRoots: string[];
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
    const refuseInput = refuseOutsideInput(inputRoots);
    const lock = lockFolder(stateFolder);
    closers.push(() => lock[Symbol.dispose]());
    const platform = await openLocalPlatform(options);
    closers.push(() => platform.close());
    const work = runningWork(platform, onFault);
    closers.push(() => work.cancelAll());
    const ports = { ...platform, executions: work.executions, refuseInput };
    let url = '';
    const { uploads, find } = resultFiles(platform, () => url);
    const callerOf = () => ({ team: HOME_TEAM, operator: true });
    const served = await serveJobsApi({ ...ports, port, version, onFault, uploads, findFile: find, callerOf });
    closers.push(() => served.close());
    url = served.url;
    // Not before the port is ours: who can't serve must not begin any work.
    const left = await resumeJobs(HOME_TEAM, ports);
    return { url, left, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Knows which executions run, whoever started them. */
function runningWork({ executions, jobs }: LocalPlatform, onFault: DevOptions['onFault']) {
  const running = new Map<string, { jobId: string; ended: Promise<unknown> }>();

  const start = async (request: ExecutionRequest) => {
    const started = await executions.start(request);
    const { name, jobId } = request;
    // An end that could not be recorded: the job stays as it is, and the next start takes it up.
    const ended = executions.ended(name).catch(onFault);
    running.set(name, { jobId, ended: ended.then(() => running.delete(name)) });
    return started;
  };

  return {
    executions: { ...executions, start } satisfies Executions,
    async cancelAll() {
      const stopped = Array.from(running, async ([name, { jobId, ended }]) => {
        await jobs.transition(jobId, 'CANCELING', {}, name);
        await executions.stop(name);
        await ended;
      });
      await Promise.all(stopped);
    },
  };
}
