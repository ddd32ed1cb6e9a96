import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  loopbackSpeechEndpointSchema,
  type SpeechEndpoint,
  speechEndpointSchema,
} from '#inference/endpoints/speech-config';
import { openSession } from '#inference/session';
import { openAcousticModel } from '#inference/speech/acoustic-model';
import { openRemoteModel, withFallback } from '#inference/speech/remote-model';
import { testFolder } from '../../helpers/folder.ts';
import { type KserveServer, kserveServer } from '../../helpers/kserve-server.ts';
import { spoken, type TinyLetters, tinyLetters } from '../../helpers/tiny-letters.ts';

const LOCALLY = { device: 'cpu', threads: 1 } as const;
const SAID = spoken(['b', 'iː', '<pad>', 'd']);

async function aServer(letters: TinyLetters = {}) {
  const model = await tinyLetters(await testFolder(), letters);
  const session = await openSession(model.weightsPath, LOCALLY);
  const server = await kserveServer('letters', session);
  onTestFinished(() => server.close());
  const openLocal = () => openAcousticModel(model, LOCALLY);
  return { server, model, openLocal };
}

function endpointAt({ url }: Pick<KserveServer, 'url'>, over: Partial<SpeechEndpoint> = {}): SpeechEndpoint {
  return loopbackSpeechEndpointSchema.parse({ url, name: 'triton', retries: 0, ...over });
}

const infers = ({ received }: KserveServer) => received.filter(({ path }) => path.endsWith('/infer')).length;

