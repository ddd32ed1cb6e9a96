import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeViews } from '#workloads/reconstruct/example/encode-views';
import { type ExampleView, lookAt } from '#workloads/reconstruct/example/orbit';
import { renderMoving } from '#workloads/reconstruct/example/scene';
import { stepreel } from '../test/helpers/stepreel.ts';

const HELP = `a drawn walk with a phone in the hand: node bench/hand-held.ts [--keep clip.mp4] [--seconds 8]

  Draws the example's scene as a phone would film it: a hand that shakes, exposure of 1/60 s, rows read one after another
  within 1/45 s, a lens that is sharp at one distance, noise, and H.264 at crf 27. Then runs stepreel run reconstruct on it
  at preset low and prints what the gate measured. It is drawn: nothing here says what real footage gives.`;

const { values } = parseArgs({
  options: {
    keep: { type: 'string' },
    seconds: { type: 'string', default: '8' },
    help: { type: 'boolean', default: false },
  },
});

const [WIDTH, HEIGHT, FPS] = [480, 360, 12];
const [EXPOSURE_SECONDS, READOUT_SECONDS] = [1 / 60, 1 / 45];
const LENS_METRES = 0.004;
const NOISE = 5;
const RADIUS = 3;

if (values.help) console.log(HELP);
else {
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-hand-held-'));
  try {
    const frames = Math.round(Number(values.seconds) * FPS);
    const pictures = (function* () {
      for (let frame = 0; frame < frames; frame += 1) yield noisy(film(frame / FPS, frames / FPS), frame);
    })();
    const views = { width: WIDTH, height: HEIGHT, framesPerSecond: FPS, pictures, options: ['-crf', '27'] };
    const path = resolve(values.keep ?? join(folder, 'hand-held.mp4'));
    const clip = await encodeViews(views, dirname(path), basename(path));
    const output = join(folder, 'result');
    const run = await stepreel(['run', 'reconstruct', '--input', clip, '--output', output, '--param', 'preset=low']);
    if (run.code !== 0) throw new Error(run.stderr);
    const { verdict, checks, selection, models } = JSON.parse(await readFile(join(output, 'quality.json'), 'utf8'));
    console.log(`chosen ${selection.chosen} of ${selection.candidates}, left out ${JSON.stringify(selection.refused)}`);
    console.log(`models of ${models.join(', ')} frames; ${verdict}`);
    for (const { name, value, unit } of checks) console.log(`${name}: ${value} ${unit}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One frame: each row later than the one above, each ray of a pixel at another time of the exposure and place of the lens. */
function film(seconds: number, all: number): Uint8Array {
  return renderMoving(
    (row, ray) => {
      const moment = seconds + (row / HEIGHT) * READOUT_SECONDS + ((ray + 0.5) / 4) * EXPOSURE_SECONDS;
      return inHand(moment, all, ray);
    },
    WIDTH,
    HEIGHT,
  );
}

/** Two thirds around the table. All rays of the lens meet where it is sharp: at the middle of the scene. */
function inHand(seconds: number, all: number, ray: number): ExampleView {
  const angle = ((2 / 3) * 2 * Math.PI * seconds) / all;
  const shake = (axis: number) =>
    // Sway of the body, steps, and the tremor of a hand (8 to 12 Hz).
    0.03 * Math.sin(2 * Math.PI * 0.7 * seconds + axis) +
    0.012 * Math.sin(2 * Math.PI * 1.9 * seconds + 2.3 * axis) +
    0.0015 * Math.sin(2 * Math.PI * 9.3 * seconds + 4.1 * axis);
  const height = 1.5 + 0.15 * Math.sin(2 * angle) + shake(0);
  const level = Math.sqrt(RADIUS ** 2 - 1.15 ** 2) + shake(1);
  const aim: [number, number, number] = [2 * shake(2), 2 * shake(3), 0.35 + 2 * shake(4)];
  const centre: [number, number, number] = [level * Math.cos(angle), level * Math.sin(angle), height];
  const middle = lookAt(centre, aim, 0.75 * WIDTH);
  const [across, along] = [(ray & 1) - 0.5, (ray >> 1) - 0.5].map((part) => 2 * LENS_METRES * part) as [number, number];
  const moved = centre.map((value, axis) => value + across * middle.right[axis]! + along * middle.down[axis]!);
  return lookAt(moved as [number, number, number], aim, 0.75 * WIDTH);
}

/** Noise as a sensor has it in a room, the same one each time. */
function noisy(rgb: Uint8Array, frame: number): Uint8Array {
  let state = 12_345 + 7_919 * frame;
  const uniform = () => {
    // Numerical Recipes' linear congruential generator, of 32 bits.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  // Three uniform numbers are near enough to a bell, with half its width for a standard deviation.
  return rgb.map((value) =>
    Math.max(0, Math.min(255, Math.round(value + 2 * NOISE * (uniform() + uniform() + uniform())))),
  );
}
