import { describeEvent, printFinished } from './phrases.ts';
import type { Reporter } from './reporter.ts';

// A line for each tenth of a step is enough for a log file.
const PERCENT_STEP = 10;

/** Lines on stderr, for pipes and log files; the result's path alone goes to stdout. */
export function plainReporter(): Reporter {
  const printed = new Map<string, number>();
  return {
    preparing: (what) => process.stderr.write(`${what}\n`),
    started: ({ id }) => process.stderr.write(`${id}\n`),
    event(event) {
      const line = describeEvent(event);
      if (line !== undefined) process.stderr.write(`${line}\n`);
    },
    progress({ step, percent, done, total }) {
      if (percent - (printed.get(step) ?? 0) < PERCENT_STEP) return;
      printed.set(step, percent);
      process.stderr.write(`  ${step}: ${done} of ${total} (${Math.floor(percent)} %)\n`);
    },
    finished: printFinished,
    close: () => {},
  };
}
