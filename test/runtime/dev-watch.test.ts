import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '#core/job';
import { watchFolder } from '#runtime/dev-watch';
import { anApi, type LocalApi } from '../helpers/jobs-api.ts';
import { aFolder } from '../helpers/state-folder.ts';

let api: LocalApi;
let folder: string;
const faults: unknown[] = [];
const ends: (() => Promise<void>)[] = [];

beforeEach(async () => {
  api = await anApi();
  folder = join(aFolder(), 'incoming');
  return async () => {
    for (const end of ends.splice(0)) await end();
  };
});

async function start(): Promise<() => Promise<void>> {
  const end = await watchFolder({ folder, team: 'red', onFault: (thrown) => faults.push(thrown) }, api.options);
  ends.push(end);
  return end;
}

async function put(name: string, text = 'words'): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const jobs = async () => (await api.options.jobs.list({ team: 'red', limit: 100 })).jobs;
const jobOf = (all: Job[], path: string) => all.find(({ input }) => input[0]!.uri === path);
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 50 });

describe('a folder that is watched', { timeout: 20_000 }, () => {
  it('makes jobs of what lies below a workload, with the parameters beside it', async () => {
    await put('toy/a.txt.json', '{"color": "green"}');
    const paths = [await put('toy/a.txt'), await put('toy/deep/B.TXT')];
    await start();
    const late = await put('toy/late.txt');
    await until(async () => expect(await jobs()).toHaveLength(3));
    const all = await jobs();
    expect(jobOf(all, paths[0]!)).toMatchObject({ workload: 'toy', team: 'red', params: { color: 'green' } });
    expect(jobOf(all, paths[1]!)!.input[0]!.name).toBe('B.TXT');
    expect(jobOf(all, late)).toBeDefined();
    expect(faults).toEqual([]);
  });
});

describe('a file', { timeout: 30_000 }, () => {
  it('is waited for while it is being written or has another name, and is one job for ever', async () => {
    const end = await start();
    const growing = await put('toy/growing.txt');
    const partial = await put('toy/moved.txt.part');
    await put('toy/.hidden.txt');
    for (let second = 0; second < 6; second += 1) {
      await writeFile(growing, 'x'.repeat(second + 1));
      await sleep(500);
    }
    expect(await jobs()).toEqual([]);
    await rename(partial, join(folder, 'toy/moved.txt'));
    await until(async () => expect(await jobs()).toHaveLength(2));
    await end();

    await start();
    await sleep(1200);
    expect(await jobs()).toHaveLength(2);
    // Other bytes are another file.
    await writeFile(growing, 'other words');
    await until(async () => expect(await jobs()).toHaveLength(3));
  });

  it('that belongs to nothing leaves a REJECTED record that says why (pitfall 29)', async () => {
    const paths = [await put('words.txt'), await put('toys/words.txt'), await put('toy/words.pdf')];
    const old = new Date('2026-01-01');
    for (const path of paths) await utimes(path, old, old);
    await start();
    await until(async () => expect(await jobs()).toHaveLength(3));
    const all = await jobs();
    expect(paths.map((path) => jobOf(all, path)!.status)).toEqual(['REJECTED', 'REJECTED', 'REJECTED']);
    expect(jobOf(all, paths[2]!)!.error!.message).toMatch(/ends with none of .txt/);
    expect(jobOf(all, paths[1]!)!.error!.message).toMatch(/belongs to no workload/);
  });
});
