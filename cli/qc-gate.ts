import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { modelFolders } from '#adapters/local/model-folders';
import { openModelStore } from '#adapters/local/model-store';
import { keepPromotion, promotionOf } from '#adapters/local/promoted-models';
import { InputError, InputNotFoundError, ModelError } from '#core/errors';
import { sha256Hex } from '#core/names';
import type { ModelFiles } from '#core/step';
import { gateObjections, measuresSchema } from '#inference/model-gate';
import { readDescription } from '#inference/models';
import { objectionsTo } from '#workloads/clip-qc/evaluation/gate';
import { type Evaluation, evaluationSchema } from '#workloads/clip-qc/evaluation/scores';

/** `models gate`: exit code 78 for a model that its evaluation does not reach the least figures of. */
export async function gateModel(ref: string, { evaluation }: { evaluation: string }, json: boolean): Promise<void> {
  const model = await openModelStore().fetch(ref);
  const objections = await objectionsBy(model, await readFileOf(evaluation));
  const name = `${model.name}@${model.version}`;
  if (objections.length > 0) process.exitCode = 78;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ event: 'gated', model: name, passed: objections.length === 0, objections })}\n`,
    );
    return;
  }
  if (objections.length === 0) process.stdout.write(`✓ ${name} may be promoted\n`);
  for (const objection of objections) process.stdout.write(`✗ ${name}: ${objection}\n`);
}

/** `models promote`: `name@promoted` is this version from now on. @throws ModelError when it does not pass its gate. */
export async function promoteModel(ref: string, { evaluation }: { evaluation: string }, json: boolean): Promise<void> {
  const model = await openModelStore().fetch(ref);
  const text = await readFileOf(evaluation);
  const objections = await objectionsBy(model, text);
  const { name, version, sha256 } = model;
  if (objections.length > 0) {
    throw new ModelError(
      `${name}@${version} does not pass its gate, and stays as it is:\n${objections.map((one) => `- ${one}`).join('\n')}`,
    );
  }
  const folders = modelFolders();
  const before = await promotionOf(name, folders);
  const previous = before && before.version !== version ? before.version : before?.previous;
  await keepPromotion(
    name,
    {
      ...{ version, sha256, evaluation: sha256Hex(text), promotedAt: new Date().toISOString() },
      ...(previous === undefined ? {} : { previous }),
    },
    folders,
  );
  if (json) process.stdout.write(`${JSON.stringify({ event: 'promoted', name, version, sha256, previous })}\n`);
  else process.stdout.write(`${name}@promoted is ${version} now${previous ? `, and was ${previous}` : ''}\n`);
}

/** A model with a gate of its own is held against that, one without against the gate of the clip classifiers. */
async function objectionsBy(model: ModelFiles, text: string): Promise<string[]> {
  const description = await readDescription(model.folder);
  if (!description.gate) return objectionsTo(model, readEvaluation(text));
  const measures = measuresSchema.safeParse(parseJson(text));
  if (measures.success) return gateObjections(description, measures.data);
  throw new InputError(
    `This is no evaluation: ${z.prettifyError(measures.error)}. Expected {"model": {"sha256"}, "metrics": {…}}.`,
  );
}

async function readFileOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InputNotFoundError(
      `${path} can't be read. Make it with \`stepreel qc eval\`, or an evaluation of yours.`,
      {
        cause,
      },
    );
  });
}

function readEvaluation(text: string): Evaluation {
  const parsed = evaluationSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new InputError(`This is no evaluation: ${z.prettifyError(parsed.error)}. Make it with \`stepreel qc eval\`.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the schema: it expected an object.
    return undefined;
  }
}
