import { readFile } from 'node:fs/promises';

// Linux counts CPU time in ticks of this length (USER_HZ).
const TICK_SECONDS = 0.01;
const SAMPLE_MS = 50;

/** CPU seconds of this process and of all children that have ended, user and system (Linux). */
export async function cpuSeconds(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  // The name in brackets may hold blanks; utime, stime, cutime and cstime are fields 14 to 17 (proc(5)).
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) * TICK_SECONDS;
}

/** Follows the resident memory of this process and its children, and gives its peak in MiB (Linux). */
export function watchMemory(): { stop(): Promise<number> } {
  let peak = 0;
  const sample = async () => {
    peak = Math.max(peak, await residentMiB());
  };
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    async stop() {
      clearInterval(timer);
      await sample();
      return Math.round(peak);
    },
  };
}

async function residentMiB(): Promise<number> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  const pids = ['self', ...children.split(' ').filter(Boolean)];
  const statuses = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')));
  return statuses.reduce((sum, status) => sum + Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024, 0);
}
