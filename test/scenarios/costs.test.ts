import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDevServer } from '../helpers/dev-server.ts';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

describe('what a job costs', () => {
  it('is guessed before the first one, told after it, and known better before the next', async () => {
    const folder = await testFolder();
    const footage = join(folder, 'footage');
    await mkdir(footage);
    await drawClip(footage);
    const model = await tinyDetector(folder);
    const server = await startDevServer(footage);
    const options = { cwd: footage, env: { STEPREEL_API: server.url } };
    const ask = (...words: string[]) => stepreel([...words, '--json'], options);
    const order = ['dataset', '--input', 'clip.mp4', '--param', `model=${model}`];

    const guess = await ask('quote', ...order);
    expect(guess).toMatchObject({
      code: 0,
      documents: [{ event: 'quote', quote: { basis: { jobs: 0 }, wait: { seconds: 0 } } }],
    });

    const ended = (await ask('submit', ...order, '--wait')).documents.at(-1)!;
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      charge: { vcpuSeconds: expect.any(Number), prices: '2026-11-21' },
    });
    const { id, charge } = ended as { id: string; charge: { usd: number } };

    const receipt = await ask('receipt', id);
    expect(receipt.documents).toMatchObject([
      { event: 'receipt', job: { id }, cost: { usd: charge.usd, paid: expect.stringMatching(/^nothing/) } },
    ]);
    const out = join(folder, 'out');
    await ask('results', id, '--download', out);
    const ofFolder = await stepreel(['receipt', out], options);
    expect(ofFolder.stdout).toMatch(/ExtractFrames +1 +1 /);
    expect(ofFolder.stdout).toContain('Here: nothing. On AWS the same seconds would have cost');

    const usage = await ask('usage', '--by', 'workload');
    expect(usage.documents).toMatchObject([{ event: 'usage', rows: [{ name: 'dataset', jobs: 1, usd: charge.usd }] }]);
    expect((await stepreel(['usage'], options)).stdout).toMatch(/total +1 /);

    const known = await stepreel(['quote', ...order], options);
    expect(known.stdout).toMatch(/From 1 past job with inputs nearest in size/);
    expect((await server.stop()).code).toBe(0);
  });

  it('is guessed without an API from what the workload declares, for a file that is there', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'clip.mp4'), Buffer.alloc(1000));
    const words = ['quote', 'dataset', '--here', '--json', '--input'];
    expect((await stepreel([...words, 'clip.mp4'], { cwd: folder })).documents).toMatchObject([
      { quote: { basis: { jobs: 0 } } },
    ]);
    expect(await stepreel([...words, 'other.mp4'], { cwd: folder })).toMatchObject({ code: 66 });
  });

  it('is no receipt where there is none', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'receipt.json'), '{}');
    expect(await stepreel(['receipt', folder])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/is not a receipt/),
    });
  });
});
