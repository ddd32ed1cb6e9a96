import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobInput } from '#core/job';

export interface FaultPlace {
  /** The job parameter `fault`: `<place>:<what>`, as in `CountLetters-1:kill`. */
  fault?: string | undefined;
  place: string;
  input: JobInput[];
  signal: AbortSignal;
}

/** The file that a fault leaves beside the job's input: the process id of the attempt that it happened to. */
export function faultMark(input: JobInput[], name: string): string {
  return join(dirname(input[0]!.uri), `.${name}`);
}

/** Lets the fault that a test asked for happen here, once per input, or every time for one that ends in `-always`. */
export async function letFaultHappen({ fault, place, input, signal }: FaultPlace): Promise<void> {
  if (!fault?.startsWith(`${place}:`)) return;
  const what = fault.slice(place.length + 1);
  const mark = faultMark(input, place);
  const happened = existsSync(mark);
  writeFileSync(mark, String(process.pid));
  if (!happened || what.endsWith('-always')) await FAULTS[what]!({ input, signal });
}

const FAULTS: Record<string, (at: Pick<FaultPlace, 'input' | 'signal'>) => Promise<unknown> | unknown> = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  'kill-always': () => process.kill(process.pid, 'SIGKILL'),
  'kill-at-exit': () => process.once('exit', () => process.kill(process.pid, 'SIGKILL')),
  'slow-always': ({ signal }) => sleep(1_100, undefined, { signal }),
  'crash-always': () => {
    throw new Error('the toy crashed, as it was told to');
  },
  hang: ({ signal }) => sleep(600_000, undefined, { signal }),
  'hang-always': ({ signal }) => sleep(600_000, undefined, { signal }),
  'ignore-signals-always': () => sleep(600_000),
  'leave-grandchild-always': ({ input, signal }) => {
    const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    writeFileSync(faultMark(input, 'grandchild'), String(grandchild.pid));
    return sleep(600_000, undefined, { signal });
  },
};
