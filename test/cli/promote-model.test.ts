import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256Hex } from '#core/names';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';

it('a version is promoted past its gate only, and jobs then find it as name@promoted', async () => {
  const cwd = await testFolder();
  const env = { STEPREEL_MODELS: join(cwd, 'added') };
  const run = (...args: string[]) => stepreel(['models', ...args], { cwd, env });
  for (const version of ['1.0.0', '1.1.0']) {
    mkdirSync(join(cwd, version));
    const weights = { file: 'w.bin', sha256: sha256Hex(version) };
    const facts = {
      name: 'mine',
      version,
      license: 'MIT',
      task: 'custom',
      weights,
      gate: { recall: 0.9 },
      card: 'CARD.md',
    };
    writeFileSync(join(cwd, version, 'model.json'), JSON.stringify(facts));
    writeFileSync(join(cwd, version, 'w.bin'), version);
    writeFileSync(join(cwd, version, 'CARD.md'), 'Measured on nothing.');
    const metrics = { recall: version === '1.0.0' ? 0.95 : 0.5 };
    writeFileSync(join(cwd, `${version}.json`), JSON.stringify({ model: { sha256: weights.sha256 }, metrics }));
    expect((await run('add', `./${version}`)).code).toBe(0);
  }
  expect((await run('show', 'mine@promoted')).stderr).toContain('No version of mine is promoted');
  expect((await run('promote', 'mine@1.0.0', '--evaluation', '1.0.0.json')).stdout).toBe(
    'mine@promoted is 1.0.0 now\n',
  );
  const refused = await run('promote', 'mine@1.1.0', '--evaluation', '1.1.0.json');
  expect([refused.code, refused.stderr]).toEqual([
    78,
    expect.stringContaining('recall is 0.5, at least 0.9 is needed'),
  ]);
  const { stdout } = await run('show', 'mine@promoted');
  expect(stdout).toContain('mine@1.0.0  custom\nlicence  MIT');
  expect(stdout).toContain('Measured on nothing.');
});
