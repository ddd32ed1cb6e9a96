import type { Reporter } from './reporter.ts';

/** One JSON document a line on stdout: `preparing` and `job`, then `history` and `progress` as they come, then `result`. */
export function jsonReporter(): Reporter {
  const print = (document: object) => process.stdout.write(`${JSON.stringify(document)}\n`);
  return {
    preparing: (what) => print({ event: 'preparing', what }),
    started: (job) => print({ event: 'job', ...job }),
    event: (history) => print({ event: 'history', ...history }),
    progress: (progress) => print({ event: 'progress', ...progress }),
    finished: (result) => print({ event: 'result', ...result }),
    close: () => {},
  };
}
