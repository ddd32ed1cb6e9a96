import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JobInput } from '#core/job';
import { locateFfmpeg } from '#media/ffmpeg';
import { jpegOfRgb } from '#media/images';
import { locateColmap } from '#photogrammetry/locate-colmap';
import type { Selected } from '#workloads/reconstruct/contract';
import { encodeViews } from '#workloads/reconstruct/example/encode-views';
import { turningViews } from '#workloads/reconstruct/example/orbit';
import { renderView } from '#workloads/reconstruct/example/scene';
import workload from '#workloads/reconstruct/workload';
import { clipOf, clipOfPictures, picturesOf, SMALL, smallOrbit } from '../../helpers/example-clips.ts';
import { testFolder } from '../../helpers/folder.ts';
import { runSteps } from '../../helpers/run-steps.ts';

const colmap = await locateColmap().catch(() => undefined);
afterEach(() => vi.unstubAllEnvs());

const { width, height } = SMALL;
const TO_THE_GATE = [
  'ValidateInput',
  'SelectFrames',
  'ExtractFeatures',
  'MatchFeatures',
  'EstimateCameras',
  'CheckQuality',
];

async function select(input: JobInput[], folder: string, params: Record<string, unknown> = {}) {
  const { verdicts } = await runSteps(workload, ['ValidateInput', 'SelectFrames'], { folder, input, params });
  return verdicts.SelectFrames as unknown as {
    status: string;
    output: Selected;
    error: { name: string; message: string };
  };
}

function* repeated(picture: Uint8Array, times: number) {
  for (let at = 0; at < times; at += 1) yield picture;
}

/** A picture as a lens out of focus sees it: the mean of a square around each pixel, three times. */
function blurred(picture: Uint8Array, reach: number): Uint8Array {
  let from = picture;
  for (let round = 0; round < 3; round += 1) {
    const to = new Uint8Array(from.length);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        for (let channel = 0; channel < 3; channel += 1) {
          let [sum, count] = [0, 0];
          for (let dy = -reach; dy <= reach; dy += 1) {
            for (let dx = -reach; dx <= reach; dx += 1) {
              const [px, py] = [x + dx, y + dy];
              if (px < 0 || py < 0 || px >= width || py >= height) continue;
              sum += from[3 * (py * width + px) + channel]!;
              count += 1;
            }
          }
          to[3 * (y * width + x) + channel] = sum / count;
        }
      }
    }
    from = to;
  }
  return from;
}

describe('a capture that nothing can be made of is refused before an engine is started', () => {
  it('a camera that stands still', async () => {
    const folder = await testFolder();
    const picture = renderView(smallOrbit()[0]!, width, height);
    const { status, error } = await select([await clipOfPictures(repeated(picture, 20), folder)], folder);
    expect(status).toBe('rejected');
    expect(error.name).toBe('MediaError');
    expect(error.message).toMatch(/stands still.*no parallax.*Walk around/);
  });

  it('a scene without texture', async () => {
    const folder = await testFolder();
    const even = Uint8Array.from({ length: 3 * width * height }, (_, at) => 120 + (at % (3 * width)) / 60);
    const { error } = await select([await clipOfPictures(repeated(even, 20), folder)], folder);
    expect(error.message).toMatch(/almost no texture.*pattern/);
  });

  it('five frames', async () => {
    const folder = await testFolder();
    const { error } = await select([await clipOf(smallOrbit().slice(0, 5), folder)], folder);
    expect(error.message).toMatch(/5 pictures.*at least 8/);
  });

  it('all frames blurred', async () => {
    const folder = await testFolder();
    const pictures = Array.from(picturesOf(smallOrbit().slice(0, 10), width, height), (picture) => blurred(picture, 2));
    const { error } = await select([await clipOfPictures(pictures, folder)], folder);
    expect(error.message).toMatch(/10 of its 10 pictures are blurred.*Move more slowly/);
  });
});

