import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelSource } from '#core/step';
import type { Device } from '#core/workload';
import { openStateFolder } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { loadOutside } from '#runtime/outside/outside-workload';
import { runStep, type StepEnvironment } from '#runtime/step-run';
import { aJob } from '../../conformance/job-store.ts';
import { aWorkloadFolder, PROGRAM_HEAD } from '../../helpers/programs.ts';
import { aFolder } from '../../helpers/state-folder.ts';

let environment: StepEnvironment & { folder: string };
let log: Record<string, unknown>[];

const models: ModelSource = {
  async fetch(ref) {
    const folder = aFolder();
    writeFileSync(join(folder, 'model.json'), JSON.stringify({ weights: { file: 'weights.bin' } }));
    writeFileSync(join(folder, 'weights.bin'), 'weights');
    return { name: ref.split('@')[0]!, version: '1.0.0', folder, sha256: 'f'.repeat(64) };
  },
};

beforeEach(async () => {
  const folder = aFolder();
  environment = { ...(await openStateFolder(folder)), models, scratchFolder: join(folder, 'scratch'), folder };
  log = [];
  writeFileSync(join(folder, 'in put.txt'), 'abc');
});

interface Run {
  definition?: object;
  step?: object;
  params?: Record<string, unknown>;
  signal?: AbortSignal;
  plannedDevice?: Device;
  onProgress?: (report: { done: number; total: number }) => void;
}

/** Runs one attempt of a program, which is the lines of `body`. */
async function run(body: string, { definition = {}, step = {}, params = {}, ...more }: Run = {}) {
  const command = [process.execPath, 'program.mjs'];
  const steps = { RunModel: { command, ...step } };
  const head = 'door' in step ? '' : PROGRAM_HEAD;
  const workload = await loadOutside(aWorkloadFolder(head + body, { steps, ...definition }));
  const input = [{ name: 'in put.txt', uri: join(environment.folder, 'in put.txt') }];
  const job = aJob({ id: 'own-model-1', workload: 'own-model', status: 'STARTING', execution: 'e-1', input, params });
  await environment.jobs.create(job);
  const { default: loaded } = await workload.steps.RunModel!.load();
  const { signal = new AbortController().signal, onProgress, plannedDevice } = more;
  return await runStep(
    loaded,
    { jobId: job.id, execution: 'e-1', ...(plannedDevice && { plannedDevice }) },
    environment,
    {
      signal,
      logger: jsonLogger({}, (line) => log.push(JSON.parse(line))),
      ...(onProgress ? { onProgress } : {}),
    },
  );
}

const artifact = async (name: string) =>
  Buffer.from(await environment.artifacts.read(`jobs/own-model-1/steps/RunModel/attempt-1/${name}`)).toString();

