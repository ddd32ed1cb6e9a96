import { z } from 'zod';
import { openModelStore } from '#adapters/local/model-store';
import { InputError } from '#core/errors';
import type { ModelFiles } from '#core/step';
import { type ClipQcParams, clipQcParams } from '#workloads/clip-qc/contract';
import { readParams } from './params.ts';

/** What all commands that judge clips take. */
export interface QcOptions {
  model?: string;
  param?: string[];
  config?: string;
}

/** The parameters of a job, from the same options. @throws InputError that lists what is wrong with them. */
export async function qcParams({ model, param, config }: QcOptions): Promise<ClipQcParams> {
  const given = { ...(await readParams(param, config)), ...(model === undefined ? {} : { model }) };
  const parsed = clipQcParams.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InputError(`The parameters are not those of clip-qc: ${z.prettifyError(parsed.error)}`);
}

/** The model that the parameters name; its digest has been checked. */
export function qcModel({ model }: ClipQcParams): Promise<ModelFiles> {
  return openModelStore().fetch(model);
}
