import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type EndpointConfig, endpointNamed } from '#inference/endpoints/endpoint-config';
import { openEndpointDetector } from '#inference/endpoints/endpoint-detector';
import { endpointServer, type Respond } from '../../helpers/endpoint-server.ts';
import { aFolder } from '../../helpers/media-clips.ts';

const RULE = { confidence: 0.25, iou: 0.45 };
const FOUND = { predictions: [{ class_name: 'lamp', confidence: 0.9, bbox: { x1: 1, y1: 2, x2: 11, y2: 22 } }] };

async function serverThat(respond: Respond) {
  const server = await endpointServer(respond);
  onTestFinished(() => server.close());
  return server;
}

async function configFor(url: string, over: Record<string, unknown> = {}): Promise<EndpointConfig> {
  const endpoint = {
    protocol: 'predictions',
    url: `${url}/invocations`,
    classes: ['sign', 'lamp'],
    retries: 1,
    ...over,
  };
  return endpointNamed('lighting', { STEPREEL_ENDPOINTS: JSON.stringify({ lighting: endpoint }) });
}

async function pictures(count: number) {
  const path = join(await aFolder(), 'a.jpg');
  await writeFile(
    path,
    await sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
      .jpeg()
      .toBuffer(),
  );
  return Array.from({ length: count }, (_, id) => ({ id, path }));
}

async function detect(config: EndpointConfig, count = 1) {
  const detector = await openEndpointDetector('lighting', config);
  const found = [];
  for await (const picture of detector.detect(await pictures(count), RULE)) found.push(picture);
  return found;
}

describe('an endpoint that answers with predictions', () => {
  it('is shown each picture, and its boxes become detections', async () => {
    const server = await serverThat(() => ({ body: FOUND }));
    const [found] = await detect(await configFor(server.url));
    expect(found).toEqual({
      id: 0,
      width: 64,
      height: 48,
      detections: [{ box: [1, 2, 10, 20], score: 0.9, classIndex: 1, label: 'lamp' }],
    });
    const { image } = JSON.parse(server.received.at(-1)!.body.toString());
    expect((await sharp(Buffer.from(image, 'base64')).metadata()).width).toBe(64);
  });

  it('is asked for its health first, with its token, and refused when it is not in service', async () => {
    process.env.TEST_ENDPOINT_TOKEN = 'secret';
    const server = await serverThat(({ method }) => (method === 'GET' ? { status: 503 } : { body: FOUND }));
    const config = await configFor(server.url, { health: `${server.url}/ping`, tokenFrom: 'TEST_ENDPOINT_TOKEN' });
    await expect(detect(config)).rejects.toMatchObject({
      name: 'TransientError',
      message: expect.stringContaining('503'),
    });
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: '/ping',
      headers: { authorization: 'Bearer secret' },
    });
    expect(server.received.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    { name: 'is overloaded', first: { status: 429, headers: { 'retry-after': '0' } } },
    { name: 'fails once', first: { status: 500 } },
    { name: 'hangs up', first: { hangUp: true } },
    { name: 'is slow once', first: { afterMs: 800, body: FOUND } },
  ])('is asked again when it $name', async ({ first }) => {
    const server = await serverThat((_, call) => (call === 0 ? first : { body: FOUND }));
    const [found] = await detect(await configFor(server.url, { timeoutSeconds: 0.5 }));
    expect(found!.detections).toHaveLength(1);
    expect(found).not.toHaveProperty('failed');
    expect(server.received).toHaveLength(2);
  });

  it.each([
    { name: 'refuses a picture', respond: { status: 413 } },
    { name: 'fails on it again and again', respond: { status: 500 } },
  ])('that $name leaves it named as failed, never as empty', async ({ respond }) => {
    const server = await serverThat((_, call) => (call === 0 || call === 4 ? respond : { body: FOUND }));
    const found = await detect(await configFor(server.url, { concurrency: 1, retries: 0 }), 6);
    expect(found.map(({ failed }) => failed !== undefined)).toEqual([true, false, false, false, true, false]);
    expect(found[0]).toMatchObject({ detections: [], failed: expect.stringContaining(String(respond.status)) });
  });

  it('that answers no more ends the step, which is then tried again', async () => {
    const server = await serverThat((_, call) => (call < 3 ? { body: FOUND } : { status: 503 }));
    await expect(detect(await configFor(server.url, { concurrency: 1, retries: 0 }), 20)).rejects.toMatchObject({
      name: 'TransientError',
    });
    expect(server.received.length).toBeLessThan(12);
  });

  it.each([
    { name: 'lets nobody in', respond: { status: 403 }, error: 'ToolError' },
    { name: 'is not there', respond: { status: 404 }, error: 'ToolError' },
    { name: 'answers something else', respond: { body: { detections: [] } }, error: 'ModelError' },
    {
      name: 'finds what is not on its list',
      respond: { body: { predictions: [{ ...FOUND.predictions[0], class_name: 'cow' }] } },
      error: 'ModelError',
    },
    {
      name: 'sends us elsewhere',
      respond: { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      error: 'TransientError',
    },
  ])('that $name is an error at once: $error', async ({ respond, error }) => {
    const server = await serverThat(() => respond);
    await expect(detect(await configFor(server.url, { retries: 0, concurrency: 1 }), 5)).rejects.toMatchObject({
      name: error,
    });
  });

  it('has no more calls under way than it is meant to', async () => {
    let [now, most] = [0, 0];
    const server = await serverThat(() => {
      now += 1;
      most = Math.max(most, now);
      setTimeout(() => (now -= 1), 30);
      return { afterMs: 30, body: FOUND };
    });
    expect(await detect(await configFor(server.url, { concurrency: 3 }), 12)).toHaveLength(12);
    expect(most).toBeLessThanOrEqual(3);
    expect(most).toBeGreaterThan(1);
  });
});

