import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { openModelStore } from '#adapters/local/model-store';
import { InputError, InputNotFoundError } from '#core/errors';
import { objectionsTo } from '#workloads/clip-qc/evaluation/gate';
import { type Evaluation, evaluationSchema } from '#workloads/clip-qc/evaluation/scores';

/** `models gate`: exit code 78 for a model that is not good enough on hold-out clips. */
export async function gateModel(ref: string, { evaluation }: { evaluation: string }, json: boolean): Promise<void> {
  const model = await openModelStore().fetch(ref);
  const objections = objectionsTo(model, await readEvaluation(evaluation));
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

async function readEvaluation(path: string): Promise<Evaluation> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InputNotFoundError(`${path} can't be read. Make it with \`stepreel qc eval\`.`, { cause });
  });
  const parsed = evaluationSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new InputError(
    `${path} is no evaluation: ${z.prettifyError(parsed.error)}. Make it with \`stepreel qc eval\`.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the schema: it expected an object.
    return undefined;
  }
}
