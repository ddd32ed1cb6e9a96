import type { TextLine, TextReader } from '#inference/text/text-reader';
import { cropOf, type GreyPicture } from '../features/picture.ts';
import type { TextRegion } from '../features/text/match-regions.ts';
import { cropSimilarity } from '../features/text/text-change.ts';
import { blackOnWhite, MARGIN } from './black-on-white.ts';
import { findText, type TextPlace } from './find-text.ts';
import { isText } from './is-text.ts';
import { withoutEchoes } from './without-echoes.ts';

export interface ReadingRule {
  /** SSIM above which a frame, or a place in it, is not read again. */
  ocrSkipSsim: number;
  minTextConfidence: number;
}

/** What was read in one frame. */
export interface FrameText {
  regions: TextRegion[];
  /** `reused`: the frame was so like the one before that its text was taken over. */
  from: 'read' | 'reused';
}

export interface FrameTexts {
  frames: FrameText[];
  /** Places that were read, and places whose text was taken over. */
  read: number;
  reused: number;
}

/** A place that may hold text. Its lines are there when the reader has come to it. */
interface Place extends TextPlace {
  lines: TextLine[];
}

// A process that is started for a picture alone would mostly start; a few at a time keep both cores busy.
const PICTURES_A_CALL = 12;

/**
 * Reads the text of frames that are shown to it one after another. Reading goes on while the next frames are shown: the
 * caller measures meanwhile.
 */
export function createFrameReader(reader: TextReader, rule: ReadingRule, signal?: AbortSignal) {
  const frames: { places: Place[]; from: FrameText['from'] }[] = [];
  const reading: Promise<void>[] = [];
  let queue: { place: Place; picture: GreyPicture }[] = [];
  let before: GreyPicture | undefined;
  let [read, reused] = [0, 0];

  function send(): void {
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    const pictures = batch.map(({ picture }) => picture);
    const done = reader.read(pictures, signal).then((found) => {
      for (const [at, { place }] of batch.entries()) place.lines = found[at]!;
    });
    // It is awaited at the end; until then its failure must not count as unhandled.
    done.catch(() => undefined);
    reading.push(done);
  }

  function placeFor({ box, ink }: TextPlace, picture: GreyPicture): Place {
    const known = frames
      .at(-1)
      ?.places.find((place) => place.ink === ink && place.box.every((edge, at) => edge === box[at]));
    if (known && before && cropSimilarity(cropOf(before, box), cropOf(picture, box)) > rule.ocrSkipSsim) {
      reused += 1;
      return known;
    }
    read += 1;
    const place = { box, ink, lines: [] };
    queue.push({ place, picture: blackOnWhite(picture, place) });
    return place;
  }

  return {
    /**
     * Shows the next frame, and how alike its least alike part is to the one before (undefined for the first). Of a large
     * frame as a whole a changed word is so little that the rule would pass it over (docs/decisions/0032).
     */
    show(picture: GreyPicture, leastSsimToBefore: number | undefined): void {
      const last = frames.at(-1);
      if (last && leastSsimToBefore !== undefined && leastSsimToBefore > rule.ocrSkipSsim) {
        reused += last.places.length;
        frames.push({ places: last.places, from: 'reused' });
      } else {
        frames.push({ places: findText(picture).map((place) => placeFor(place, picture)), from: 'read' });
      }
      before = picture;
      if (queue.length >= PICTURES_A_CALL) send();
    },
    /** Waits for the reader. @throws ToolError when it failed. */
    async finish(): Promise<FrameTexts> {
      send();
      await Promise.all(reading);
      const texts = frames.map(({ places, from }) => ({
        regions: withoutEchoes(places.flatMap((place) => regionsOf(place, rule.minTextConfidence))),
        from,
      }));
      return { frames: texts, read, reused };
    },
  };
}

/** The lines of a place that are text, in pixels of the frame and inside of the place. */
function regionsOf({ box, lines }: Place, minTextConfidence: number): TextRegion[] {
  return lines
    .filter((line) => isText(line, minTextConfidence))
    .map(({ text, confidence, box: line }) => {
      const [x1, y1, x2, y2] = line;
      const across = (x: number) => Math.min(box[2], Math.max(box[0], box[0] + x - MARGIN));
      const down = (y: number) => Math.min(box[3], Math.max(box[1], box[1] + y - MARGIN));
      return { text, confidence, box: [across(x1), down(y1), across(x2), down(y2)] as const };
    });
}
