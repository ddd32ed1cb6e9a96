import { TransientError } from '#core/errors';
import { inOrderAhead } from '#core/side-by-side';
import { imageSize } from '#media/images';
import { type DetectionOptions, type DetectionRule, toDetectionRule } from '../detection/detection-rule.ts';
import type { Detector, ImageDetections, ImageFile } from '../detection/detector.ts';
import { type ImageDetector, imageDetectorOn, type PictureDetections } from '../detection/image-detector.ts';
import { authorizeByToken, type CallEndpoint, endpointCaller, PictureRefused } from './call-endpoint.ts';
import type { EndpointConfig } from './endpoint-config.ts';
import { openKserveSession } from './kserve-session.ts';
import { lookByPredictions } from './predictions-look.ts';
import { invocationsOf, requireInService, signFor } from './sagemaker.ts';

/** What an endpoint found in one picture; `failed` where it gave no answer for it. */
export interface EndpointDetections extends ImageDetections {
  failed?: string;
}

export interface EndpointDetector extends Omit<Detector, 'detect'> {
  detect(
    images: Iterable<ImageFile> | AsyncIterable<ImageFile>,
    options: DetectionOptions & { signal?: AbortSignal | undefined },
  ): AsyncGenerator<EndpointDetections, void, undefined>;
}

// After so many pictures without an answer, one after another, the endpoint is taken for gone.
const FAILURES_IN_A_ROW = 5;

/**
 * Opens a detector behind an HTTPS endpoint, after asking whether it is in service. A picture for which it gives no answer
 * is told as failed, never as empty; when it answers to none any more, the step fails.
 * @throws TransientError when it is not in service, ToolError when it may not be used, ModelError when it is not what its
 * configuration says.
 */
export async function openEndpointDetector(name: string, config: EndpointConfig): Promise<EndpointDetector> {
  const isSageMaker = config.protocol === 'sagemaker';
  const call = endpointCaller(name, config, isSageMaker ? signFor(config) : authorizeByToken(name, config.tokenFrom));
  if (isSageMaker) await requireInService(name, config, call);
  else if (config.health !== undefined) await call({ url: config.health, method: 'GET' });
  const { classes, look } = await openLook(name, config, call);

  return {
    classes,
    async *detect(images, { signal, ...options }) {
      const rule = toDetectionRule(options, classes);
      let inARow = 0;
      const ask = async ({ id, path }: ImageFile): Promise<EndpointDetections> => {
        signal?.throwIfAborted();
        try {
          return { id, ...(await look(path, rule, signal)) };
        } catch (thrown) {
          signal?.throwIfAborted();
          if (!(thrown instanceof TransientError) && !(thrown instanceof PictureRefused)) throw thrown;
          return { id, ...(await imageSize(path)), detections: [], failed: thrown.message };
        }
      };
      for await (const found of inOrderAhead(images, config.concurrency, ask)) {
        inARow = found.failed === undefined ? 0 : inARow + 1;
        if (inARow >= FAILURES_IN_A_ROW) {
          throw new TransientError(
            `The endpoint ${name} gave no answer to ${inARow} pictures one after another. ${found.failed}`,
          );
        }
        yield found;
      }
    },
    close: async () => undefined,
  };
}

type Look = (path: string, rule: DetectionRule, signal: AbortSignal | undefined) => Promise<PictureDetections>;

async function openLook(
  name: string,
  config: EndpointConfig,
  call: CallEndpoint,
): Promise<{ classes: readonly string[]; look: Look }> {
  if (config.protocol !== 'kserve-v2') {
    const { classes } = config;
    const url = config.protocol === 'sagemaker' ? invocationsOf(config) : config.url;
    return {
      classes,
      look: (path, rule, signal) => lookByPredictions(path, { name, url, classes, call, signal }, rule),
    };
  }
  const session = await openKserveSession(name, config.url, call);
  const description = {
    name,
    version: '1.0.0',
    task: 'object-detection',
    license: 'unknown',
    ...config.model,
  } as const;
  // A detector has one tensor, so as many as calls may be under way.
  const idle: ImageDetector[] = Array.from({ length: config.concurrency }, () =>
    imageDetectorOn(session, { ...description, weights: { file: 'remote', sha256: '0'.repeat(64) } }),
  );
  return {
    classes: config.model.classes,
    async look(path, rule) {
      const detector = idle.pop()!;
      try {
        return await detector.detect(path, rule);
      } finally {
        idle.push(detector);
      }
    },
  };
}
