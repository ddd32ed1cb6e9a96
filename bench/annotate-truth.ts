import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawExampleClip } from '#media/scenes/example-clip';
import { exampleFilm, FILM, type Place } from '#media/scenes/example-film';
import { TRAINING_FAMILIES } from '#media/scenes/families';
import { LABELS } from '#media/scenes/scene';

/**
 * Who is where on the frames of the example clip, as a ground truth file of the MOT Challenge, for an evaluator that is
 * not ours: frame (from 1), identity, left, top, width, height, 1, class (from 1), visibility.
 *   node bench/annotate-truth.ts --output truth            truth/gt.txt
 *   node bench/annotate-truth.ts --output truth --film 1   the same of a film of other places, beside its example.mp4
 */
const { values } = parseArgs({ options: { output: { type: 'string', default: 'truth' }, film: { type: 'string' } } });

// A place of the film has at most 255 actors; in the next place everybody is somebody else.
const ACTORS_PER_PLACE = 256;
const PLACES = 3;
const FRAMES_PER_PLACE = FILM.frames / PLACES;

const places = values.film === undefined ? undefined : placesOf(Number(values.film));
await mkdir(values.output, { recursive: true });
if (places) await drawExampleClip(values.output, places);

const lines: string[] = [];
let frame = 0;
for (const { truth } of exampleFilm(places)) {
  const place = Math.floor(frame / FRAMES_PER_PLACE);
  for (const { label, box, actor = 0 } of truth) {
    const identity = place * ACTORS_PER_PLACE + actor;
    lines.push([frame + 1, identity, ...box, 1, LABELS.indexOf(label) + 1, 1].join(','));
  }
  frame += 1;
}
await writeFile(join(values.output, 'gt.txt'), `${lines.join('\n')}\n`);
console.log(`${values.output}/gt.txt: ${lines.length} boxes on ${frame} frames`);

function placesOf(film: number): Place[] {
  return Array.from({ length: PLACES }, (_, place) => {
    const family = TRAINING_FAMILIES[(film * PLACES + place) % TRAINING_FAMILIES.length]!;
    return { seed: `other-film-${film}-${place}`, family };
  });
}
