import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '#core/names';
import { testFolder } from '../helpers/folder.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { openClient } from './client.ts';
import { deployPlatform, letIn } from './operator.ts';

const { AWS_ENDPOINT_URL, AWS_REGION = 'us-east-1', STEPREEL_EMULATOR_IMAGES: IMAGES } = process.env;
const REPOSITORY = `000000000000.dkr.ecr.${AWS_REGION}.amazonaws.com/stepreel-dev-outside-own`;
const python = spawnSync('python3', ['--version']).status === 0;

/** What a team does whose workload lives in a repository of its own: from `init` to a job on a platform that is there. */
describe.skipIf(!AWS_ENDPOINT_URL || !IMAGES)(
  'a workload from another repository, where STEPREEL_EMULATOR_IMAGES says what its images hold',
  () => {
    let platform: Awaited<ReturnType<typeof deployPlatform>>;
    let client: ReturnType<typeof openClient>;
    let operator: string;
    let cwd: string;

    // The platform alone: nothing else is deployed here, nor again.
    beforeAll(async () => {
      platform = await deployPlatform(await testFolder(), ['stepreel-dev-platform']);
      client = openClient(platform);
      operator = await letIn('platform', '--operator');
      cwd = await testFolder();
    });

    /** A command of a person, which has to end well. */
    const good = async (args: string[], key = platform.apiKey) => {
      const env = { STEPREEL_API: platform.api, STEPREEL_API_KEY: key };
      const ended = await stepreel(args, { cwd, env });
      expect(ended, args.join(' ')).toMatchObject({ code: 0 });
      return ended.stdout.trim();
    };
    const register = (name: string, ...options: string[]) =>
      good(['--json', 'register', `./${name}`, '--api', platform.api, ...options], operator);
    const submitted = async (workload: string) => {
      const [name] = workload.split('@');
      const uri = await good(['upload', `${name}/example/values.csv`]);
      const id = await good(['submit', workload, '--input', uri]);
      return await client.ended(id);
    };

    /** Builds and pushes its image, and names it in the definition: on AWS that is Docker's work. */
    function push(name: string, changes: object = {}): void {
      const file = join(cwd, name, 'workload.json');
      const definition = { ...JSON.parse(readFileSync(file, 'utf8')), ...changes };
      writeFileSync(file, JSON.stringify(definition));
      cpSync(join(cwd, name), join(IMAGES!, `${name}@${definition.version}`), { recursive: true });
      const image = `${REPOSITORY}@sha256:${sha256Hex(JSON.stringify(definition))}`;
      writeFileSync(file, JSON.stringify({ ...definition, image }));
    }

    const aName = (language: string) => `own-${language}-${randomBytes(3).toString('hex')}`;

    it.each([
      { language: 'ts', isThere: true },
      { language: 'python', isThere: python },
    ])('begins as init wrote it in $language, and runs there as here', async ({ language, isThere }) => {
      if (!isThere) return expect(python).toBe(false);
      const name = aName(language);
      await good(['init', name, '--language', language]);
      await good(['contract', 'test', '--workload', `./${name}`]);
      await good(['run', `./${name}`, '--example', '--output', `here-${language}`]);
      push(name);
      expect(JSON.parse(await register(name))).toMatchObject({ version: '0.1.0', release: { current: '0.1.0' } });

      const { body: list } = await client.call('GET', 'workloads');
      expect(list.workloads.map((one: { name: string }) => one.name)).toContain(name);
      const job = await submitted(name);
      expect(job).toMatchObject({ status: 'SUCCEEDED', workload: name, workloadVersion: '0.1.0', team: 'perception' });
      await good(['results', job.id, '--download', `there-${language}`]);
      await good(['verify', `there-${language}`]);
      expect(await resultDigests(join(cwd, `there-${language}`))).toEqual(
        await resultDigests(join(cwd, `here-${language}`)),
      );
    });

    it('gets a second version for some of its jobs, and goes back to the first', async () => {
      const name = aName('ts');
      await good(['init', name, '--language', 'ts']);
      push(name);
      await register(name);
      push(name, { version: '0.2.0', title: 'Better' });
      const canary = { version: '0.2.0', percent: 50 };
      expect(JSON.parse(await register(name, '--canary', '50'))).toMatchObject({
        release: { current: '0.1.0', canary },
      });
      expect(await submitted(`${name}@0.2.0`)).toMatchObject({ status: 'SUCCEEDED', workloadVersion: '0.2.0' });
      expect(await submitted(`${name}@0.1.0`)).toMatchObject({ status: 'SUCCEEDED', workloadVersion: '0.1.0' });

      await good(['release', `${name}@0.2.0`, '--api', platform.api], operator);
      expect(await submitted(name)).toMatchObject({ status: 'SUCCEEDED', workloadVersion: '0.2.0' });
      await good(['rollback', name, '--api', platform.api], operator);
      expect(await submitted(name)).toMatchObject({ status: 'SUCCEEDED', workloadVersion: '0.1.0' });
      const { body } = await client.call('GET', `workloads/${name}`);
      expect(body).toMatchObject({ versions: ['0.1.0', '0.2.0'], release: { current: '0.1.0', previous: '0.2.0' } });
    });

    it('is refused with the difference when its definition does not fit its machine', async () => {
      const name = aName('ts');
      await good(['init', name, '--language', 'ts']);
      const definition = JSON.parse(readFileSync(join(cwd, name, 'workload.json'), 'utf8'));
      const machine = { StartAt: 'ScoreRows', TimeoutSeconds: 60, States: { ScoreRows: { Type: 'Succeed' } } };
      const body = { definition: { ...definition, machine: 'own.asl.json' }, machine };
      const asked = openClient({ api: platform.api, apiKey: operator });
      const { status, body: problem } = await asked.call('POST', 'workloads', body);
      expect(status).toBe(400);
      expect(problem.problems).toContain(`${name} has a step ScoreRows, and no Task state is called so.`);
      expect((await client.call('GET', `workloads/${name}`)).status).toBe(404);
      expect((await client.call('POST', 'workloads', body)).status).toBe(403);
    });
  },
);
