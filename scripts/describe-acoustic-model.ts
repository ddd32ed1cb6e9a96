/**
 * Writes the model.json of a wav2vec2 kind of model that was exported to ONNX, and checks it against the weights:
 *   node scripts/describe-acoustic-model.ts ./wav2vec2 --name wav2vec2-phonemes --license Apache-2.0
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkModel } from '#inference/check-model';
import { MODEL_FILE } from '#inference/models';
import { describeExport } from '#inference/speech/hugging-face-export';

const { values, positionals } = parseArgs({
  options: {
    name: { type: 'string' },
    license: { type: 'string' },
    version: { type: 'string', default: '1.0.0' },
    weights: { type: 'string', default: 'model.onnx' },
  },
  allowPositionals: true,
});
const { name, license, version, weights } = values;
const [folder] = positionals;
if (folder === undefined || name === undefined || license === undefined) {
  console.error(
    'Name the folder of the export, and give --name and --license: whose weights they are is yours to know.',
  );
  process.exit(64);
}
const description = await describeExport(folder, { name, version, license }, weights);
await writeFile(join(folder, MODEL_FILE), `${JSON.stringify(description, null, 2)}\n`);
await checkModel(folder);
console.log(
  `${join(folder, MODEL_FILE)}: ${name}@${version}, ${description.classes.length} tokens. Add it with \`stepreel models add ${folder}\`.`,
);
