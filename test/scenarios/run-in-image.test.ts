import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDevServer } from '../helpers/dev-server.ts';
import { type FakeDocker, fakeDocker } from '../helpers/fake-docker.ts';
import { testFolder } from '../helpers/folder.ts';
import { isAlive } from '../helpers/process-tree.ts';
import { aWorkloadFolder, PROGRAM_HEAD } from '../helpers/programs.ts';
import { until } from '../helpers/state-processes.ts';
import { stepreel } from '../helpers/stepreel.ts';

const image = `registry.example/own@sha256:${'a'.repeat(64)}`;
const callsOf = ({ calls }: FakeDocker): string[][] =>
  existsSync(calls)
    ? readFileSync(calls, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
const after = (args: string[], name: string) => args[args.indexOf(name) + 1];

const COPIES = `${PROGRAM_HEAD}
leave('out.txt', readFileSync(job.inputs[0].path, 'utf8'));
leave('place.txt', [process.cwd(), process.env.HOME === STEPREEL_SCRATCH, process.env.FAKE_DOCKER_CALLS].join());`;

describe('a workload runs as its image, where Docker is there', () => {
  it('in the size of its step, without network or rights, and sees its input, its output and nothing else', async () => {
    const steps = { RunModel: { command: [process.execPath, 'program.mjs'], vcpu: 2, memoryMiB: 3_000 } };
    const folder = aWorkloadFolder(COPIES, { image, steps });
    const docker = fakeDocker(folder);
    const cwd = await testFolder();
    const args = ['run', folder, '--example', '--image', '--output', 'out'];
    const { code, stderr } = await stepreel(args, { cwd, env: docker.env });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(readFileSync(join(cwd, 'out/out.txt'), 'utf8')).toBe('abc');
    // The image's folder, its own variables alone.
    expect(readFileSync(join(cwd, 'out/place.txt'), 'utf8')).toBe(`${folder},true,`);

    const [version, run, ...rest] = callsOf(docker);
    expect(version![0]).toBe('version');
    expect(rest.map(([verb]) => verb)).toEqual(['rm']);
    for (const flag of ['--rm', '--init', '--read-only']) expect(run).toContain(flag);
    expect([after(run!, '--network'), after(run!, '--cap-drop'), after(run!, '--security-opt')]).toEqual([
      'none',
      'ALL',
      'no-new-privileges',
    ]);
    expect([after(run!, '--memory'), after(run!, '--cpus')]).toEqual(['3000m', '2']);
    expect(after(run!, '--user')).toBe(`${process.getuid!()}:${process.getgid!()}`);
    expect(run!.slice(run!.indexOf('--entrypoint') + 1)).toEqual([process.execPath, image, 'program.mjs']);
    const mounts = run!.flatMap((arg, at) => (arg === '--mount' ? [run![at + 1]!] : []));
    expect(mounts.map((mount) => [/target=[^,]*\/([^,/]+)/.exec(mount)![1], mount.endsWith(',readonly')])).toEqual([
      ['job.json', true],
      ['example.txt', true],
      ['output', false],
      ['scratch', false],
    ]);
    // The link in its input folder leads to the file itself.
    expect(mounts[1]).toContain(`source=${join(folder, 'example.txt')},`);
  });

  it('in another image, if one is named', async () => {
    const folder = aWorkloadFolder(COPIES);
    const docker = fakeDocker(folder);
    const args = ['run', folder, '--example', '--image', 'own:dev', '--output', 'out'];
    expect(await stepreel(args, { cwd: await testFolder(), env: docker.env })).toMatchObject({ code: 0 });
    expect(callsOf(docker)[1]).toContain('own:dev');
  });

  it('a job that is cancelled ends its container, also one that does not listen', async () => {
    const STUBBORN = `${PROGRAM_HEAD}
process.on('SIGTERM', () => {});
writeFileSync(join(STEPREEL_SCRATCH, 'x'), '');
console.log(JSON.stringify({ progress: { done: process.pid, total: 10_000_000 } }));
setInterval(() => {}, 1000);`;
    const steps = { RunModel: { command: [process.execPath, 'program.mjs'], graceSeconds: 1 } };
    const folder = aWorkloadFolder(STUBBORN, { image, steps });
    const docker = fakeDocker(folder);
    const cwd = await testFolder();
    const server = await startDevServer(cwd, ['--workload', folder, '--images', '--input-root', folder], docker.env);
    const api = { STEPREEL_API: server.url };
    const submit = await stepreel(['submit', 'own-model', '--input', join(folder, 'example.txt')], { cwd, env: api });
    const id = submit.stdout.trim();
    const job = async () => (await (await fetch(`${server.url}/jobs/${id}`)).json()) as { status: string };
    const pidFile = () => {
      const name = callsOf(docker).find(([verb]) => verb === 'run');
      return name ? `${docker.calls}.${after(name, '--name')}` : '';
    };
    await until(() => existsSync(pidFile()), 'the container ran');
    const pid = Number(readFileSync(pidFile(), 'utf8'));
    await stepreel(['cancel', id], { cwd, env: api });
    await expect.poll(async () => (await job()).status, { timeout: 60_000 }).toBe('CANCELED');
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false);
    expect(callsOf(docker).map(([verb]) => verb)).toContain('rm');
    await server.stop();
  });
});

describe('refused, before anything is done', () => {
  it.each([
    {
      name: 'no Docker',
      definition: { image },
      env: { PATH: '/nowhere' },
      code: 69,
      says: 'there is no `docker` on the PATH',
    },
    {
      name: 'no daemon',
      definition: { image },
      fault: 'Cannot connect to the Docker daemon',
      code: 69,
      says: 'Cannot connect',
    },
    { name: 'no image', definition: {}, code: 64, says: 'names no "image" in its workload.json' },
  ])('$name', async ({ definition, env = {}, fault, code, says }) => {
    const folder = aWorkloadFolder(COPIES, definition);
    const docker = fakeDocker(folder);
    const all = { ...docker.env, ...env, ...(fault ? { FAKE_DOCKER_FAULT: fault } : {}) };
    const args = ['run', folder, '--example', '--image', '--output', 'out'];
    const ended = await stepreel(args, { cwd: await testFolder(), env: all });
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(says)]);
  });

  it('an image for what ships with Stepreel', async () => {
    const ended = await stepreel(['run', 'dataset', '--example', '--image'], { cwd: await testFolder() });
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringContaining('--image is for workloads of your own')]);
  });
});
