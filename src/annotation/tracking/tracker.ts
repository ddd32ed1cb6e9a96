import { type Box, type Corners, cornersOf, iou } from '../boxes.ts';
import { cheapestAssignment } from './assignment.ts';
import { type Motion, startMotion } from './motion.ts';

/** What a tracker is told of a found object. */
export interface Found {
  box: Box;
  score: number;
  classIndex: number;
}

/** One object over time. */
export interface Track {
  classIndex: number;
  /** How often it was seen. */
  hits: number;
}

interface Live extends Track {
  lastSeen: number;
  lastBox: Corners;
  motion: Motion;
}

export interface TrackerRule {
  /** A track that was not seen for longer than this ends. */
  maxLostSeconds: number;
  /** An object with a lower score goes on with a track and begins none ("ByteTrack", Zhang et al., 2022). */
  sureScore: number;
}

export interface Tracker {
  /** Says for each object found at this second which track it belongs to: one of before, a new one, or none. */
  follow(found: readonly Found[], seconds: number): (Track | undefined)[];
}

// The expected box and the found one overlap by this much at least.
const LEAST_OVERLAP = 0.3;
// What is left then may have moved faster than expected: boxes grown by this share on each side need only touch well
// ("Cascaded-Buffered IoU", Yang et al., 2023).
const GROWTH = 0.5;
const LEAST_OVERLAP_GROWN = 0.2;
// Where fewer than this share of objects is where one was expected, of at least so many on both sides, the scene may be
// another one: after a cut, what stands where something else stood shall not take its identity. If the next frame is like
// the one before, the camera was only shaken.
const CUT_SHARE = 0.25;
const CUT_OBJECTS = 3;
// Cost of a pair that may not be: dearer than any number of pairs that may.
const FORBIDDEN = 1e6;

/**
 * Follows objects by where they are expected to be: no appearance, so it costs microseconds. Classes are kept apart.
 * Close pairs are joined first, so that a fast object can't take a slow one's track.
 */
export function createTracker({ maxLostSeconds, sureScore }: TrackerRule): Tracker {
  let tracks: Live[] = [];
  let [before, lastSeconds] = [0, Number.NEGATIVE_INFINITY];
  /** Tracks from before what may have been a cut; the next frame decides. */
  let suspects: Set<Track> | undefined;

  return {
    follow(found, seconds) {
      // What was seen once and not again was a mistake: it shall not be there to take another one's place.
      tracks = tracks.filter(({ hits, lastSeen }) =>
        hits > 1 ? seconds - lastSeen <= maxLostSeconds : lastSeen === lastSeconds,
      );
      const expected = new Map(tracks.map((track) => [track, cornersOf(track.motion.at(seconds))] as const));
      const trackOf = new Array<Live | undefined>(found.length).fill(undefined);
      const isSure = found.map(({ score }) => score >= sureScore);
      const sure = isSure.filter(Boolean).length;

      function join(ofSure: boolean, least: number, overlapOf: (track: Live, box: Corners) => number): void {
        const free = tracks.filter((track) => !trackOf.includes(track));
        const open = found.map((_, at) => at).filter((at) => trackOf[at] === undefined && isSure[at] === ofSure);
        if (free.length === 0) return;
        const costs = open.map((at) =>
          free.map((candidate) => {
            if (candidate.classIndex !== found[at]!.classIndex) return FORBIDDEN;
            const overlap = overlapOf(candidate, cornersOf(found[at]!.box));
            return overlap >= least ? 1 - overlap : FORBIDDEN;
          }),
        );
        for (const [row, column] of cheapestAssignment(costs).entries()) {
          if (column >= 0 && costs[row]![column]! < FORBIDDEN) trackOf[open[row]!] = free[column]!;
        }
      }

      function joinExpected(ofSure: boolean): void {
        join(ofSure, LEAST_OVERLAP, (track, box) => iou(expected.get(track)!, box));
      }

      function joinRest(ofSure: boolean): void {
        // A box that was off once bends the motion: what stands still is where it was.
        join(ofSure, LEAST_OVERLAP, (track, box) => iou(track.lastBox, box));
        join(ofSure, LEAST_OVERLAP_GROWN, (track, box) => iou(grown(expected.get(track)!), grown(box)));
      }

      joinExpected(true);
      const ofBefore = trackOf.filter((track) => track !== undefined);
      if (suspects) {
        const isOld = (track: Track) => suspects!.has(track);
        const wasCut = ofBefore.filter(isOld).length * 2 < ofBefore.length;
        // What one side has taken from the other is dealt out again.
        tracks = tracks.filter((track) => isOld(track) !== wasCut);
        for (const [at, track] of trackOf.entries()) if (track && isOld(track) === wasCut) trackOf[at] = undefined;
        suspects = undefined;
        joinExpected(true);
      } else if (isSuspect(ofBefore.length, before, sure)) {
        suspects = new Set(tracks);
        trackOf.fill(undefined);
      }
      if (!suspects) {
        joinRest(true);
        joinExpected(false);
        joinRest(false);
      }
      [before, lastSeconds] = [sure, seconds];
      return found.map(({ box, classIndex }, at) => {
        const known = trackOf[at];
        if (known) {
          known.motion.see(box, seconds);
          known.lastBox = cornersOf(box);
          known.hits += 1;
          known.lastSeen = seconds;
          return known;
        }
        if (!isSure[at]) return undefined;
        const motion = startMotion(box, seconds);
        const track: Live = { classIndex, hits: 1, lastSeen: seconds, lastBox: cornersOf(box), motion };
        tracks.push(track);
        return track;
      });
    },
  };
}

function isSuspect(again: number, before: number, now: number): boolean {
  return Math.min(before, now) >= CUT_OBJECTS && again < CUT_SHARE * Math.max(before, now);
}

function grown([x1, y1, x2, y2]: Corners): Corners {
  const [wide, high] = [(x2 - x1) * GROWTH, (y2 - y1) * GROWTH];
  return [x1 - wide, y1 - high, x2 + wide, y2 + high];
}
