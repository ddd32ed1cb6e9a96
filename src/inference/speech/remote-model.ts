import { ModelError, TransientError } from '#core/errors';
import type { CallEndpoint } from '../endpoints/call-endpoint.ts';
import { openKserveSession } from '../endpoints/kserve-session.ts';
import { speechCaller } from '../endpoints/speech-call.ts';
import type { SpeechEndpoint } from '../endpoints/speech-config.ts';
import type { AcousticModelDescription } from '../models.ts';
import { type AcousticModel, type AcousticModelOptions, acousticModelOn } from './acoustic-model.ts';
import { createBreaker } from './circuit-breaker.ts';

export interface RemoteModel extends AcousticModel {
  /** @throws TransientError while the server or its model is not ready, ToolError when it may not be used. */
  ready(signal?: AbortSignal): Promise<void>;
}

/**
 * A model behind the Open Inference Protocol. It is scaled to, cut and checked as on this machine; `model` is the same
 * description. The server is asked whether it is ready before the first recording, and whenever it comes back.
 * @throws ModelError for what a server can't be given.
 */
export function openRemoteModel(
  model: AcousticModelDescription,
  endpoint: SpeechEndpoint,
  options: AcousticModelOptions & { now?: () => number } = {},
): RemoteModel {
  const { name, url, batchUtterances } = endpoint;
  if (model.input.mask !== undefined) throw noMasks(name, model.input.mask);
  const served = {
    ...model,
    input: { ...model.input, name: endpoint.input ?? model.input.name },
    output: { ...model.output, logits: endpoint.logits ?? model.output.logits },
  };
  const call = speechCaller(endpoint);
  const breaker = createBreaker(name, endpoint.breaker, options);
  let described: ReturnType<CallEndpoint> | undefined;

  /** Asks once for readiness and the model's description; a failure is forgotten, so that the next recording asks anew. */
  function describe(signal: AbortSignal | undefined): ReturnType<CallEndpoint> {
    described ??= ready(signal).then(() => call({ url, method: 'GET', signal }));
    described.catch(() => {
      described = undefined;
    });
    return described;
  }

  async function ready(signal?: AbortSignal): Promise<void> {
    for (const place of [`${url.slice(0, url.indexOf('/v2/models/'))}/v2/health/ready`, `${url}/ready`]) {
      await call({ url: place, method: 'GET', signal }).catch((thrown: unknown) => {
        // Triton says 400 for "not yet".
        throw thrown instanceof ModelError ? notReady(name, thrown) : thrown;
      });
    }
  }

  return {
    tokens: model.classes,
    blank: model.output.blank,
    separator: model.output.separator,
    sampleRateHz: model.input.sampleRateHz,
    frameSeconds: model.output.frameSamples / model.input.sampleRateHz,
    ready,
    hear: (utterances, signal) =>
      breaker.call(async () => {
        try {
          const ask: CallEndpoint = (request) => (request.method === 'GET' ? describe(signal) : call(request));
          const session = await openKserveSession(name, url, ask, signal);
          const asked = acousticModelOn(session, served, { batchUtterances, ...options, engine: name });
          return await asked.hear(utterances, signal);
        } catch (thrown) {
          // Whatever is there when it comes back, it may not be what was there before.
          if (thrown instanceof TransientError) described = undefined;
          throw thrown;
        }
      }),
    close: async () => undefined,
  };
}

/**
 * A remote model, and one on this machine for while the other is not there; `engine` in each result says which it was.
 * A remote that refuses, for a wrong token or a wrong address, is a mistake to correct, so that is not hidden.
 */
export function withFallback(
  remote: AcousticModel,
  openLocal: () => Promise<AcousticModel>,
  onFallback: (reason: TransientError) => void,
): AcousticModel {
  let local: Promise<AcousticModel> | undefined;
  return {
    ...remote,
    async hear(utterances, signal) {
      try {
        return await remote.hear(utterances, signal);
      } catch (thrown) {
        signal?.throwIfAborted();
        if (!(thrown instanceof TransientError)) throw thrown;
        onFallback(thrown);
        local ??= openLocal();
        local.catch(() => {
          local = undefined;
        });
        return (await local).hear(utterances, signal);
      }
    },
    async close() {
      await remote.close();
      await (await local)?.close();
    },
  };
}

function noMasks(name: string, mask: string): ModelError {
  return new ModelError(
    `The endpoint ${name} can't be given the mask ${mask}: only samples travel. Serve an export without a mask, or hear on this machine.`,
  );
}

function notReady(name: string, cause: unknown): TransientError {
  return new TransientError(`The endpoint ${name} is not ready. Try again.`, { details: { endpoint: name }, cause });
}