describe('the list of endpoints', () => {
  it('is the only place where addresses come from', async () => {
    await expect(endpointNamed('https://example.com', {})).rejects.toMatchObject({ name: 'InputError' });
  });

  it.each([
    {
      name: 'plain http to another machine',
      list: { a: { protocol: 'predictions', url: 'http://example.com/x', classes: ['a'] } },
      says: 'https',
    },
    { name: 'an unknown protocol', list: { a: { protocol: 'grpc', url: 'https://example.com' } }, says: 'protocol' },
    {
      name: 'a misspelt field',
      list: { a: { protocol: 'predictions', url: 'https://example.com', classes: ['a'], timeout: 3 } },
      says: 'timeout',
    },
  ])('refuses $name', async ({ list, says }) => {
    await expect(endpointNamed('a', { STEPREEL_ENDPOINTS: JSON.stringify(list) })).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining(says),
    });
  });
});

describe('an endpoint of KServe v2', () => {
  const model = {
    input: {
      name: 'images',
      width: 8,
      height: 8,
      layout: 'nchw',
      color: 'rgb',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: 'stretch',
      pad: 0,
    },
    output: { kind: 'yolo-nms-free' },
    classes: ['sign', 'lamp'],
  };
  const metadata = {
    inputs: [{ name: 'images', datatype: 'FP32', shape: [-1, 3, 8, 8] }],
    outputs: [{ name: 'output0', datatype: 'FP32', shape: [-1, 1, 6] }],
  };
  const numbers = [0, 0, 4, 8, 0.9, 1];

  function respondWith(binary: boolean): Respond {
    return ({ method }) => {
      if (method === 'GET') return { body: metadata };
      const output = { name: 'output0', datatype: 'FP32', shape: [1, 1, 6] };
      if (!binary) return { body: { outputs: [{ ...output, data: numbers }] } };
      const head = Buffer.from(JSON.stringify({ outputs: [{ ...output, parameters: { binary_data_size: 24 } }] }));
      const headers = { 'inference-header-content-length': String(head.length) };
      return { headers, body: Buffer.concat([head, Buffer.from(new Float32Array(numbers).buffer)]) };
    };
  }

  it.each([true, false])(
    'is fed with a tensor and decoded like a model at home (binary answer: %s)',
    async (binary) => {
      const server = await serverThat(respondWith(binary));
      const url = `${server.url}/v2/models/lights`;
      const config = await endpointNamed('a', {
        STEPREEL_ENDPOINTS: JSON.stringify({ a: { protocol: 'kserve-v2', url, model } }),
      });
      const [found] = await detect(config);
      expect(found!.detections).toEqual([{ box: [0, 0, 32, 48], score: 0.9, classIndex: 1, label: 'lamp' }]);
      const { headers, path, body } = server.received.at(-1)!;
      expect(path).toBe('/v2/models/lights/infer');
      const jsonLength = Number(headers['inference-header-content-length']);
      const [input] = JSON.parse(body.subarray(0, jsonLength).toString()).inputs;
      expect(input).toMatchObject({ name: 'images', datatype: 'FP32', shape: [1, 3, 8, 8] });
      expect(body.length - jsonLength).toBe(3 * 8 * 8 * 4);
    },
  );

  it('that says it has another input is a ModelError', async () => {
    const server = await serverThat(() => ({
      body: { ...metadata, inputs: [{ ...metadata.inputs[0], shape: [1, 3, 9, 9] }] },
    }));
    const url = `${server.url}/v2/models/lights`;
    const config = await endpointNamed('a', {
      STEPREEL_ENDPOINTS: JSON.stringify({ a: { protocol: 'kserve-v2', url, model } }),
    });
    await expect(detect(config)).rejects.toMatchObject({ name: 'ModelError' });
  });
});
