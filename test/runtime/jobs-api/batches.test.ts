import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '#core/errors';
import { anApiWithBatches } from '../../helpers/batches.ts';

let api: Awaited<ReturnType<typeof anApiWithBatches>>;
let words: string[];

beforeEach(async () => {
  api = await anApiWithBatches();
  words = [];
  for (const name of ['a.txt', 'b.txt', 'c.txt']) words.push(await api.put(`words/${name}`));
});

const read = async (id: string) => (await api.ask('GET', `/batches/${id}`)).body;
const membersOf = async (id: string) => (await api.ask('GET', `/jobs?batch=${id}`)).body.jobs;

describe('POST /batches', () => {
  it('answers at once, and makes a job of every item later', async () => {
    const { status, headers, body } = await api.submit({ items: words, name: 'monday', params: { color: 'green' } });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`batches/${body.id}`);
    expect(body).toMatchObject({ name: 'monday', team: 'red', status: 'QUEUED', total: 3, submitted: 0, left: 3 });
    expect(await membersOf(body.id)).toEqual([]);

    await api.work();
    expect(await read(body.id)).toMatchObject({ total: 3, submitted: 3, refused: 0, left: 0 });
    const members = await membersOf(body.id);
    expect(members.map(({ input }: { input: { uri: string }[] }) => input[0]!.uri).sort()).toEqual(words);
    expect(members[0]).toMatchObject({ batch: body.id, team: 'red', params: { color: 'green' } });
  });

  it('takes what all members have, and lets an item say otherwise', async () => {
    const order = { project: 'bridges', priority: 'low', tags: { site: 'north' }, params: { color: 'green' } };
    const items = [words[0], { input: words[1], params: { color: 'red' }, key: 'second' }];
    const { body } = await api.submit({ ...order, items });
    await api.work();
    expect((await membersOf(body.id)).sort((a: { tags: object }) => ('item' in a.tags ? 1 : -1))).toMatchObject([
      { ...order, input: [{ name: 'a.txt', uri: words[0] }] },
      { ...order, params: { color: 'red' }, tags: { site: 'north', item: 'second' } },
    ]);
  });

  it('with a key answers 200 the second time, with the same batch', async () => {
    const headers = { 'Idempotency-Key': 'order-1' };
    const first = await api.submit({ items: words }, headers);
    const again = await api.submit({ items: words }, headers);
    expect([first.status, again.status, again.body.id]).toEqual([202, 200, first.body.id]);
    const other = await api.submit({ items: words.slice(1) }, headers);
    expect({ status: other.status, code: other.body.code }).toEqual({ status: 422, code: 'KeyReused' });
    expect(api.woken).toEqual([first.body.id]);
  });

  it('with a key makes one batch of many requests at once', async () => {
    const headers = { 'Idempotency-Key': 'order-1' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.submit({ items: words }, headers)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    await api.work();
    expect(await membersOf(answers[0]!.body.id)).toHaveLength(3);
  });

  it('takes all files below a prefix that end as the workload wants, and counts the others', async () => {
    await api.put('words/deep/D.TXT');
    await api.put('words/notes.pdf');
    const { body } = await api.submit({ prefix: `${api.folder}/words/` });
    expect(body).toMatchObject({ total: 4, skipped: 1 });
    await api.put('words/later.txt');
    await api.work();
    expect(await membersOf(body.id)).toHaveLength(4);
  });

  it.each([
    { name: 'all.jsonl', text: () => `${JSON.stringify(words[0])}\n${JSON.stringify({ input: words[1], key: 'k' })}` },
    { name: 'all.csv', text: () => `input,key,params.color\n${words[0]},,green\n${words[1]},k,\n` },
  ])('takes the items of $name', async ({ name, text }) => {
    const { status, body } = await api.submit({ manifest: await api.put(name, text()) });
    expect([status, body.total]).toEqual([202, 2]);
    await api.put(name, 'changed');
    await api.work();
    expect(await read(body.id)).toMatchObject({ submitted: 2, refused: 0 });
  });

  it.each([
    { name: 'an unknown workload', body: { workload: 'toys', items: ['/a'] }, says: /There are: toy/ },
    { name: 'no item', body: { items: [] }, says: /no item/ },
    { name: 'no source', body: {}, says: /exactly one of items, prefix, manifest/ },
    { name: 'two sources', body: { items: ['/a'], prefix: '/b/' }, says: /exactly one of/ },
    { name: 'an item of another shape', body: { items: [{ uri: '/a' }] }, says: /items.0/ },
    { name: 'a wrong parameter for all', body: { items: ['/a'], params: { color: 'blue' } }, says: /color/ },
    { name: 'a foreign prefix', body: { prefix: '/etc/' }, says: /prefix can't be used: \/etc\/ is not yours/ },
    { name: 'a foreign manifest', body: { manifest: '/etc/all.csv' }, says: /manifest can't be used/ },
    {
      name: 'an unknown upload as manifest',
      body: { manifest: `upload:${'0'.repeat(8)}-0000-0000-0000-000000000000` },
      says: /no such upload/,
    },
  ])('with $name answers 400', async ({ body, says }) => {
    const answer = await api.submit(body);
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toMatch(says);
    expect((await api.ask('GET', '/batches')).body.batches).toEqual([]);
  });

  it('with a prefix below which nothing lies answers 400', async () => {
    await api.put('pictures/a.png');
    const { status, body } = await api.submit({ prefix: `${api.folder}/pictures/` });
    expect(status).toBe(400);
    expect(body.detail).toMatch(/nothing ends with .txt; 1 end otherwise/);
    expect((await api.submit({ prefix: join(api.folder, 'none/') })).status).toBe(400);
  });

  it('with more items than a batch may have answers 400', async () => {
    const small = await anApiWithBatches({ mostItems: 100 });
    const items = (count: number) => Array.from({ length: count }, (_, index) => `${small.folder}/${index}.txt`);
    expect((await small.submit({ items: items(100) })).status).toBe(202);
    const { status, body } = await small.submit({ items: items(101) });
    expect(status).toBe(400);
    expect(body.detail).toMatch(/more than 100 items/);
  });

  it('may be five times as large as another request, and no larger', async () => {
    const items = Array.from({ length: 20_000 }, (_, index) => `${api.folder}/${'x'.repeat(100)}-${index}.txt`);
    expect((await api.submit({ items })).status).toBe(202);
    expect(await api.submit({ items: [...items, ...items] })).toMatchObject({
      status: 413,
      body: { code: 'BodyTooLarge', detail: 'The body is larger than 5000000 bytes.' },
    });
  });

  it('that nobody could be asked to work on is none, and can be sent again', async () => {
    let isDown = true;
    const wakeBatch = async () => {
      if (isDown) throw new TransientError('no answer');
    };
    const failing = await anApiWithBatches({ wakeBatch });
    const headers = { 'Idempotency-Key': 'order-1' };
    const order = { items: [`${failing.folder}/a.txt`] };
    expect((await failing.submit(order, headers)).status).toBe(503);
    expect((await failing.ask('GET', '/batches')).body.batches).toEqual([]);
    isDown = false;
    expect((await failing.submit(order, headers)).status).toBe(202);
  });

  it('is not offered where nobody works on batches', async () => {
    const { wakeBatch: _wake, ...options } = api.options;
    const { openApiClient } = await import('../../helpers/jobs-api.ts');
    const { jobsApi } = await import('#runtime/jobs-api/app');
    const ask = await openApiClient(jobsApi(options));
    expect((await ask('POST', '/batches', { body: { workload: 'toy', items: words } })).status).toBe(501);
  });
});

describe('items that can not become jobs', () => {
  it('are counted and told, and the others run', async () => {
    const items = [
      words[0],
      '/etc/passwd',
      { input: words[1], params: { color: 'blue' }, key: 'blue' },
      words[0],
      { input: words[1], key: 'two' },
      { input: words[2], key: 'two' },
      { input: [words[1], words[2]] },
    ];
    const { body } = await api.submit({ items });
    await api.work();
    expect(await read(body.id)).toMatchObject({ total: 7, submitted: 2, refused: 5, left: 0 });
    const { refusals } = (await api.ask('GET', `/batches/${body.id}/refusals`)).body;
    expect(refusals).toEqual([
      expect.objectContaining({ item: 1, input: ['/etc/passwd'], message: expect.stringMatching(/is not yours/) }),
      expect.objectContaining({ item: 2, key: 'blue', code: 'InputError', message: expect.stringMatching(/color/) }),
      expect.objectContaining({ item: 3, message: expect.stringMatching(/item 0 once more/) }),
      expect.objectContaining({ item: 5, key: 'two', message: expect.stringMatching(/item 4 once more/) }),
      expect.objectContaining({ item: 6, message: expect.stringMatching(/expected 1 file, found 2/) }),
    ]);
  });

  it('are told page by page', async () => {
    const items = Array.from({ length: 250 }, (_, index) =>
      index % 2 === 0 ? `/none/${index}` : `${api.folder}/${index}`,
    );
    const { body } = await api.submit({ items });
    await api.work();
    const numbers: number[] = [];
    let cursor: string | undefined = '0';
    while (cursor !== undefined) {
      const page: { refusals: { item: number }[]; next?: string } = (
        await api.ask('GET', `/batches/${body.id}/refusals?limit=40&cursor=${cursor}`)
      ).body;
      expect(page.refusals.length).toBeLessThanOrEqual(40);
      numbers.push(...page.refusals.map(({ item }) => item));
      cursor = page.next;
    }
    expect(numbers).toEqual(Array.from({ length: 125 }, (_, index) => index * 2));
  });
});

describe('a batch', () => {
  const finish = async (id: string, states: ('SUCCEEDED' | 'PARTIAL' | 'FAILED')[]) => {
    const members = await membersOf(id);
    for (const [index, state] of states.entries()) await api.options.jobs.transition(members[index].id, state);
  };

  it.each([
    { states: ['SUCCEEDED', 'SUCCEEDED'] as const, status: 'RUNNING' },
    { states: ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'] as const, status: 'SUCCEEDED' },
    { states: ['SUCCEEDED', 'PARTIAL', 'SUCCEEDED'] as const, status: 'PARTIAL' },
    { states: ['FAILED', 'PARTIAL', 'SUCCEEDED'] as const, status: 'FAILED' },
  ])('whose members are $states is $status', async ({ states, status }) => {
    const { body } = await api.submit({ items: words });
    await api.work();
    await finish(body.id, [...states]);
    expect((await read(body.id)).status).toBe(status);
  });

  it('with a refused item never looks as if all had gone well', async () => {
    const { body } = await api.submit({ items: [words[0], '/etc/passwd'] });
    await api.work();
    await finish(body.id, ['SUCCEEDED']);
    expect(await read(body.id)).toMatchObject({ status: 'REJECTED', counts: { SUCCEEDED: 1 }, refused: 1 });
  });

  it('of another team is not there', async () => {
    const { body } = await api.submit({ items: words });
    for (const [method, path] of [
      ['GET', `/batches/${body.id}`],
      ['GET', `/batches/${body.id}/refusals`],
      ['POST', `/batches/${body.id}/cancel`],
    ] as const) {
      expect(await api.ask(method, path, { team: 'blue' })).toMatchObject({
        status: 404,
        body: { code: 'NoSuchBatch' },
      });
    }
    expect((await api.ask('GET', '/batches', { team: 'blue' })).body.batches).toEqual([]);
    expect((await api.ask('GET', `/jobs?batch=${body.id}`, { team: 'blue' })).body.jobs).toEqual([]);
  });

  it('is listed, the newest first', async () => {
    const names = ['one', 'two', 'three'];
    for (const name of names) await api.submit({ items: words, name });
    const first = (await api.ask('GET', '/batches?limit=2')).body;
    const rest = (await api.ask('GET', `/batches?limit=2&cursor=${first.next}`)).body;
    const found = [...first.batches, ...rest.batches].map(({ name }) => name);
    expect([...found].sort()).toEqual([...names].sort());
    expect(rest.next).toBeUndefined();
  });
});

describe('a cancel', () => {
  it('before any member was made leaves none', async () => {
    const { body } = await api.submit({ items: words });
    const { status, body: canceling } = await api.ask('POST', `/batches/${body.id}/cancel`);
    expect([status, canceling.status]).toEqual([202, 'CANCELED']);
    await api.work();
    expect(await read(body.id)).toMatchObject({ status: 'CANCELED', submitted: 0, left: 3, counts: {} });
  });

  it('ends the members that have not ended, and keeps the ends of the others', async () => {
    const { body } = await api.submit({ items: words });
    await api.work();
    const [member] = await membersOf(body.id);
    await api.options.jobs.transition(member.id, 'SUCCEEDED');
    expect((await api.ask('POST', `/batches/${body.id}/cancel`)).body.status).toBe('CANCELING');
    await api.work();
    // Those that were started end when their executions do.
    for (const { id } of await membersOf(body.id)) await api.options.jobs.transition(id, 'CANCELED');
    expect(await read(body.id)).toMatchObject({ status: 'CANCELED', counts: { SUCCEEDED: 1, CANCELED: 2 } });
    // Harmless when repeated.
    expect((await api.ask('POST', `/batches/${body.id}/cancel`)).status).toBe(202);
  });

  it('of a batch that has ended answers 409', async () => {
    const { body } = await api.submit({ items: words });
    await api.work();
    for (const { id } of await membersOf(body.id)) await api.options.jobs.transition(id, 'SUCCEEDED');
    const answer = await api.ask('POST', `/batches/${body.id}/cancel`);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 409, code: 'NotCancellable' });
  });
});
