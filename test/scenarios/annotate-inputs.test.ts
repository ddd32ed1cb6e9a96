import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawClip } from '../helpers/draw-clip.ts';
import { endpointServer } from '../helpers/endpoint-server.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'));
const FAST = ['--param', 'preset=ultrafast', '--json'];
const FOUND = { predictions: [{ class_name: 'lamp', confidence: 0.9, bbox: { x1: 40, y1: 40, x2: 90, y2: 120 } }] };

function listed(url: string) {
  const lighting = {
    protocol: 'predictions',
    url: `${url}/invocations`,
    health: `${url}/ping`,
    classes: ['lamp'],
    retries: 0,
    concurrency: 1,
  };
  return { STEPREEL_ENDPOINTS: JSON.stringify({ lighting }) };
}

describe('detectors behind an endpoint', () => {
  it.concurrent('work beside a model at home', async () => {
    const [folder, server] = [await testFolder(), await endpointServer(() => ({ body: FOUND }))];
    const [clip, model] = [await drawClip(folder, { seconds: 1 }), await tinyDetector(folder)];
    const detectors = JSON.stringify([{ model }, { endpoint: 'lighting' }]);
    const args = [
      'run',
      'annotate',
      '--input',
      clip,
      '--output',
      join(folder, 'out'),
      '--param',
      `detectors=${detectors}`,
    ];
    const { code } = await stepreel([...args, ...FAST], { env: listed(server.url) });
    await server.close();
    expect(code).toBe(0);
    expect(await readJson(folder, 'out', 'stats.json')).toMatchObject({ detection_stats: { person: 4, lamp: 4 } });
    expect((await readJson(folder, 'out', 'manifest.json')).models).toHaveLength(1);
  });

  it.concurrent('that fail in the middle leave a partial result with the frames named, not a plain video', async () => {
    const [folder, server] = [
      await testFolder(),
      await endpointServer(({ method }, call) =>
        method === 'POST' && (call === 1 || call === 3) ? { status: 500 } : { body: FOUND },
      ),
    ];
    const args = [
      'run',
      'annotate',
      '--input',
      await drawClip(folder, { seconds: 2 }),
      '--output',
      join(folder, 'out'),
    ];
    const { code } = await stepreel([...args, '--param', 'detectors=[{"endpoint":"lighting"}]', ...FAST], {
      env: listed(server.url),
    });
    await server.close();
    expect(code).toBe(65);
    await access(join(folder, 'out', '_PARTIAL'));
    const missing = ['what lighting would have found on 2 frames: 3, 9'];
    expect(await readJson(folder, 'out', 'manifest.json')).toMatchObject({ outcome: 'partial', missing });
  });

  it.concurrent('that are absent fail the job, and no video is passed through as if nothing had been found', async () => {
    const [folder, server] = [await testFolder(), await endpointServer(() => ({ body: FOUND }))];
    await server.close();
    const args = ['run', 'annotate', '--input', await drawClip(folder, { seconds: 0.5 })];
    const more = ['--output', join(folder, 'out'), '--param', 'detectors=[{"endpoint":"lighting"}]', ...FAST];
    const { code, stdout } = await stepreel([...args, ...more], { env: listed(server.url) });
    expect(code).toBe(75);
    expect(stdout).toContain('The endpoint lighting');
    await expect(access(join(folder, 'out'))).rejects.toThrow();
  });

  it.concurrent('that the operator has not listed are refused', async () => {
    const folder = await testFolder();
    const args = [
      'run',
      'annotate',
      '--input',
      await drawClip(folder, { seconds: 0.5 }),
      '--output',
      join(folder, 'out'),
    ];
    const { code, stdout, stderr } = await stepreel([
      ...args,
      '--param',
      'detectors=[{"endpoint":"pavement"}]',
      ...FAST,
    ]);
    expect(code).toBe(64);
    expect(stdout + stderr).toContain('pavement');
    await expect(access(join(folder, 'out'))).rejects.toThrow();
  });
});

it('fps 0: a file that claims it is refused by what it says', async () => {
  const folder = await testFolder();
  const clip = await drawClip(folder, { name: 'zero.avi', seconds: 0.5, encode: ['-c:v', 'mjpeg'] });
  const bytes = await readFile(clip);
  // The numerator of the rate in the stream's header: its name, its size, and seven numbers before.
  bytes.writeUInt32LE(0, bytes.indexOf('strh') + 32);
  await writeFile(clip, bytes);
  const args = ['run', 'annotate', '--input', clip, '--output', join(folder, 'out')];
  const { code, stderr } = await stepreel(args);
  expect(code).toBe(64);
  expect(stderr).toContain('0 frames a second');
});

describe('a location file beside the video', () => {
  it.concurrent('gives each frame the place that is nearest in time', async () => {
    const folder = await testFolder();
    const places = join(folder, 'drive.csv');
    await writeFile(places, 'seconds,latitude,longitude,speed\n0,12.5,77.5,3\n1,12.6,77.6,4\n');
    const inputs = ['--input', await drawClip(folder, { seconds: 2 }), '--input', places];
    const more = ['--param', `model=${await tinyDetector(folder)}`, '--param', 'locationGapSeconds=0.5'];
    const { code } = await stepreel(['run', 'annotate', ...inputs, '--output', join(folder, 'out'), ...more, ...FAST]);
    expect(code).toBe(0);
    const lines = (await readFile(join(folder, 'out', 'detections.jsonl'), 'utf8')).trim().split('\n');
    const latitudes = lines.map((line) => JSON.parse(line).location?.latitude);
    expect(latitudes).toEqual([12.5, 12.5, 12.6, 12.6, 12.6, 12.6, undefined].slice(0, latitudes.length));
    const [head] = (await readFile(join(folder, 'out', 'detections.csv'), 'utf8')).split('\n');
    expect(head).toMatch(/latitude,longitude,speed$/);
  });

  it.concurrent('that is none is refused before anything is decoded', async () => {
    const folder = await testFolder();
    const places = join(folder, 'drive.gpx');
    await writeFile(places, 'not a track');
    const inputs = ['--input', await drawClip(folder, { seconds: 0.5 }), '--input', places];
    const more = ['--param', `model=${await tinyDetector(folder)}`];
    const { code, stdout, stderr } = await stepreel([
      'run',
      'annotate',
      ...inputs,
      '--output',
      join(folder, 'out'),
      ...more,
      ...FAST,
    ]);
    expect(code).toBe(64);
    expect(stdout + stderr).toContain('drive.gpx');
  });
});
