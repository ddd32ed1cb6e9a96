import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SETTINGS } from '../../lib/settings.ts';

const DAY_SECONDS = 24 * 60 * 60;
const root = join(import.meta.dirname, '../..');
const longestJob = Math.max(
  ...globSync('statemachines/*.asl.json', { cwd: root }).map(
    (file) => (JSON.parse(readFileSync(join(root, file), 'utf8')) as { TimeoutSeconds: number }).TimeoutSeconds,
  ),
);

it.each(Object.entries(SETTINGS))(
  'in %s what a job takes over is kept until the longest job has ended',
  (_stage, settings) => {
    const { work, reuse } = settings.retentionDays;
    expect((work - reuse) * DAY_SECONDS).toBeGreaterThan(longestJob);
  },
);
