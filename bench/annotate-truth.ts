import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { exampleFilm, FILM } from '#media/scenes/example-film';
import { LABELS } from '#media/scenes/scene';

/**
 * Who is where on the frames of the example clip, as a ground truth file of the MOT Challenge, for an evaluator that is
 * not ours: frame (from 1), identity, left, top, width, height, 1, class (from 1), visibility.
 *   node bench/annotate-truth.ts --output gt.txt
 */
const { values } = parseArgs({ options: { output: { type: 'string', default: 'gt.txt' } } });

// A place of the film has at most 255 actors; in the next place everybody is somebody else.
const ACTORS_PER_PLACE = 256;
const FRAMES_PER_PLACE = FILM.frames / 3;

const lines: string[] = [];
let frame = 0;
for (const { truth } of exampleFilm()) {
  const place = Math.floor(frame / FRAMES_PER_PLACE);
  for (const { label, box, actor = 0 } of truth) {
    const identity = place * ACTORS_PER_PLACE + actor;
    lines.push([frame + 1, identity, ...box, 1, LABELS.indexOf(label) + 1, 1].join(','));
  }
  frame += 1;
}
await writeFile(values.output, `${lines.join('\n')}\n`);
console.log(`${values.output}: ${lines.length} boxes on ${frame} frames`);
