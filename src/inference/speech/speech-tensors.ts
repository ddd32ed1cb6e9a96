import { ModelError } from '#core/errors';
import { assertShape, tensorNamed } from '../detection/tensor-check.ts';
import type { AcousticModelDescription } from '../models.ts';
import type { Session, TensorValue } from '../session.ts';
import type { CanMix } from './batches.ts';
import { framesOf } from './windows.ts';

export interface SpeechTensors {
  canMix: CanMix;
  /** The rows of logits of each recording, those of padding left out. @throws ModelError */
  run(utterances: readonly Float32Array[]): Promise<Float32Array[]>;
}

const REMEDY = 'Correct model.json or export the model again.';

/** Checks that a session is what model.json says, as far as it tells. @throws ModelError that says what is not. */
export function openTensors(session: Session, model: AcousticModelDescription): SpeechTensors {
  const { input, output, classes } = model;
  assertVocabulary(model);
  const { shape } = tensorNamed(session.inputs, input.name, 'input');
  assertShape(`the input ${input.name}`, shape, [undefined, undefined], REMEDY);
  const logits = tensorNamed(session.outputs, output.logits, 'output');
  assertShape(`the output ${output.logits}`, logits.shape, [undefined, undefined, classes.length], REMEDY);
  if (input.mask !== undefined) assertMask(session, input.mask);

  return {
    canMix: shape[0] === 1 ? 'nothing' : input.mask === undefined ? 'equal lengths' : 'any lengths',
    async run(utterances) {
      const feeds = { [input.name]: padded(utterances), ...maskFeed(input.mask, utterances) };
      const answer = (await session.run(feeds, [output.logits]))[output.logits]!;
      return rowsOf(answer, utterances, model);
    },
  };
}

function assertVocabulary({ name, version, output, classes }: AcousticModelDescription): void {
  const twice = classes.find((token, at) => classes.indexOf(token) !== at);
  if (twice !== undefined) {
    throw new ModelError(`${name}@${version}: expected each token once in classes, found ${twice} twice. ${REMEDY}`);
  }
  if (classes.includes(output.blank)) return;
  throw new ModelError(
    `${name}@${version}: expected the blank ${JSON.stringify(output.blank)} among the ${classes.length} classes, found none such. Name the token that stands for nothing in output.blank.`,
  );
}

function assertMask({ inputs }: Session, mask: string): void {
  const found = inputs.find(({ name }) => name === mask);
  if (found?.type === 'int64') return;
  const described = found ? `it as ${found.type}` : `only ${inputs.map(({ name }) => name).join(', ')}`;
  throw new ModelError(`Expected the model to have an input ${mask} of int64, found ${described}. ${REMEDY}`);
}

function padded(utterances: readonly Float32Array[]): TensorValue {
  const [first] = utterances;
  if (utterances.length === 1) return { data: first!, shape: [1, first!.length] };
  const longest = Math.max(...utterances.map(({ length }) => length));
  const data = new Float32Array(utterances.length * longest);
  for (const [at, samples] of utterances.entries()) data.set(samples, at * longest);
  return { data, shape: [utterances.length, longest] };
}

function maskFeed(mask: string | undefined, utterances: readonly Float32Array[]): Record<string, TensorValue> {
  if (mask === undefined) return {};
  const longest = Math.max(...utterances.map(({ length }) => length));
  const data = new BigInt64Array(utterances.length * longest);
  for (const [at, { length }] of utterances.entries()) data.fill(1n, at * longest, at * longest + length);
  return { [mask]: { data, shape: [utterances.length, longest] } };
}

function rowsOf(
  { data, shape }: TensorValue,
  utterances: readonly Float32Array[],
  { name, version, output, classes }: AcousticModelDescription,
): Float32Array[] {
  const longest = Math.max(...utterances.map(({ length }) => length));
  const frames = framesOf(longest, output);
  const what = `the logits of ${name}@${version} for ${longest} samples`;
  // Too few tokens is a vocabulary of another model; another number of frames would put every sound at a wrong time.
  assertShape(what, shape, [utterances.length, frames, classes.length], REMEDY);
  return utterances.map(({ length }, at) => {
    const start = at * frames * classes.length;
    const rows = (data as Float32Array).subarray(start, start + framesOf(length, output) * classes.length);
    assertNumbers(what, rows);
    return utterances.length === 1 ? rows : rows.slice();
  });
}

function assertNumbers(what: string, values: Float32Array): void {
  for (let at = 0; at < values.length; at += 1) {
    if (Number.isFinite(values[at])) continue;
    throw new ModelError(
      `Expected numbers in ${what}, found ${values[at]} at position ${at}. Check "normalise" in model.json, and whether the model was exported soundly.`,
      { details: { at } },
    );
  }
}
