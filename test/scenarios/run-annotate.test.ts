import { access, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { frameTimes, psnr } from '../helpers/media-streams.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

/** Runs the workload on a clip and gives back how it ended and where the result is. */
async function runOn(folder: string, clip: string, { output = 'out', more = [] as string[] } = {}) {
  const model = await tinyDetector(folder);
  const result = join(folder, output);
  const params = [`model=${model}`, 'preset=ultrafast'].flatMap((param) => ['--param', param]);
  const ended = await stepreel(['run', 'annotate', '--input', clip, '--output', result, ...params, '--json', ...more]);
  return { ...ended, result };
}

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'));

describe('stepreel run annotate', () => {
  it.concurrent('goes through the states of the ASL file and leaves a video and a result that verifies', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder);
    const { code, documents, result, stderr } = await runOn(folder, clip);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const entered = documents.filter(({ type }) => String(type).endsWith('StateEntered')).map(({ state }) => state);
    expect(entered).toEqual([
      'ValidateInput',
      'PlanExtractFrames',
      'ExtractFrames',
      'PlanShards',
      'PlanDetectObjects',
      'DetectShards',
      'ChooseDevice',
      'DetectObjectsOnCpu',
      'TrackObjects',
      'PlanRenderVideo',
      'RenderSegments',
      'RenderVideo',
      'PlanJoinSegments',
      'WriteReport',
      'JobSucceeded',
    ]);
    // What is paid for by the piece: with one shard and one segment there are fifteen at most.
    expect((await readJson(result, 'receipt.json')).cost.transitions).toBeLessThanOrEqual(15);
    expect((await stepreel(['verify', result])).code).toBe(0);
    expect((await stat(join(result, '_SUCCESS'))).size).toBe(0);
    expect(await frameTimes(join(result, 'annotated.mp4'))).toEqual(await frameTimes(clip));
    // All frames have as many boxes, so that the first one is the video's picture.
    const first = 'trim=end_frame=1,scale=out_range=full,format=gray';
    expect(await psnr(join(result, 'poster.jpg'), join(result, 'annotated.mp4'), first)).toBeGreaterThan(30);
  });

  it.concurrent('tells the same in every format, every third frame looked at', async () => {
    const folder = await testFolder();
    const { result } = await runOn(folder, await drawClip(folder));
    const stats = await readJson(result, 'stats.json');
    expect(stats).toMatchObject({
      total_frames: 20,
      processed_frames: 7,
      detection_stats: { person: 7 },
      total_detections: 7,
      video_duration: 2,
      output_path: 'annotated.mp4',
      unique_tracks: 1,
      changes: [],
    });
    expect(stats.timeline.map(({ frames }: { frames: number }) => frames)).toEqual([4, 3]);
    const rows = parse(await readFile(join(result, 'detections.csv'), 'utf8'), { columns: true }) as Record<
      string,
      string
    >[];
    expect(rows.map(({ frame_number, tracker_id }) => [frame_number, tracker_id])).toEqual(
      ['0', '3', '6', '9', '12', '15', '18'].map((frame) => [frame, '1']),
    );
    const lines = (await readFile(join(result, 'detections.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).time_seconds)).toEqual([0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8]);
    const coco = await readJson(result, 'annotations.coco.json');
    expect([coco.images.length, coco.annotations.length, coco.tracks.length]).toEqual([7, 7, 1]);
    expect((await readFile(join(result, 'tracks.mot.txt'), 'utf8')).trim().split('\n')).toHaveLength(7);
    expect(await readFile(join(result, 'report.html'), 'utf8')).toContain('src="annotated.mp4"');
  });

  it.concurrent('gives the same bytes from run to run, receipt aside, in one shard or in many', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder);
    const [once, again, sharded] = [
      await runOn(folder, clip, { output: 'once' }),
      await runOn(folder, clip, { output: 'again' }),
      await runOn(folder, clip, { output: 'sharded', more: ['--param', 'framesPerShard=3'] }),
    ];
    expect(await resultDigests(again.result)).toEqual(await resultDigests(once.result));
    const video = (result: string) => readFile(join(result, 'annotated.mp4'));
    expect(await video(sharded.result)).toEqual(await video(once.result));
  });

  it.concurrent('renders a long video in segments, and joins them', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder, {
      seconds: 4,
      encode: ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p'],
    });
    const { code, documents, result } = await runOn(folder, clip, { more: ['--param', 'framesPerSegment=12'] });
    expect(code).toBe(0);
    const entered = documents.filter(({ type }) => type === 'TaskStateEntered').map(({ state }) => state);
    expect(entered.filter((state) => state === 'RenderVideo')).toHaveLength(2);
    expect(entered).toContain('JoinSegments');
    expect(await frameTimes(join(result, 'annotated.mp4'))).toEqual(await frameTimes(clip));
    await access(join(result, 'poster.jpg'));
    expect((await stepreel(['verify', result])).code).toBe(0);
  });

  it.concurrent('uses what there is of a video that is cut in the middle, and says where it stopped', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder, { seconds: 4, size: '640x360' });
    await truncate(clip, Math.floor((await stat(clip)).size * 0.6));
    const { code, result } = await runOn(folder, clip);
    expect(code).toBe(65);
    await access(join(result, '_PARTIAL'));
    const missing = [expect.stringMatching(/the video after frame \d+/)];
    expect(await readJson(result, 'manifest.json')).toMatchObject({ outcome: 'partial', missing });
    expect(await readFile(join(result, 'report.html'), 'utf8')).toContain('Partial');
    expect((await stepreel(['verify', result])).code).toBe(0);
  });

  it.concurrent.each([
    {
      name: 'a file that is no video',
      make: async () => join(import.meta.dirname, '../../package.json'),
      more: [],
      says: 'does not end in',
      code: 64,
    },
    { name: 'a codec that is none', make: drawClip, more: ['--param', 'codec=prores'], says: 'codec', code: 64 },
    {
      name: 'a class that no detector knows',
      make: drawClip,
      more: ['--param', 'classes=["unicorn"]'],
      says: 'unicorn',
      code: 64,
    },
  ])('refuses $name', async ({ make, more, says, code }) => {
    const folder = await testFolder();
    const ended = await runOn(folder, await make(folder), { more });
    expect(ended).toMatchObject({ code });
    expect(ended.stdout + ended.stderr).toContain(says);
    await expect(access(ended.result)).rejects.toThrow();
  });

  it.concurrent('shows on a dry run what it would do, and does nothing', async () => {
    const folder = await testFolder();
    const { code, documents, result } = await runOn(folder, await drawClip(folder), { more: ['--dry-run'] });
    expect(code).toBe(0);
    const [plan] = documents as { preview: { what: string; value: unknown }[] }[];
    expect(plan!.preview).toEqual(
      expect.arrayContaining([
        { what: 'frames to draw on', value: 20 },
        { what: 'frames to sample', value: 7 },
        { what: 'detector', value: expect.stringContaining('tiny 1.0.0') },
        { what: 'encoder', value: 'h264, crf 23, preset ultrafast' },
      ]),
    );
    await expect(access(result)).rejects.toThrow();
  });

  it.concurrent('puts several detectors together, a class of the same name once', async () => {
    const folder = await testFolder();
    const model = await tinyDetector(folder);
    const detectors = JSON.stringify([{ model }, { model }]);
    const { code, result } = await runOn(folder, await drawClip(folder, { seconds: 0.5 }), {
      more: ['--param', `detectors=${detectors}`],
    });
    expect(code).toBe(0);
    expect(await readJson(result, 'stats.json')).toMatchObject({ detection_stats: { person: 4 } });
  });
});
