import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDevServer } from '../helpers/dev-server.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';

const python = spawnSync('python3', ['--version']).status === 0;
const numpy = python && spawnSync('python3', ['-c', 'import numpy']).status === 0;

/** Runs a command that has to end well. */
async function good(args: string[], cwd: string, env: Record<string, string> = {}) {
  const ended = await stepreel(args, { cwd, env });
  expect(ended, args.join(' ')).toMatchObject({ code: 0 });
  return ended;
}

const LANGUAGES = [
  { language: 'ts', tests: ['node', '--test'] as const, isThere: true },
  { language: 'python', tests: ['python3', '-m', 'unittest'] as const, isThere: python },
];

describe.each(LANGUAGES)('a workload that init wrote in $language', ({ language, tests, isThere }) => {
  it.skipIf(!isThere)(
    `keeps the contract, passes its tests and runs, as it is${isThere ? '' : ' (no python3 here)'}`,
    async () => {
      const folder = await testFolder();
      const own = join(folder, 'my-model');
      await good(['init', 'my-model', '--language', language], folder);
      const { documents } = await good(['--json', 'contract', 'test', '--workload', './my-model'], folder);
      expect(documents.filter(({ outcome }) => outcome !== 'kept').map(({ check }) => check)).toEqual([
        'uses the GPU when asked to',
      ]);
      const [program, ...args] = tests;
      execFileSync(program === 'node' ? process.execPath : program, args, { cwd: own, stdio: 'pipe' });

      await good(['run', './my-model', '--example', '--output', 'out', '--param', 'threshold=3'], folder);
      const result = JSON.parse(readFileSync(join(folder, 'out/result.json'), 'utf8'));
      expect(result).toEqual({ rows: 60, outliers: 2, mean: expect.any(Number) });
      expect(readFileSync(join(folder, 'out/outliers.csv'), 'utf8').split('\n')).toHaveLength(4);
      await good(['verify', 'out'], folder);
    },
  );
});

it('init refuses a name that is none, one of ours and a folder with something in it', async () => {
  const folder = await testFolder();
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full/file'), '');
  for (const [name, says] of [
    ['My_Model', 'is in kebab case'],
    ['clip-qc', 'ships with Stepreel'],
    ['full', 'is not empty'],
  ] as const) {
    const { code, stderr } = await stepreel(['init', name], { cwd: folder });
    expect([code, stderr]).toEqual([64, expect.stringContaining(says)]);
  }
});

it('a server that runs takes a registered workload at once, in the version that is asked for', async () => {
  const folder = await testFolder();
  await good(['init', 'my-model', '--language', 'ts'], folder);
  const server = await startDevServer(folder);
  const env = { STEPREEL_API: server.url };
  await good(['register', './my-model'], folder);
  expect((await good(['workloads'], folder)).stdout).toContain('my-model 0.1.0');
  const { workloads } = (await (await fetch(`${server.url}/workloads`)).json()) as { workloads: { name: string }[] };
  expect(workloads.map(({ name }) => name)).toContain('my-model');

  const definition = join(folder, 'my-model/workload.json');
  writeFileSync(definition, readFileSync(definition, 'utf8').replace('"0.1.0"', '"0.2.0"'));
  await good(['register', './my-model'], folder);
  const input = ['--input', 'my-model/example/values.csv'];
  const versionOf = async (workload: string) => {
    const id = (await good(['submit', workload, ...input], folder, env)).stdout.trim();
    await good(['watch', id], folder, env);
    const job = (await (await fetch(`${server.url}/jobs/${id}/results`)).json()) as {
      manifest: { workloadVersion: string };
    };
    return job.manifest.workloadVersion;
  };
  expect(await versionOf('my-model')).toBe('0.2.0');
  expect(await versionOf('my-model@0.1.0')).toBe('0.1.0');
  await good(['rollback', 'my-model'], folder);
  expect(await versionOf('my-model')).toBe('0.1.0');
  const gone = await stepreel(['submit', 'my-model@0.3.0', ...input], { cwd: folder, env });
  expect([gone.code, gone.stderr]).toEqual([64, expect.stringContaining('There are: 0.1.0, 0.2.0')]);
  expect((await server.stop()).code).not.toBe(70);
});

const EXISTING = {
  'no library': `import argparse, csv
parser = argparse.ArgumentParser()
parser.add_argument("table"); parser.add_argument("--out", required=True); parser.add_argument("--scale", type=float)
options = parser.parse_args()
with open(options.table) as table, open(options.out, "w") as out:
    for row in csv.reader(table):
        out.write("%g\\n" % (sum(map(float, row)) * options.scale))
`,
  numpy: `import sys, numpy
table = numpy.loadtxt(sys.argv[1], delimiter=",", ndmin=2)
numpy.savetxt(sys.argv[3], table.sum(axis=1) * float(sys.argv[5]), fmt="%g")
`,
};

describe('a Python program that knows nothing of Stepreel becomes a step as it is', () => {
  it.skipIf(!python)(`with ${python ? 'no library' : 'no python3 here'}`, () => becomesAStep(EXISTING['no library']));
  it.skipIf(!numpy)(`with numpy${numpy ? '' : ', which is not here'}`, () => becomesAStep(EXISTING.numpy));
});

async function becomesAStep(source: string): Promise<void> {
  const folder = await testFolder();
  mkdirSync(join(folder, 'sums'));
  writeFileSync(join(folder, 'sums/sums.py'), source);
  writeFileSync(join(folder, 'table.csv'), '1,2\n3,4\n');
  const command = ['python3', 'sums.py', '{input}', '--out', '{output}/sums.csv', '--scale', '{params.scale}'];
  const definition = {
    ...{ contract: 1, name: 'sums', version: '1.0.0', title: 'Sums', description: 'Sums of rows.' },
    params: { type: 'object', properties: { scale: { type: 'number', default: 1 } } },
    steps: { SumRows: { command } },
  };
  writeFileSync(join(folder, 'sums/workload.json'), JSON.stringify(definition));
  await good(['run', './sums', '--input', 'table.csv', '--output', 'out', '--param', 'scale=2'], folder);
  expect(readFileSync(join(folder, 'out/sums.csv'), 'utf8')).toBe('6\n14\n');
}

it('a refused input is REJECTED with the program’s own words, and tried once', async () => {
  const folder = await testFolder();
  await good(['init', 'my-model', '--language', 'ts'], folder);
  writeFileSync(join(folder, 'bad.csv'), 'name,value\na,many\n');
  const { code, stderr } = await stepreel(['run', './my-model', '--input', 'bad.csv', '--output', 'out'], {
    cwd: folder,
  });
  expect(code).toBe(65);
  expect(stderr).toContain('row 1 has "many" for a number');
  expect(stderr.match(/ScoreRows: started/g)).toHaveLength(1);
});
