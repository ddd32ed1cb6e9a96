import { readFileSync } from 'node:fs';

/**
 * How many processes Linux has killed for want of memory so far: those of our own control group where it counts for itself,
 * of the whole machine otherwise. Undefined where the system does not say. Sources: cgroup-v2 documentation of the kernel,
 * `memory.events`; proc(5), /proc/vmstat.
 */
export function oomKills(
  files: readonly string[] = ['/sys/fs/cgroup/memory.events', '/proc/vmstat'],
): number | undefined {
  for (const file of files) {
    const count = /^oom_kill (\d+)$/m.exec(textOf(file))?.[1];
    if (count !== undefined) return Number(count);
  }
  return undefined;
}

// What is not there says nothing: other systems, older kernels, the topmost control group.
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
