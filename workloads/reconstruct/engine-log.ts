import type { Logger } from '#core/step';
import type { StageRun } from '#photogrammetry/engine';

// A mapper writes a line for every picture and every adjustment: hours of it are too much for anybody's log.
const EVERY_MS = 5_000;

/** How a step watches its engine: progress as it comes, and now and then the line that it is at. */
export function watchEngine(
  { logger, signal, progress }: { logger: Logger; signal: AbortSignal; progress(done: number, total: number): void },
  expected: number,
): StageRun {
  let told = 0;
  return {
    signal,
    onProgress: (done, total) => progress(Math.min(done, total || expected), total || expected),
    onLine(line) {
      const now = performance.now();
      if (now - told < EVERY_MS || line.trim() === '') return;
      told = now;
      logger.info('engine', { line: line.trim().slice(0, 200) });
    },
  };
}
