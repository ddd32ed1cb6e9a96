import { ContractError } from '#core/errors';
import { startFfmpeg } from '../ffmpeg.ts';
import { openPictureIntake } from '../picture-intake.ts';

/** How far luma went from the source where nothing was drawn: the sum of squared differences, and over how many pixels. */
export interface PictureLoss {
  squares: number;
  pixels: number;
}

/** Compares some pictures of a segment, as they were before they were drawn on, with what became of them. */
export interface LossMeter {
  /** Takes the luma of a frame before it is drawn on, if it is one of those. */
  before(frame: number, picture: Uint8Array): void;
  /** And after. */
  after(frame: number, picture: Uint8Array): void;
  /** Decodes them from the file that the segment became. @throws ContractError when they are not there. */
  measure(file: { path: string; signal?: AbortSignal | undefined }): Promise<PictureLoss>;
}

// Early ones, so that some dozen frames are decoded for them and not the whole segment; only the first is a key frame.
const COMPARED = [0, 15, 30];

/** The peak signal-to-noise ratio in decibels; at most 100, which stands for "the same". */
export function psnrDb({ squares, pixels }: PictureLoss, bitDepth: 8 | 10): number {
  const peak = 2 ** bitDepth - 1;
  const decibels = squares === 0 ? 100 : Math.min(100, 10 * Math.log10((peak ** 2 * pixels) / squares));
  return Math.round(decibels * 10) / 10;
}

export function createLossMeter({ width, height }: { width: number; height: number }, bitDepth: 8 | 10): LossMeter {
  const pixels = width * height;
  const samplesOf = (picture: Uint8Array) =>
    bitDepth === 8
      ? picture.subarray(0, pixels)
      : new Uint16Array(Uint8Array.from(picture.subarray(0, pixels * 2)).buffer);
  const kept = new Map<number, { before: Uint8Array | Uint16Array; after?: Uint8Array | Uint16Array }>();
  return {
    before(frame, picture) {
      if (COMPARED.includes(frame)) kept.set(frame, { before: samplesOf(picture).slice() });
    },
    after(frame, picture) {
      const one = kept.get(frame);
      if (one) one.after = samplesOf(picture).slice();
    },
    async measure({ path, signal }) {
      const loss = { squares: 0, pixels: 0 };
      const frames = [...kept.keys()];
      let at = 0;
      for await (const picture of decode(path, frames, (pixels * 3 * (bitDepth === 8 ? 1 : 2)) / 2, signal)) {
        const { before, after } = kept.get(frames[at]!)!;
        const encoded = samplesOf(picture);
        for (let pixel = 0; pixel < pixels; pixel += 1) {
          if (before[pixel] !== after![pixel]) continue;
          loss.squares += (before[pixel]! - encoded[pixel]!) ** 2;
          loss.pixels += 1;
        }
        at += 1;
      }
      if (at < frames.length)
        throw new ContractError(`Of ${frames.length} pictures that were encoded ${at} could be decoded again.`);
      return loss;
    },
  };
}

/** The frames of these numbers, in the format of the file. */
async function* decode(path: string, frames: number[], bytes: number, signal: AbortSignal | undefined) {
  const intake = await openPictureIntake([new Uint8Array(bytes)]);
  const select = `select='${frames.map((frame) => `eq(n\\,${frame})`).join('+')}'`;
  const decoder = await startFfmpeg({
    input: { source: { path, demuxer: 'mov' } },
    output: {
      target: 'stdout',
      options: [
        ...['-map', '0:v:0', '-vf', select, '-fps_mode', 'passthrough', '-frames:v', String(frames.length)],
        ...['-c:v', 'rawvideo', '-f', 'rawvideo'],
      ],
    },
    intake,
    signal,
  });
  try {
    yield* intake.pictures();
  } finally {
    intake.close();
    await decoder.stop();
  }
}
