import { availableParallelism } from 'node:os';
import { ModelError } from '#core/errors';
import { listedAs } from '#core/operator-list';
import type { Logger, ModelFiles } from '#core/step';
import type { Device } from '#core/workload';
import { loopbackSpeechEndpointSchema } from '#inference/endpoints/speech-config';
import { loadAcousticModel } from '#inference/models';
import { type AcousticModel, openAcousticModel } from '#inference/speech/acoustic-model';
import { openRemoteModel, withFallback } from '#inference/speech/remote-model';
import { SAMPLE_RATE_HZ } from '../defaults.ts';

// A small model gains nothing from more.
const MOST_THREADS = 4;

interface ModelRequest {
  files: ModelFiles;
  endpoint: string | undefined;
  device: Device;
  logger: Pick<Logger, 'warn'>;
}

/**
 * The model that a job hears with: the one on this machine, or a remote one with that one behind it for while the remote
 * does not answer.
 */
export async function openModel({ files, endpoint, device, logger }: ModelRequest): Promise<AcousticModel> {
  const model = await loadAcousticModel(files.folder);
  if (model.input.sampleRateHz !== SAMPLE_RATE_HZ) {
    throw new ModelError(
      `Expected a model of sound at ${SAMPLE_RATE_HZ} Hz, found that ${model.name}@${model.version} hears ${model.input.sampleRateHz} Hz. Name another one.`,
    );
  }
  const openLocal = () => openAcousticModel(model, { device, threads: Math.min(MOST_THREADS, availableParallelism()) });
  if (endpoint === undefined) return await openLocal();
  const config = await listedAs(endpoint, {
    list: 'speech',
    schema: loopbackSpeechEndpointSchema,
    described: 'the README of letter-asr',
  });
  return withFallback(openRemoteModel(model, { ...config, name: endpoint }), openLocal, ({ message }) =>
    logger.warn('heard on this machine instead of the endpoint', { endpoint, reason: message }),
  );
}