describe('odd input is taken as it is meant', () => {
  it('a portrait clip with rotation metadata is turned upright', async () => {
    const folder = await testFolder();
    const pictures = picturesOf(smallOrbit().slice(0, 10), width, height);
    const uri = await encodeViews({ width, height, framesPerSecond: 10, pictures }, folder, 'portrait.mp4');
    await turn(uri);
    const { output } = await select([{ name: 'portrait.mp4', uri }], folder, { stepWidths: 0.01 });
    expect([output.width, output.height]).toEqual([height, width]);
  });

  it('pictures of mixed sizes each have a camera of their own, and one that is no picture is named', async () => {
    const folder = await testFolder();
    const input: JobInput[] = [];
    for (const [at, view] of smallOrbit().slice(0, 9).entries()) {
      const size = at % 2 === 0 ? { width, height } : { width: width / 2, height: height / 2 };
      const uri = join(folder, `${at}.jpg`);
      await writeFile(
        uri,
        await jpegOfRgb(renderView({ ...view, focalPixels: 0.75 * size.width }, size.width, size.height), size),
      );
      input.push({ name: `${at}.jpg`, uri });
    }
    await writeFile(join(folder, 'broken.jpg'), 'no picture');
    input.push({ name: '../../broken.jpg', uri: join(folder, 'broken.jpg') });
    const { output } = await select(input, folder, { blurThreshold: 0 });
    expect(output.mixedSizes).toBe(true);
    expect(output.frames).toHaveLength(9);
    expect(output.unreadable).toEqual([
      { name: '../../broken.jpg', reason: expect.stringContaining('neither a JPEG nor a PNG') },
    ]);
  });

  it('names that look like paths stay names', async () => {
    const folder = await testFolder();
    const input: JobInput[] = [];
    for (const [at, view] of smallOrbit().slice(0, 8).entries()) {
      const uri = join(folder, `${at}.jpg`);
      await writeFile(uri, await jpegOfRgb(renderView(view, width, height), SMALL));
      input.push({ name: `../../etc/pass wd;$(x)${at}.jpg`, uri });
    }
    const { output } = await select(input, folder, { blurThreshold: 0 });
    expect(output.frames.map(({ file }) => file)).toEqual(
      Array.from({ length: 8 }, (_, at) => expect.stringMatching(new RegExp(`^000${at}_[\\w.-]+${at}\\.jpg$`))),
    );
  });

  it('corrupt frames in the middle are used as far as they can be, and counted', async () => {
    const folder = await testFolder();
    const clip = await clipOf(smallOrbit(), folder);
    // A codec whose decoder says which frames it had to patch.
    const uri = join(folder, 'holed.mkv');
    const { path } = await locateFfmpeg();
    const encode = ['-c:v', 'mpeg4', '-g', '6', '-q:v', '2', `file:${uri}`];
    await promisify(execFile)(path, ['-v', 'error', '-nostdin', '-y', '-i', `file:${clip.uri}`, ...encode]);
    const bytes = await readFile(uri);
    bytes.fill(0x5a, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.43));
    await writeFile(uri, bytes);
    const { status, output } = await select([{ name: 'holed.mkv', uri }], folder, { stepWidths: 0.01 });
    expect(status).toBe('succeeded');
    expect(output.frames.length).toBeGreaterThan(8);
    expect(output.damaged + (output.stoppedAt ? 1 : 0)).toBeGreaterThan(0);
  });

  it('never more frames than maxFrames', async () => {
    const folder = await testFolder();
    const { output } = await select([await clipOf(smallOrbit(), folder)], folder, { maxFrames: 9, stepWidths: 0.001 });
    expect(output.frames.length).toBeLessThanOrEqual(9);
    expect(() => workload.params.parse({ maxFrames: 301 })).toThrow(/300/);
  });
});

