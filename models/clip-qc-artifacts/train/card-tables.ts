import { readFile } from 'node:fs/promises';
import { readLabels } from '#workloads/clip-qc/evaluation/labels';
import { evaluationSchema } from '#workloads/clip-qc/evaluation/scores';

// Prints what CARD.md says of an evaluation by `stepreel qc eval`: its figures, and how the clips of each kind, which their
// notes name, were judged.
//   node models/clip-qc-artifacts/train/card-tables.ts evaluation/eval_results.json held-out/labels.csv

const [results, labels] = process.argv.slice(2) as [string, string];
const evaluation = evaluationSchema.parse(JSON.parse(await readFile(results, 'utf8')));
const clips = readLabels(await readFile(labels, 'utf8'), labels);
const mistaken = new Map(evaluation.mistaken_clips.map((clip) => [clip.clip_id, clip]));

for (const [name, score] of Object.entries({ ...evaluation.per_class, 'any artifact': evaluation.binary })) {
  const { support, precision, recall, f1 } = score;
  console.log(`| ${name} | ${support} | ${precision.toFixed(3)} | ${recall.toFixed(3)} | ${f1.toFixed(3)} |`);
}
for (const kind of new Set(clips.map(({ notes }) => notes).toSorted())) {
  const ofKind = clips.filter(({ notes }) => notes === kind);
  const wrong = ofKind.flatMap(({ clip_id: id }) => mistaken.get(id)?.found ?? []);
  console.log(`| ${kind} | ${ofKind.length - wrong.length} of ${ofKind.length} | ${wrong.join(', ')} |`);
}
