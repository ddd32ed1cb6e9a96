import { afterEach, beforeEach, vi } from 'vitest';

/** What AWS Lambda gives beside the event. */
export const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };

/** Keeps what a function prints, which is its log on AWS, of each test by itself. */
export function keepLog(): () => Record<string, unknown>[] {
  let written: string[] = [];
  beforeEach(() => {
    written = [];
    // Powertools then prints through the global console.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, level).mockImplementation((line: string) => void written.push(line));
    }
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  return () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
}
