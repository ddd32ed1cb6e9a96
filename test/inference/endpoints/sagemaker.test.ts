import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { endpointNamed } from '#inference/endpoints/endpoint-config';
import { openEndpointDetector } from '#inference/endpoints/endpoint-detector';
import { endpointServer, type Respond } from '../../helpers/endpoint-server.ts';
import { aFolder } from '../../helpers/media-clips.ts';

const FOUND = { predictions: [{ class_name: 'lamp', confidence: 0.9, bbox: { x1: 1, y1: 2, x2: 11, y2: 22 } }] };
const inService = { body: { EndpointStatus: 'InService', EndpointName: 'lighting-2' } };

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => vi.unstubAllEnvs());

/** Opens the endpoint of a SageMaker that answers so, and detects on one picture. */
async function detectWith(respond: Respond) {
  const server = await endpointServer(respond);
  onTestFinished(() => server.close());
  const lighting = { protocol: 'sagemaker', endpoint: 'lighting-2', region: 'ap-south-1', address: server.url };
  const list = JSON.stringify({ lighting: { ...lighting, classes: ['lamp'], retries: 0 } });
  const config = await endpointNamed('lighting', { STEPREEL_ENDPOINTS: list });
  const path = join(await aFolder(), 'a.jpg');
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } });
  await writeFile(path, await picture.jpeg().toBuffer());
  const detector = await openEndpointDetector('lighting', config);
  const found = [];
  for await (const one of detector.detect([{ id: 0, path }], { confidence: 0.25, iou: 0.45 })) found.push(one);
  return { found, received: server.received };
}

describe('an endpoint of SageMaker', () => {
  it('is asked whether it is in service, then shown each picture, every call signed', async () => {
    const { found, received } = await detectWith(({ path }) => (path === '/' ? inService : { body: FOUND }));
    expect(found).toMatchObject([{ detections: [{ label: 'lamp', box: [1, 2, 10, 20] }] }]);
    const [asked, shown] = received;
    expect(asked!.headers['x-amz-target']).toBe('SageMaker.DescribeEndpoint');
    expect(JSON.parse(asked!.body.toString())).toEqual({ EndpointName: 'lighting-2' });
    expect(shown!.path).toBe('/endpoints/lighting-2/invocations');
    for (const { headers } of received)
      expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/ap-south-1\/sagemaker\//);
  });

  it.each([
    {
      name: 'that is being updated is not called',
      answer: { body: { EndpointStatus: 'Updating' } },
      thrown: { name: 'TransientError', message: expect.stringContaining('Updating') },
    },
    {
      name: 'that is not there is the operator to correct',
      answer: { status: 400, body: { __type: 'ValidationException' } },
      thrown: { name: 'ToolError', message: expect.stringContaining('lighting-2 in ap-south-1') },
    },
    {
      name: 'that the role may not call is the operator to open',
      answer: { status: 403 },
      thrown: { name: 'ToolError', message: expect.stringContaining('a role that may invoke it') },
    },
  ])('$name', async ({ answer, thrown }) => {
    await expect(detectWith(() => answer)).rejects.toMatchObject(thrown);
  });

  it('whose model fails on a picture leaves it failed, not empty', async () => {
    const { found } = await detectWith(({ path }) => (path === '/' ? inService : { status: 424 }));
    expect(found).toMatchObject([{ detections: [], failed: expect.stringContaining('424') }]);
  });
});
