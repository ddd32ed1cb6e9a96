import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawExample } from '#workloads/letter-asr/example';
import { activityResultsSchema } from '#workloads/letter-asr/result/activity-results';
import { endpointServer } from '../helpers/endpoint-server.ts';
import { testFolder } from '../helpers/folder.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';

async function exampleFiles() {
  const folder = await testFolder();
  const input = await drawExample(folder);
  return { folder, files: input.map(({ uri }) => uri) };
}

function run(files: string[], output: string, more: string[] = [], env = {}) {
  return stepreel(
    ['run', 'letter-asr', ...files.flatMap((file) => ['--input', file]), '--output', output, '--json', ...more],
    { env },
  );
}

async function resultsOf(output: string) {
  const lines = (await readFile(join(output, 'activity-results.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => activityResultsSchema.parse(JSON.parse(line)));
}

describe('stepreel run letter-asr', () => {
  it.concurrent('judges each letter of the example, shows where it was heard, and gives the same bytes again (pitfall 48)', async () => {
    const folder = await testFolder();
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const { code, documents } = await stepreel(['run', 'letter-asr', '--example', '--output', first, '--json']);
    expect(code).toBe(0);
    const entered = documents.filter(({ type }) => String(type).endsWith('StateEntered')).map(({ state }) => state);
    expect(entered).toEqual(
      expect.arrayContaining([
        'ValidateInput',
        'PrepareAudio',
        'PlanShards',
        'ScorePhrasesOnCpu',
        'PublishResults',
        'WriteReport',
      ]),
    );
    const [result] = await resultsOf(first);
    const verdicts = result!.phrases.map(({ letters }) => letters!.map(({ verdict }) => verdict));
    expect(verdicts).toEqual([
      ['correct', 'correct', 'wrong'],
      ['correct', 'missing', 'correct'],
      ['correct', 'correct', 'correct'],
    ]);
    const report = await readFile(join(first, 'report.html'), 'utf8');
    expect(report.match(/<svg/g)).toHaveLength(3);
    expect(report).toContain('c_letter: wrong, heard d iː');
    expect(report).not.toMatch(/<script|https?:\/\/|src="(?!data:)/);
    expect((await stepreel(['verify', first])).code).toBe(0);

    expect((await stepreel(['run', 'letter-asr', '--example', '--output', second])).code).toBe(0);
    expect(await resultDigests(second)).toEqual(await resultDigests(first));
  });

  it.concurrent('gives the same verdicts whatever the number of shards', async () => {
    const { folder, files } = await exampleFiles();
    expect((await run(files, join(folder, 'one'))).code).toBe(0);
    expect((await run(files, join(folder, 'three'), ['--param', 'phrasesPerShard=1'])).code).toBe(0);
    expect(await resultsOf(join(folder, 'three'))).toEqual(await resultsOf(join(folder, 'one')));
  });

  it.concurrent('is partial when a phrase has no sound, and says which', async () => {
    const { folder, files } = await exampleFiles();
    const without = files.filter((file) => !file.includes('_001_'));
    const { code } = await run(without, join(folder, 'out'));
    expect(code).toBe(65);
    const manifest = JSON.parse(await readFile(join(folder, 'out', 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      outcome: 'partial',
      missing: ['phrase 1 of activity example: no segment of it is there'],
    });
    expect(await readFile(join(folder, 'out', '_PARTIAL'))).toHaveLength(0);
    const [result] = await resultsOf(join(folder, 'out'));
    expect(result).toMatchObject({ status: 'partial', total_alignments: 6 });
    expect(result!.phrases.map(({ phrase_index, status }) => [phrase_index, status])).toEqual([
      [0, 'scored'],
      [1, 'failed'],
      [2, 'scored'],
    ]);
  });
});

describe('a job that can not be done is refused with what to do', () => {
  it.concurrent.each([
    { name: 'a header-only wav is all there is', wav: 44, says: 'a header without a sample' },
    { name: 'the wav is cut off in its header', wav: 20, says: 'no samples in its first 20 bytes' },
  ])('$name', async ({ wav, says }) => {
    const { folder, files } = await exampleFiles();
    const path = join(folder, 'example_000_000001.wav');
    await writeFile(path, (await readFile(files[0]!)).subarray(0, wav));
    const { code, stdout } = await run([path, files.at(-1)!], join(folder, 'out'));
    expect(code).toBe(65);
    expect(stdout).toContain(says);
  });

  it.concurrent('a vocabulary that does not fit the logits', async () => {
    const { folder, files } = await exampleFiles();
    const model = join(folder, 'model');
    await cp(new URL('../../models/letters/1.0.0', import.meta.url).pathname, model, { recursive: true });
    const description = JSON.parse(await readFile(join(model, 'model.json'), 'utf8'));
    description.classes.pop();
    await writeFile(join(model, 'model.json'), JSON.stringify(description));
    const { code, stdout } = await run(files, join(folder, 'out'), ['--param', `model=${model}`]);
    expect(code).toBe(78);
    expect(stdout).toContain('logits');
  });
});

describe('publishing', () => {
  const listed = (url: string) => ({
    STEPREEL_GRAPHQL_ENDPOINTS: JSON.stringify({ tutor: { url: `${url}/graphql`, apiKeyFrom: 'TUTOR_KEY' } }),
    TUTOR_KEY: 'a-key',
  });

  it.concurrent('sends the result of each activity', async () => {
    const server = await endpointServer(() => ({ body: { data: { updateActivity: { activityId: 'example' } } } }));
    try {
      const { folder, files } = await exampleFiles();
      expect((await run(files, join(folder, 'out'), ['--param', 'publish=tutor'], listed(server.url))).code).toBe(0);
      const [{ headers, body }] = server.received as [(typeof server.received)[0]];
      expect(headers['x-correlation-id']).toMatch(/^letter-asr-[0-9a-f]+\/example$/);
      const { fieldValues } = JSON.parse(body.toString()).variables;
      expect(JSON.parse(fieldValues)).toMatchObject({ error_count: 2, total_alignments: 9 });
    } finally {
      await server.close();
    }
  });

  it.concurrent('that fails, fails the job', async () => {
    const server = await endpointServer(() => ({ status: 403 }));
    try {
      const { folder, files } = await exampleFiles();
      const { code, stdout } = await run(files, join(folder, 'out'), ['--param', 'publish=tutor'], listed(server.url));
      expect(code).toBe(69);
      expect(stdout).toContain('did not take the result of example');
      expect(stdout).not.toContain('a-key');
    } finally {
      await server.close();
    }
  });
});
