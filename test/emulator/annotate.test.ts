import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import annotate from '#workloads/annotate/workload';
import { testFolder } from '../helpers/folder.ts';
import { frameTimes } from '../helpers/media-streams.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { openClient } from './client.ts';
import { taskOf } from './faults.ts';
import { deployPlatform } from './operator.ts';

/** The stories of annotate, with the states, functions and tasks that AWS would have. */
describe.skipIf(!process.env.AWS_ENDPOINT_URL)('annotate, deployed under AWS_ENDPOINT_URL', () => {
  // Every frame is drawn on; few are looked at, so that the story is short.
  const PARAMS = { every: 30, preset: 'ultrafast' };
  let client: ReturnType<typeof openClient>;
  let clip: string;
  let bytes: Uint8Array;

  beforeAll(async () => {
    client = openClient(await deployPlatform(await testFolder()));
    const { drawExample } = await annotate.example!();
    clip = (await drawExample(await testFolder()))[0]!.uri;
    bytes = await readFile(clip);
  });

  it('makes of the example clip the same bytes as the laptop does, in fifteen state transitions', async () => {
    const uri = await client.upload('example.mp4', bytes);
    const id = await client.submit({ workload: 'annotate', input: uri, params: PARAMS });
    expect(await client.ended(id)).toMatchObject({
      status: 'SUCCEEDED',
      degraded: [],
      charge: { transitions: expect.any(Number) },
    });
    const { body } = await client.call('GET', `jobs/${id}`);
    expect(body.charge.transitions).toBeLessThanOrEqual(15);

    const [there, here] = [join(await testFolder(), 'there'), join(await testFolder(), 'here')];
    await client.fetchResult(id, there);
    expect((await stepreel(['verify', there])).code).toBe(0);
    const params = Object.entries(PARAMS).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
    expect((await stepreel(['run', 'annotate', '--input', clip, '--output', here, ...params])).code).toBe(0);
    expect(await resultDigests(there)).toEqual(await resultDigests(here));
    expect(await frameTimes(join(there, 'annotated.mp4'))).toEqual(await frameTimes(clip));
  });

  it('takes a location file beside the video, and joins what two tasks have rendered', async () => {
    const places = Buffer.from('seconds,latitude,longitude\n0,12.5,77.5\n6,12.6,77.6\n');
    const input = [await client.upload('example.mp4', bytes), await client.upload('drive.csv', places, 'text/csv')];
    const params = { ...PARAMS, framesPerSegment: 150, framesPerShard: 5 };
    const id = await client.submit({ workload: 'annotate', input, params });
    expect(await client.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
    const there = join(await testFolder(), 'there');
    await client.fetchResult(id, there);
    expect(await frameTimes(join(there, 'annotated.mp4'))).toEqual(await frameTimes(clip));
    const [head] = (await readFile(join(there, 'detections.csv'), 'utf8')).split('\n');
    expect(head).toMatch(/latitude,longitude$/);
  });

  it('worker killed mid-job: the task is run again, to the same end', async () => {
    const uri = await client.upload('example.mp4', bytes);
    const id = await client.submit({ workload: 'annotate', input: uri, params: { ...PARAMS, every: 29 } });
    process.kill(await taskOf(id), 'SIGKILL');
    expect(await client.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('a video that is none is refused, and an endpoint that nobody listed too', async () => {
    const notes = await client.upload(`${randomUUID()}.mp4`, Buffer.from('These are my notes.\n'.repeat(100)));
    expect(await client.ended(await client.submit({ workload: 'annotate', input: notes }))).toMatchObject({
      status: 'REJECTED',
      error: { code: 'MediaError', step: 'ValidateInput' },
    });
    const uri = await client.upload('example.mp4', bytes);
    const params = { ...PARAMS, detectors: [{ endpoint: 'pavement' }] };
    const id = await client.submit({ workload: 'annotate', input: uri, params });
    const ended = await client.ended(id);
    expect(['FAILED', 'REJECTED']).toContain(ended.status);
    // Told by the next function, which read the task's verdict.
    expect(ended.error).toMatchObject({ code: 'InputError', message: expect.stringContaining('pavement') });
  });
});
