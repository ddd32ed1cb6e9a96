import { beforeEach, describe, expect, it } from 'vitest';
import { openLogs } from '#adapters/aws/logs';
import { kebabCase } from '#core/names';
import { CREATED_AT, logsSuite, textOf, type WrittenLine } from '../../conformance/logs.ts';
import { clientsAt } from '../../helpers/aws-in-process.ts';
import { ServiceFault, startJsonService } from '../../helpers/aws-json-service.ts';
import toy from '../../helpers/toy/workload.ts';

interface Stored {
  timestamp: number;
  eventId: string;
  message: string;
}

interface Ask {
  logGroupName: string;
  filterPattern: string;
  startTime: number;
  endTime: number;
  nextToken?: string;
}

const PAGE = 4;
const minutes = (count: number) => count * 60_000;
const created = Date.parse(CREATED_AT);

/** CloudWatch Logs of this process, as far as it is asked: pages, of which some are empty, the oldest first. */
async function someCloudWatch(now = created + minutes(1)) {
  const groups = new Map<string, Stored[]>();
  const asked: Ask[] = [];
  const endpoint = await startJsonService({
    FilterLogEvents(ask: Ask) {
      asked.push(ask);
      const { logGroupName, filterPattern, startTime, endTime, nextToken = '0' } = ask;
      const stored = groups.get(logGroupName);
      if (!stored) throw new ServiceFault('ResourceNotFoundException');
      const found = stored
        .filter(
          ({ timestamp, message }) => timestamp >= startTime && timestamp < endTime && matches(filterPattern, message),
        )
        .sort((a, b) => a.timestamp - b.timestamp);
      const [kind, at] = nextToken.includes('e') ? ['page', Number(nextToken.slice(1))] : ['empty', Number(nextToken)];
      if (kind === 'empty') return { events: [], nextToken: `e${at}` };
      return {
        events: found.slice(at, at + PAGE),
        ...(found.length > at + PAGE ? { nextToken: `${at + PAGE}` } : {}),
      };
    },
  });
  let time = now;
  const logs = openLogs({
    cloudWatchLogs: await clientsAt(endpoint).cloudWatchLogs(),
    prefix: '/stepreel/dev/',
    now: () => new Date(time),
  });
  let count = 0;
  const write = async (...lines: WrittenLine[]) => {
    for (const line of lines) {
      const runs = toy.steps[line.step]!.runs;
      const name = runs === 'lambda' ? `functions/toy-${kebabCase(line.step)}` : 'tasks/toy';
      const group = groups.get(`/stepreel/dev/${name}`) ?? [];
      const timestamp = created + line.second * 1000;
      group.push({ timestamp, eventId: `e-${count++}`, message: `${textOf(line)}\n` });
      groups.set(`/stepreel/dev/${name}`, group);
    }
  };
  return { logs, write, asked, setTime: (to: number) => (time = to) };
}

/** `{ ($.jobId = "a") && (($.phase = "B") || ($.phase = "C")) }`, as CloudWatch reads it. */
function matches(pattern: string, message: string): boolean {
  const line = JSON.parse(message) as Record<string, unknown>;
  const wanted = (name: string) =>
    Array.from(pattern.matchAll(new RegExp(`\\$\\.${name} = "([^"]*)"`, 'g')), ([, value]) => value);
  const phases = wanted('phase');
  return wanted('jobId').includes(String(line.jobId)) && (phases.length === 0 || phases.includes(String(line.phase)));
}

logsSuite('CloudWatch Logs', someCloudWatch);

describe('the logs of a job on AWS', () => {
  const job = { id: 'toy-1', workload: 'toy', createdAt: CREATED_AT };
  let cloudWatch: Awaited<ReturnType<typeof someCloudWatch>>;
  beforeEach(async () => {
    cloudWatch = await someCloudWatch(created + minutes(24 * 60));
  });
  const line = (second: number) => ({ jobId: 'toy-1', step: 'CheckWords', second, message: `line ${second}` });

  it('are found from their end, without reading a day of them for the last few', async () => {
    const last = 24 * 60 * 60 - 1;
    await cloudWatch.write(...Array.from({ length: 6 }, (_, index) => line(index)), line(last - 1), line(last));
    const steps = { CheckWords: toy.steps.CheckWords! };
    const { lines } = await cloudWatch.logs.tail({ job, steps, limit: 2 });
    expect(lines.map(({ message }) => message)).toEqual([`line ${last - 1}`, `line ${last}`]);
    expect(Math.min(...cloudWatch.asked.map(({ startTime }) => startTime))).toBe(created + minutes(24 * 60 - 5));
  });

  it('are found where they were written long before', async () => {
    await cloudWatch.write(line(1), line(2));
    const { lines } = await cloudWatch.logs.tail({ job, steps: toy.steps, limit: 2 });
    expect(lines).toHaveLength(2);
  });

  it('are asked for by the job, in the groups of its workload alone', async () => {
    await cloudWatch.logs.tail({ job, steps: toy.steps, limit: 2 });
    expect(new Set(cloudWatch.asked.map(({ logGroupName }) => logGroupName))).toEqual(
      new Set([
        '/stepreel/dev/functions/toy-check-words',
        '/stepreel/dev/functions/toy-plan-counts',
        '/stepreel/dev/functions/toy-write-report',
        '/stepreel/dev/tasks/toy',
      ]),
    );
    for (const { filterPattern } of cloudWatch.asked) expect(filterPattern).toContain('$.jobId = "toy-1"');
  });
});