describe('a remote model', () => {
  it.each(['none', 'utterance'] as const)('hears what the same model hears here, normalised: %s', async (normalise) => {
    const { server, model, openLocal } = await aServer({ description: { input: { normalise } } });
    const recordings = [SAID, SAID.toReversed(), spoken(['k'])];
    const here = await (await openLocal()).hear(recordings);
    const there = await openRemoteModel(model, endpointAt(server)).hear(recordings);
    expect(there).toEqual(here.map((logits) => ({ ...logits, engine: 'triton' })));
  });

  it('sends recordings of one length together, as many as the server takes', async () => {
    const { server, model } = await aServer();
    await openRemoteModel(model, endpointAt(server, { batchUtterances: 2 })).hear([SAID, SAID, SAID]);
    expect(infers(server)).toBe(2);
  });

  it('knows the tensors by the names that the server has for them', async () => {
    const { server, model } = await aServer();
    const other = { ...model, input: { ...model.input, name: 'x' }, output: { ...model.output, logits: 'y' } };
    const endpoint = endpointAt(server, { input: 'samples', logits: 'logits' });
    await expect(openRemoteModel(other, endpoint).hear([SAID])).resolves.toHaveLength(1);
    await expect(openRemoteModel(other, endpointAt(server)).hear([SAID])).rejects.toThrow(/named x/);
  });

  it('asks whether server and model are ready, once, before the first recording', async () => {
    const { server, model } = await aServer();
    const remote = openRemoteModel(model, endpointAt(server));
    await remote.hear([SAID]);
    await remote.hear([SAID]);
    const paths = server.received.map(({ path }) => path);
    expect(paths).toEqual([
      '/v2/health/ready',
      '/v2/models/letters/ready',
      '/v2/models/letters',
      '/v2/models/letters/infer',
      '/v2/models/letters/infer',
    ]);
  });

  it('is not used while it is not ready', async () => {
    const { server, model } = await aServer();
    server.isReady = false;
    const remote = openRemoteModel(model, endpointAt(server));
    await expect(remote.ready()).rejects.toMatchObject({
      name: 'TransientError',
      message: expect.stringMatching(/not ready/),
    });
    await expect(remote.hear([SAID])).rejects.toMatchObject({ name: 'TransientError' });
    expect(infers(server)).toBe(0);
    server.isReady = true;
    await expect(remote.hear([SAID])).resolves.toHaveLength(1);
  });

  it('tries again after a failure that passes', async () => {
    const { server, model } = await aServer();
    server.instead = ({ path }) => (path.endsWith('/infer') && infers(server) < 3 ? { status: 503 } : undefined);
    await expect(openRemoteModel(model, endpointAt(server, { retries: 2 })).hear([SAID])).resolves.toHaveLength(1);
    expect(infers(server)).toBe(3);
  });

  it.each<{ name: string; answer: ReturnType<NonNullable<KserveServer['instead']>>; error: string; says: RegExp }>([
    { name: 'no answer in time', answer: 'silence', error: 'TransientError', says: /no answer within 0.3 s/ },
    { name: 'a connection that breaks', answer: 'hang up', error: 'TransientError', says: /triton did not answer/ },
    { name: '500', answer: { status: 500 }, error: 'TransientError', says: /answered 500/ },
    { name: '429', answer: { status: 429 }, error: 'TransientError', says: /answered 429/ },
    { name: '401', answer: { status: 401 }, error: 'ToolError', says: /Give it a token/ },
    { name: '404', answer: { status: 404 }, error: 'ToolError', says: /Correct its address/ },
    { name: 'a redirect, which is not followed', answer: { status: 302 }, error: 'ToolError', says: /answered 302/ },
    { name: '400', answer: { status: 400 }, error: 'ModelError', says: /does not take these samples/ },
    { name: 'what is not the protocol', answer: { body: { hello: 1 } }, error: 'ModelError', says: /KServe v2/ },
  ])('that meets $name fails as $error', async ({ answer, error, says }) => {
    const { server, model } = await aServer();
    server.instead = ({ path }) => (path.endsWith('/infer') ? answer : undefined);
    const hearing = openRemoteModel(model, endpointAt(server, { callSeconds: 0.3 })).hear([SAID]);
    await expect(hearing).rejects.toMatchObject({ name: error, message: expect.stringMatching(says) });
  });

  it('that does not speak TLS at an https address is not used', async () => {
    const { server, model } = await aServer();
    const url = server.url.replace('http:', 'https:');
    await expect(openRemoteModel(model, endpointAt({ url })).hear([SAID])).rejects.toMatchObject({
      name: 'TransientError',
    });
    expect(server.received).toEqual([]);
  });

  it('gives up on a connection sooner than on an answer', async () => {
    const { model } = await aServer();
    // Takes the connection and never says hello.
    const mute = createServer(() => undefined);
    const sockets: Socket[] = [];
    mute.on('connection', (socket) => sockets.push(socket));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    });
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/v2/models/letters`;
    const hearing = openRemoteModel(model, endpointAt({ url }, { connectSeconds: 0.2, callSeconds: 30 })).hear([SAID]);
    await expect(hearing).rejects.toMatchObject({
      name: 'TransientError',
      message: expect.stringContaining('no connection within 0.2 s'),
    });
  });

  it('refuses a vocabulary that does not fit the logits', async () => {
    const { server, model } = await aServer();
    const other = { ...model, classes: model.classes.slice(0, -1) };
    await expect(openRemoteModel(other, endpointAt(server)).hear([SAID])).rejects.toMatchObject({ name: 'ModelError' });
  });

  it('refuses a model with a mask, which does not travel', async () => {
    const { server, model } = await aServer({ mask: true });
    expect(() => openRemoteModel(model, endpointAt(server))).toThrow(/mask attention_mask/);
  });

  it('sends its token, and says when there is none', async () => {
    const { server, model } = await aServer();
    process.env.SPEECH_TEST_TOKEN = 'secret';
    onTestFinished(() => {
      delete process.env.SPEECH_TEST_TOKEN;
    });
    await openRemoteModel(model, endpointAt(server, { tokenFrom: 'SPEECH_TEST_TOKEN' })).hear([SAID]);
    expect(new Set(server.received.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer secret']));
    const without = endpointAt(server, { tokenFrom: 'SPEECH_TEST_NONE' });
    expect(() => openRemoteModel(model, without)).toThrow(/SPEECH_TEST_NONE, which is not set/);
  });

  it('stops when it is told to', async () => {
    const { server, model } = await aServer();
    const stop = new AbortController();
    server.instead = ({ path }) => {
      if (!path.endsWith('/infer')) return undefined;
      stop.abort(new Error('enough'));
      return 'silence';
    };
    await expect(openRemoteModel(model, endpointAt(server)).hear([SAID], stop.signal)).rejects.toThrow('enough');
  });
});

describe('a remote model that is gone', () => {
  it('is left alone after some failures, and tried again by one call after a rest', async () => {
    const { server, model } = await aServer();
    let now = 0;
    const endpoint = endpointAt(server, { breaker: { failures: 2, restSeconds: 10 } });
    const remote = openRemoteModel(model, endpoint, { now: () => now });
    server.instead = () => ({ status: 503 });
    for (let call = 0; call < 5; call += 1) await expect(remote.hear([SAID])).rejects.toThrow(/triton/);
    expect(server.received).toHaveLength(2);
    await expect(remote.hear([SAID])).rejects.toThrow(/left alone for another 10 s/);

    now = 10_000;
    server.instead = undefined;
    await expect(remote.hear([SAID])).resolves.toHaveLength(1);
    // It may have come back as another one, so it is asked again what it is.
    expect(server.received.slice(2).map(({ path }) => path)).toContain('/v2/health/ready');
  });
});

describe('a fallback', () => {
  it('hears here what the remote did not, and each result says who heard it', async () => {
    const { server, model, openLocal } = await aServer();
    const reasons: string[] = [];
    const both = withFallback(openRemoteModel(model, endpointAt(server)), openLocal, ({ message }) =>
      reasons.push(message),
    );
    onTestFinished(() => both.close());
    const [before] = await both.hear([SAID]);
    server.instead = () => 'hang up';
    const [during] = await both.hear([SAID]);
    server.instead = undefined;
    const [after] = await both.hear([SAID]);
    expect([before, during, after].map((logits) => logits!.engine)).toEqual(['triton', 'local', 'triton']);
    expect(during!.values).toEqual(before!.values);
    expect(reasons).toEqual([expect.stringContaining('triton did not answer')]);
  });

  it.each([{ status: 401 }, { status: 404 }, { status: 400 }])('does not hide a mistake: $status', async (answer) => {
    const { server, model, openLocal } = await aServer();
    server.instead = ({ path }) => (path.endsWith('/infer') ? answer : undefined);
    const both = withFallback(openRemoteModel(model, endpointAt(server)), openLocal, () => undefined);
    await expect(both.hear([SAID])).rejects.toThrow(/triton/);
  });
});

describe('the address of a remote model', () => {
  const PATH = '/v2/models/letters';

  it.each([
    { url: `https://triton.example${PATH}`, fine: true },
    { url: `https://triton.example:8443${PATH}/versions/3`, fine: true },
    { url: `http://triton.example${PATH}`, fine: false },
    { url: `http://127.0.0.1:8000${PATH}`, fine: false },
    { url: `grpc://triton.example${PATH}`, fine: false },
    { url: `https://me:secret@triton.example${PATH}`, fine: false },
    { url: `https://triton.example${PATH}?token=secret`, fine: false },
    { url: 'https://triton.example/', fine: false },
    { url: 'triton.example', fine: false },
  ])('is https and names a model: $url is fine: $fine', ({ url, fine }) => {
    expect(speechEndpointSchema.safeParse({ url }).success).toBe(fine);
  });

  it.each([
    { url: `http://127.0.0.1:8000${PATH}`, fine: true },
    { url: `http://localhost.example${PATH}`, fine: false },
    { url: `http://10.0.0.1${PATH}`, fine: false },
  ])('may be plain http on this machine where that is asked for: $url is fine: $fine', ({ url, fine }) => {
    expect(loopbackSpeechEndpointSchema.safeParse({ url }).success).toBe(fine);
  });
});
