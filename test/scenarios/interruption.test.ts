import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { descendantsOf, descendantWith, isAlive } from '../helpers/process-tree.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

const TASK = join('containers', 'main.ts');
// What the decoder's command line has, and `ffmpeg -version` has not.
const DECODING = 'rawvideo';

const SLOW_DETECTION = ['model=worksite@1.0.0', 'every=3', 'dedup=false', 'blur=false'].flatMap((one) => [
  '--param',
  one,
]);

// Processes are looked up in /proc.
describe.skipIf(!existsSync('/proc/self/stat'))('a run whose processes are ended', () => {
  it.concurrent.each([
    { when: 'as soon as it was started', afterMs: 0, task: 1, keep: [] },
    { when: 'in the middle of extraction', afterMs: 700, task: 1, keep: [] },
    // A model that thinks, and many pictures: detection must not have ended before it is killed, on any machine.
    { when: 'in detection', afterMs: 300, task: 2, keep: SLOW_DETECTION },
  ])('retries a step killed $when, and ends in the same bytes', async ({ afterMs, task, keep }) => {
    const folder = await testFolder();
    const runs = await twoRuns(folder, { seconds: 20 });
    const [args, clean] = [[...runs.args, ...keep], runs.clean];
    const killed = await stepreel([...args, '--output', join(folder, 'killed')], {
      started: (child) => void killTask(child, task, afterMs),
    });
    expect(killed.code).toBe(0);
    expect(killed.documents).toContainEqual(
      expect.objectContaining({
        type: 'TaskRetried',
        error: 'States.TaskFailed',
        cause: expect.stringContaining('SIGKILL'),
      }),
    );
    expect((await stepreel([...args, '--output', clean])).code).toBe(0);
    expect(await resultDigests(join(folder, 'killed'))).toEqual(await resultDigests(clean));
  });

  it.concurrent.each(['SIGINT', 'SIGTERM'] as const)(
    'ends its children on %s and leaves nothing half-made',
    async (signal) => {
      const folder = await testFolder();
      const { args } = await twoRuns(folder, { seconds: 120 });
      const before = await readdir(folder);
      let children: number[] = [];
      const ended = await stepreel([...args, '--output', join(folder, 'out')], {
        started: async (child) => {
          await descendantWith(child.pid!, DECODING);
          children = descendantsOf(child.pid!).map(({ pid }) => pid);
          child.kill(signal);
        },
      });
      expect(ended.code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(children.length).toBeGreaterThan(1);
      expect(children.filter(isAlive)).toEqual([]);
      expect(await readdir(folder)).toEqual(before);
    },
  );

  it.concurrent('leaves no child behind when it is killed itself', async () => {
    const folder = await testFolder();
    const { args } = await twoRuns(folder, { seconds: 120 });
    let children: number[] = [];
    await stepreel([...args, '--output', join(folder, 'out')], {
      started: async (child) => {
        await descendantWith(child.pid!, DECODING);
        children = descendantsOf(child.pid!).map(({ pid }) => pid);
        child.kill('SIGKILL');
      },
    }).catch(() => {});
    for (let tries = 0; tries < 100 && children.some(isAlive); tries += 1) await sleep(50);
    expect(children.filter(isAlive)).toEqual([]);
  });
});

async function twoRuns(folder: string, { seconds }: { seconds: number }) {
  const clip = await drawClip(folder, { seconds, size: '640x360', rate: 25 });
  const model = await tinyDetector(folder);
  return {
    args: ['run', 'dataset', '--input', clip, '--param', `model=${model}`, '--json'],
    clean: join(folder, 'clean'),
  };
}

/** Kills the first (extraction) or the second (detection) task process of a run, with all it started. */
async function killTask({ pid }: ChildProcess, which: number, afterMs: number): Promise<void> {
  const first = await taskOf(pid!);
  const victim = which === 1 ? first : await taskOf(pid!, first);
  await sleep(afterMs);
  process.kill(-victim, 'SIGKILL');
}

/** Waits for a task process of the run `pid` other than `known`. */
async function taskOf(pid: number, known?: number): Promise<number> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(5)) {
    // A child of the run itself: what a task starts bears the task's command line too, until it becomes another program.
    const task = descendantsOf(pid).find(
      (one) => one.parent === pid && one.pid !== known && one.command.includes(TASK),
    );
    if (task) return task.pid;
  }
  throw new Error(`the run ${pid} has started no ${known === undefined ? '' : 'further '}task`);
}