describe('what is submitted together has to be one thing', () => {
  it.each([
    { name: 'two videos', names: ['a.mp4', 'b.mp4'], says: /2 videos/ },
    { name: 'a video and a picture', names: ['a.mp4', 'b.jpg'], says: /1 videos and 1 pictures/ },
    { name: 'a text', names: ['a.txt'], says: /does not end in one of/ },
    { name: 'two trees', names: ['a.jpg', 'a.bin', 'b.bin'], says: /One vocabulary tree/ },
    { name: 'a tree alone', names: ['a.bin'], says: /0 videos and 0 pictures/ },
  ])('$name', async ({ names, says }) => {
    const folder = await testFolder();
    const input = names.map((name) => ({ name, uri: join(folder, name) }));
    const { verdicts } = await runSteps(workload, ['ValidateInput'], { folder, input });
    const { error } = verdicts.ValidateInput as unknown as { error: { name: string; message: string } };
    expect(error.name).toBe('InputError');
    expect(error.message).toMatch(says);
  });
});

it('where COLMAP is missing the step fails for good and says how to install it', async () => {
  const folder = await testFolder();
  const input = [await clipOf(smallOrbit().slice(0, 10), folder)];
  vi.stubEnv('STEPREEL_COLMAP', join(folder, 'nothing'));
  const steps = ['ValidateInput', 'SelectFrames', 'ExtractFeatures'];
  const { verdicts } = await runSteps(workload, steps, { folder, input, params: { stepWidths: 0.01 } });
  const { error } = verdicts.ExtractFeatures as unknown as { error: { name: string; message: string } };
  expect(error.name).toBe('ToolError');
  expect(error.message).toMatch(/apt install colmap/);
});

it.skipIf(!colmap)('a camera that only turns is refused at the gate, with COLMAP', { timeout: 200_000 }, async () => {
  const folder = await testFolder();
  const input = [await clipOf(turningViews({ views: 14, radius: 3, width }), folder)];
  const params = { preset: 'low', stepWidths: 0.01 };
  const { verdicts } = await runSteps(workload, TO_THE_GATE, { folder, input, params });
  const { status, error } = verdicts.CheckQuality as unknown as {
    status: string;
    error: { name: string; message: string };
  };
  expect(status).toBe('rejected');
  expect(error.name).toBe('MediaError');
  expect(error.message).toMatch(/no parallax|turning on the spot/);
});

it.skipIf(!colmap)(
  'a mirror, or water: every frame shows something else, and the gate says so, with COLMAP',
  {
    timeout: 200_000,
  },
  async () => {
    const folder = await testFolder();
    const pictures = Array.from({ length: 9 }, (_, at) => glitter(at));
    const input = [await clipOfPictures(pictures, folder)];
    const { verdicts } = await runSteps(workload, TO_THE_GATE, {
      folder,
      input,
      params: { preset: 'low', stepWidths: 0.01 },
    });
    const { error } = verdicts.CheckQuality as unknown as { error: { name: string; message: string } };
    expect(error.name).toBe('MediaError');
    expect(error.message).toMatch(/too few matches: \d+ pairs of \d+ frames.*Move in one smooth way/);
  },
);

/** Blotches of light that are elsewhere in every frame. */
function glitter(frame: number): Uint8Array {
  const rgb = new Uint8Array(3 * width * height).fill(60);
  for (let spot = 0; spot < 500; spot += 1) {
    const mixed = mixedUp(1_000 * frame + spot);
    const [x, y, side] = [mixed % (width - 12), (mixed >>> 9) % (height - 12), 3 + ((mixed >>> 20) % 9)];
    for (let row = y; row < y + side; row += 1)
      rgb.fill(80 + (mixed >>> 24), 3 * (row * width + x), 3 * (row * width + x + side));
  }
  return rgb;
}

/** MurmurHash3's last step: neighbouring numbers give bits that have nothing to do with each other. */
function mixedUp(number: number): number {
  const once = Math.imul(number ^ (number >>> 16), 0x85eb_ca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2_ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

/** Sets the display matrix of an MP4's track to a quarter turn, as phones do. Source: ISO/IEC 14496-12, tkhd. */
async function turn(path: string): Promise<void> {
  const bytes = await readFile(path);
  const matrix = bytes.indexOf('tkhd', 0, 'latin1') + 4 + 40;
  for (const [at, value] of [0, 0x1_0000, 0, -0x1_0000, 0, 0, 0, 0, 0x4000_0000].entries()) {
    bytes.writeInt32BE(value, matrix + 4 * at);
  }
  await writeFile(path, bytes);
}
