import { describe, expect, it } from 'vitest';
import type { ByteSource } from '#core/step';
import { readManifest } from '#jobs/batch-manifest';

function aFile(text: string | Buffer): ByteSource {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    close: async () => {},
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function itemsOf(name: string, text: string | Buffer) {
  return await all(readManifest(aFile(text), `/lists/${name}`));
}

describe('a manifest of JSON lines', () => {
  it('has an address or an item a line', async () => {
    const text = '"s3://a/1.mp4"\n{"input": ["s3://a/2.mp4", "s3://a/3.mp4"], "params": {"every": 5}, "key": "two"}\n';
    expect(await itemsOf('all.jsonl', text)).toEqual([
      's3://a/1.mp4',
      { input: ['s3://a/2.mp4', 's3://a/3.mp4'], params: { every: 5 }, key: 'two' },
    ]);
  });

  it.each([
    { name: 'a byte order mark', text: '\uFEFF"a"\n"b"' },
    { name: 'Windows line ends', text: '"a"\r\n"b"\r\n' },
    { name: 'empty lines', text: '\n"a"\n\n  \n"b"\n\n' },
    { name: 'no last line end', text: '"a"\n"b"' },
  ])('may have $name', async ({ text }) => {
    expect(await itemsOf('all.ndjson', text)).toEqual(['a', 'b']);
  });

  it('may be larger than a piece, with letters across the borders', async () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `"größe-${index}-${'ü'.repeat(index % 7)}"`);
    expect(await itemsOf('all.jsonl', lines.join('\n'))).toEqual(lines.map((line) => JSON.parse(line)));
  });
});

describe('a manifest of CSV', () => {
  it('has a column for the input, and others if wanted', async () => {
    const text =
      'input,key,params.every,params.color,params\ns3://a/1.mp4,one,5,red,"{""seed"": 1}"\ns3://a/2.mp4,,,,\n';
    expect(await itemsOf('all.csv', text)).toEqual([
      { input: 's3://a/1.mp4', key: 'one', params: { seed: 1, every: 5, color: 'red' } },
      { input: 's3://a/2.mp4' },
    ]);
  });

  it.each([
    { name: 'a byte order mark', text: '\uFEFFinput\na\nb\n' },
    { name: 'Windows line ends', text: 'input\r\na\r\nb\r\n' },
    { name: 'quotes and spaces', text: ' input \n"a"\n b\n' },
    { name: 'empty lines', text: 'input\n\na\n\nb' },
  ])('may have $name', async ({ text }) => {
    expect(await itemsOf('all.CSV', text)).toEqual([{ input: 'a' }, { input: 'b' }]);
  });

  it('is read line by line, also where a cell has several', async () => {
    expect(await itemsOf('all.csv', 'input,params.text\na,"one\ntwo"\n')).toEqual([
      { input: 'a', params: { text: 'one\ntwo' } },
    ]);
  });
});

describe('what is no manifest is refused with the line that is wrong', () => {
  it.each([
    { name: 'all.txt', text: 'a', says: /ends with .jsonl, .ndjson or .csv/ },
    { name: 'all.jsonl', text: '"a"\n{"input": ', says: /Line 2 is not JSON/ },
    { name: 'all.jsonl', text: '"a"\n5', says: /Line 2 is no item/ },
    { name: 'all.jsonl', text: '{"input": "a", "color": "red"}', says: /Line 1 is no item/ },
    { name: 'all.jsonl', text: '{"input": "a", "key": "two words"}', says: /Line 1 is no item \(key expected/ },
    { name: 'all.jsonl', text: `"a"\n"${'x'.repeat(10 * 1024 ** 2)}"`, says: /Line 2 has more than 65536 bytes/ },
    { name: 'all.csv', text: 'path\na', says: /Line 1 has the columns \["path"\]. Expected input/ },
    { name: 'all.csv', text: 'input,color\na,red', says: /Line 1 has the columns/ },
    { name: 'all.csv', text: 'input,input\na,b', says: /Line 1 has the columns/ },
    { name: 'all.csv', text: 'input,params.x\na', says: /Line 2: it is not CSV/ },
    { name: 'all.csv', text: 'input\na\nb,c', says: /Line 3: it is not CSV/ },
    { name: 'all.csv', text: 'input\n"a', says: /it is not CSV/ },
    { name: 'all.csv', text: 'input,key\n,k', says: /Line 2 is no item/ },
    { name: 'all.csv', text: 'input,params\na,[1]', says: /Line 2 is no item/ },
    { name: 'all.csv', text: `input\na\n${'x'.repeat(10 * 1024 ** 2)}\n`, says: /more than 65536 bytes/ },
    { name: 'all.csv', text: `input\n"${'x\n'.repeat(5 * 1024 ** 2)}`, says: /more than 65536 bytes/ },
  ])('$name: $says', async ({ name, text, says }) => {
    await expect(itemsOf(name, text)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(says),
    });
  });

  it('and one that is too large is not even begun', async () => {
    const source = { ...aFile(''), size: 101 * 1024 ** 2 };
    await expect(all(readManifest(source, '/all.csv'))).rejects.toThrow(/at most 104857600/);
  });
});