describe('a wrapped program', () => {
  it('gets its job as a file, and what it leaves becomes artifacts and the output document', async () => {
    const verdict = await run(
      `leave('deep/er.txt', readFileSync(job.inputs[0].path, 'utf8').toUpperCase());
       leave('output.json', JSON.stringify({ letters: 3, job }));`,
      { params: { size: 2 }, definition: { params: { type: 'object', properties: { size: { type: 'number' } } } } },
    );
    expect(verdict).toMatchObject({ status: 'succeeded', artifacts: [{ name: 'deep/er.txt', result: 'deep/er.txt' }] });
    expect(await artifact('deep/er.txt')).toBe('ABC');
    const { output } = verdict as { output: { document: { job: Record<string, unknown> } } };
    expect(output).toMatchObject({ input: [{ name: 'in put.txt', bytes: 3 }], models: [], degraded: [] });
    expect(output.document.job).toMatchObject({
      ...{
        contract: 1,
        jobId: 'own-model-1',
        workload: 'own-model',
        step: 'RunModel',
        attempt: 1,
        params: { size: 2 },
      },
      inputs: [{ name: 'in-put.txt', mediaType: 'text/plain', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
  });

  it('sees the models that it asks for, by name, and none of our or the cloud’s variables', async () => {
    process.env.AWS_SECRET_ACCESS_KEY = 'secret';
    const verdict = await run(
      `const names = Object.keys(process.env).filter((name) => /^(STEPREEL|AWS)_/.test(name)).sort();
       leave('output.json', JSON.stringify({ names, weights: readFileSync(process.env.STEPREEL_MODEL_DETECTOR, 'utf8') }));`,
      {
        definition: { params: { type: 'object', properties: { model: { type: 'string' } } } },
        step: { models: { DETECTOR: '{params.model}' } },
        params: { model: 'mine@1.0.0' },
      },
    ).finally(() => delete process.env.AWS_SECRET_ACCESS_KEY);
    expect(verdict).toMatchObject({
      output: {
        models: [{ name: 'mine', version: '1.0.0' }],
        document: {
          weights: 'weights',
          names: ['DEVICE', 'INPUT', 'JOB', 'MODEL_DETECTOR', 'OUTPUT', 'SCRATCH'].map((name) => `STEPREEL_${name}`),
        },
      },
    });
    expect(log).toContainEqual(
      expect.objectContaining({ message: 'model', model: 'mine@1.0.0', sha256: 'f'.repeat(64) }),
    );
  });

  it('needs no change where it takes paths and options', async () => {
    const verdict = await run(
      `const [input, option, value, target, whole] = process.argv.slice(2);
       writeFileSync(target, readFileSync(input, 'utf8').repeat(Number(value)) + option + whole);`,
      {
        definition: { params: { type: 'object', properties: { times: { type: 'integer' }, list: {} } } },
        step: {
          command: [
            process.execPath,
            'program.mjs',
            '{input}',
            '--times',
            '{params.times}',
            '{output}/out.txt',
            'x={params.list}',
          ],
        },
        params: { times: 2, list: ['a'] },
      },
    );
    expect(verdict.status).toBe('succeeded');
    expect(await artifact('out.txt')).toBe('abcabc--timesx=["a"]');
  });

  it('tells progress, which never goes backwards, and everything else is log', async () => {
    const seen: number[] = [];
    await run(
      `say({ progress: { done: 1, total: 3 } }); say({ progress: { done: 3, total: 3 } });
       say({ progress: { done: 2, total: 3 } }); say('half way'); console.error('careful');`,
      { onProgress: ({ done }) => seen.push(done) },
    );
    expect(seen.at(-1)).toBe(3);
    expect(seen).toEqual(seen.toSorted());
    expect(log.map(({ level, message }) => [level, message])).toEqual(
      expect.arrayContaining([
        ['INFO', 'half way'],
        ['WARN', 'careful'],
      ]),
    );
  });

  it.each([
    { exit: 64, name: 'InputError' },
    { exit: 65, name: 'MediaError' },
  ])('refuses with $exit, and its last line on stderr is the reason', async ({ exit, name }) => {
    const verdict = await run(`console.error('first'); console.error('<b>no</b> table\\n'); process.exit(${exit});`);
    expect(verdict).toMatchObject({ status: 'rejected', error: { name, message: '<b>no</b> table' } });
  });

  it.each([
    {
      name: 'another exit code',
      body: `console.error('cuda is lost'); process.exit(3);`,
      says: /exit code 3.*cuda is lost/,
    },
    { name: 'a signal', body: `process.kill(process.pid, 'SIGKILL');`, says: /killed by SIGKILL/ },
  ])('$name leaves no verdict, and is tried again', async ({ body, says }) => {
    await expect(run(body)).rejects.toMatchObject({ name: 'TransientError', message: expect.stringMatching(says) });
    expect(await environment.artifacts.exists('jobs/own-model-1/steps/RunModel/attempt-1/verdict.json')).toBe(false);
  });

  it.each([
    { name: 'a list for an object', body: `leave('output.json', '[1]');`, says: /no JSON object: "\[1\]"/ },
    { name: 'a link', body: `symlinkSync('/etc/hosts', join(STEPREEL_OUTPUT, 'hosts'));`, says: /no plain file/ },
    { name: 'a name of ours', body: `leave('manifest.json', '{}');`, says: /manifest.json, which are names of ours/ },
    {
      name: 'a document that its own schema refuses',
      body: `leave('output.json', '{"rows": "many"}');`,
      step: { output: { type: 'object', properties: { rows: { type: 'integer' } }, required: ['rows'] } },
      says: /its own schema refuses/,
    },
  ])('that leaves $name breaks the contract', async ({ body, says, step = {} }) => {
    await expect(run(body, { step })).rejects.toMatchObject({
      name: 'ContractError',
      message: expect.stringMatching(says),
    });
  });

  it('that is not installed is told by its name', async () => {
    const verdict = await run('', { step: { command: ['no-such-program'] } });
    expect(verdict).toMatchObject({
      status: 'rejected',
      error: { name: 'ToolError', message: expect.stringContaining('no-such-program') },
    });
  });

  it('on a CPU where a GPU was planned gives a degraded result', async () => {
    const verdict = await run('', { plannedDevice: 'gpu' });
    expect(verdict).toMatchObject({ output: { degraded: [{ step: 'RunModel', reason: 'ran on cpu: no gpu came' }] } });
  });

  it('ends when it is told to, within its grace, and leaves no verdict and no files (pitfall 43)', async () => {
    const stop = new AbortController();
    const started = performance.now();
    const running = run(
      `process.on('SIGTERM', () => { console.log('stopping'); process.exit(0); });
       say({ progress: { done: 1, total: 2 } }); leave('half.txt', 'half'); setInterval(() => {}, 1000);`,
      { signal: stop.signal, onProgress: () => stop.abort(new Error('cancelled')) },
    );
    await expect(running).rejects.toThrow('cancelled');
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(log.map(({ message }) => message)).toContain('stopping');
    expect(readdirSync(environment.scratchFolder)).toEqual([]);
    expect(await environment.artifacts.list('jobs/own-model-1/')).toEqual([expect.stringContaining('attempt.json')]);
  });

  it('that does not end is killed after its grace', async () => {
    const stop = new AbortController();
    const running = run(
      `process.on('SIGTERM', () => {}); say({ progress: { done: 1, total: 2 } }); setInterval(() => {}, 1000);`,
      { step: { graceSeconds: 1 }, signal: stop.signal, onProgress: () => stop.abort(new Error('cancelled')) },
    );
    await expect(running).rejects.toThrow('cancelled');
    await sleep(0);
  });
});

const BARE_HEAD = `
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
const job = JSON.parse(readFileSync(new URL(process.env.STEPREEL_JOB_URI), 'utf8'));
const put = (name, text) => {
  writeFileSync(new URL(name, job.output), text);
  return { name, sha256: createHash('sha256').update(text).digest('hex'), bytes: Buffer.byteLength(text) };
};
const verdict = (document) => put('verdict.json', JSON.stringify({ contract: 1, ...document }));
const text = readFileSync(new URL(job.inputs[0].uri), 'utf8');
`;

describe('a bare program', () => {
  const bare = (body: string) => run(BARE_HEAD + body, { step: { door: 'bare' } });

  it('reads and writes by addresses, and its verdict is the step’s', async () => {
    const verdict = await bare(
      `verdict({ status: 'succeeded', output: { size: text.length, attempt: job.attempt }, artifacts: [put('out.txt', text + text), ] });`,
    );
    expect(verdict).toMatchObject({
      status: 'succeeded',
      output: { document: { size: 3, attempt: 1 } },
      artifacts: [{ name: 'out.txt', result: 'out.txt', bytes: 6 }],
    });
  });

  it('refuses by its verdict, with exit code 0', async () => {
    const verdict = await bare(
      `verdict({ status: 'rejected', error: { name: 'MediaError', message: 'no frames' }, artifacts: [] });`,
    );
    expect(verdict).toMatchObject({ status: 'rejected', error: { name: 'MediaError', message: 'no frames' } });
  });

  it.each([
    {
      name: 'exit code 65 is tried again: only the wrapper knows it',
      body: 'process.exit(65);',
      error: 'TransientError',
    },
    { name: 'exit code 0 without a verdict did not happen (pitfall 13)', body: '', error: 'TransientError' },
    { name: 'a verdict that is none', body: `put('verdict.json', '{"status": "fine"}');`, error: 'ContractError' },
    {
      name: 'a digest that is not the file’s',
      body: `verdict({ status: 'succeeded', output: {}, artifacts: [{ ...put('a.txt', 'a'), sha256: '${'0'.repeat(64)}' }] });`,
      error: 'ContractError',
    },
    {
      name: 'a file outside of its folder',
      body: `verdict({ status: 'succeeded', output: {}, artifacts: [{ ...put('a.txt', 'a'), name: '../job.json' }] });`,
      error: 'ContractError',
    },
  ])('$name', async ({ body, error }) => {
    await expect(bare(body)).rejects.toMatchObject({ name: error });
  });
});
