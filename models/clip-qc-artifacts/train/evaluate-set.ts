import { readFile, writeFile } from 'node:fs/promises';
import { openModelStore } from '#adapters/local/model-store';
import { openClipClassifier } from '#workloads/clip-qc/classify';
import { decide } from '#workloads/clip-qc/decide';
import { DEFAULTS } from '#workloads/clip-qc/defaults';
import { type Evaluation, type JudgedClip, scoresOf } from '#workloads/clip-qc/evaluation/scores';
import type { Features } from '#workloads/clip-qc/features/feature-set';
import type { Category } from '#workloads/clip-qc/result';

// Judges a set that measure-set.ts has measured, with the runtime and the rules that jobs use, and writes the evaluation
// that `stepreel models gate` reads. Prints what the card says.
//   node models/clip-qc-artifacts/train/evaluate-set.ts models/clip-qc-artifacts/1.0.0 held-out.jsonl eval_results.json

interface Line {
  id: string;
  kind: string;
  category: Category;
  engine: { name: string; version: string };
  features: Features;
}

const [modelRef, data, output] = process.argv.slice(2) as [string, string, string];
const { name, version, sha256, folder } = await openModelStore().fetch(modelRef);
const classifier = await openClipClassifier(folder);
const lines: Line[] = (await readFile(data, 'utf8'))
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
lines.sort((a, b) => (a.id < b.id ? -1 : 1));

const judged: (JudgedClip & { kind: string })[] = [];
for (const { id, kind, category, features } of lines) {
  const facts = {
    hasText: features.has_text_regions === 1,
    textRatioMax: features.text_vs_scene_instability_ratio_max,
    instabilityDuration: features.instability_duration,
  };
  const { category: found } = decide(await classifier.classify(features), facts, DEFAULTS.threshold);
  judged.push({ clipId: id, kind, expected: category, found });
}
await classifier.close();

const evaluation: Evaluation = {
  model: { name, version, sha256 },
  text_engine: lines[0]!.engine,
  threshold: DEFAULTS.threshold,
  ...scoresOf(judged),
  failed_clips: [],
};
await writeFile(output, `${JSON.stringify(evaluation, null, 2)}\n`);
for (const [category, { precision, recall, f1, support }] of Object.entries(evaluation.per_class)) {
  console.log(`| ${category} | ${support} | ${precision.toFixed(3)} | ${recall.toFixed(3)} | ${f1.toFixed(3)} |`);
}
for (const kind of new Set(judged.map((clip) => clip.kind))) {
  const clips = judged.filter((clip) => clip.kind === kind);
  const right = clips.filter(({ expected, found }) => expected === found).length;
  const wrong = clips.filter(({ expected, found }) => expected !== found).map(({ found }) => found);
  console.log(`| ${kind} | ${right} of ${clips.length} | ${wrong.join(', ')} |`);
}
