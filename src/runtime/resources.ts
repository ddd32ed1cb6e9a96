import { readdirSync, readFileSync } from 'node:fs';
import type { AttemptRecord } from '#core/verdict';

// Linux counts processor time in clock ticks of 1/100 s (USER_HZ), whatever the kernel's own rate. Source: proc(5), times(2).
const TICKS_PER_SECOND = 100;

// Often enough to see a decoder's buffers fill, and too seldom to cost anything.
const SAMPLE_INTERVAL_MS = 250;

const KIB_PER_MIB = 1024;

export interface ResourceMeter {
  /** Time, processor time and highest memory since the meter was started. */
  read(): Pick<AttemptRecord, 'startedAt' | 'seconds' | 'cpuSeconds' | 'peakMemoryMiB'>;
  stop(): void;
}

/**
 * Measures this process and, on Linux, the processes that it starts (ffmpeg). Memory is the highest sum of resident
 * sets that was sampled, and at least what the kernel says this process alone once had.
 */
export function meterResources(): ResourceMeter {
  const startedAt = new Date();
  const start = performance.now();
  const cpuAtStart = cpuSeconds();
  let sampledKib = 0;
  const stop = watchMemory((kib) => {
    sampledKib = Math.max(sampledKib, kib);
  });
  return {
    read() {
      sampleMemory();
      return {
        startedAt: startedAt.toISOString(),
        seconds: rounded((performance.now() - start) / 1000),
        cpuSeconds: rounded(cpuSeconds() - cpuAtStart),
        peakMemoryMiB: Math.round(Math.max(sampledKib, process.resourceUsage().maxRSS) / KIB_PER_MIB),
      };
    },
    stop,
  };
}

// Steps of many jobs run side by side in one process at home: they look at its memory together.
const watchers = new Set<(kib: number) => void>();
let timer: NodeJS.Timeout | undefined;
let sampled = { at: Number.NEGATIVE_INFINITY, kib: 0 };

function watchMemory(watch: (kib: number) => void): () => void {
  watchers.add(watch);
  timer ??= setInterval(sampleMemory, SAMPLE_INTERVAL_MS).unref();
  sampleMemory();
  watch(sampled.kib);
  return () => {
    watchers.delete(watch);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Tells all who watch how much memory is in use, unless they were told just now. */
function sampleMemory(): void {
  const now = performance.now();
  if (now - sampled.at < SAMPLE_INTERVAL_MS / 2) return;
  sampled = { at: now, kib: residentKib(process.pid) };
  for (const watch of watchers) watch(sampled.kib);
}

/** Processor seconds of this process and of its children that have ended. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + endedChildrenSeconds();
}

function endedChildrenSeconds(): number {
  // The fields after the command's closing bracket begin with the 3rd; cutime and cstime are the 16th and 17th.
  const fields = readProc('self/stat').split(') ').at(-1)!.split(' ');
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / TICKS_PER_SECOND;
}

/** The resident sets of a process and everything below it, in KiB; 0 where there is no /proc. */
function residentKib(pid: number): number {
  const own = Number(/^VmRSS:\s+(\d+)/m.exec(readProc(`${pid}/status`))?.[1] ?? 0);
  return childrenOf(pid).reduce((sum, child) => sum + residentKib(child), own);
}

function childrenOf(pid: number): number[] {
  return tasksOf(pid).flatMap((task) =>
    readProc(`${pid}/task/${task}/children`)
      .split(' ')
      .filter((child) => child !== '')
      .map(Number),
  );
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

// A process may end between two looks, and other systems have no /proc: both read as nothing.
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

function rounded(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000) / 1000);
}
