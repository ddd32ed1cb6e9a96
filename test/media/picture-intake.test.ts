import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openPictureIntake } from '#media/picture-intake';

const BYTES = 300_000;

/** A process that writes to the intake what `script` puts out, and the intake. */
async function given(script: string, { buffers = 3 } = {}) {
  const intake = await openPictureIntake(Array.from({ length: buffers }, () => new Uint8Array(BYTES)));
  const writer = spawn(process.execPath, ['-e', script], { stdio: ['ignore', intake.mouth, 'ignore'] });
  intake.mouth.destroy();
  return { intake, ended: once(writer, 'close') as Promise<[number | null, string | null]> };
}

/** Pictures that are all 1, all 2, … and `more` bytes of one that is not whole. */
const writing = (pictures: number, more = 0) =>
  `for (let at = 1; at <= ${pictures}; at += 1) fs.writeSync(1, Buffer.alloc(${BYTES}, at));
   fs.writeSync(1, Buffer.alloc(${more}, 99))`;

it.each([
  { name: 'pictures come whole and in order, in buffers that take turns', pictures: 7, more: 0 },
  { name: 'a last one that is not whole is no picture', pictures: 2, more: BYTES - 1 },
  { name: 'of a process that writes nothing there are none', pictures: 0, more: 0 },
])('$name', async ({ pictures, more }) => {
  const { intake, ended } = await given(writing(pictures, more));
  const found = [];
  for await (const picture of intake.pictures()) found.push([picture[0], new Set(picture).size]);
  expect(found).toEqual(Array.from({ length: pictures }, (_, at) => [at + 1, 1]));
  expect(await ended).toEqual([0, null]);
});

it('a buffer keeps its picture until it is said to be free', async () => {
  const { intake } = await given(writing(3), { buffers: 2 });
  const free = Promise.withResolvers<void>();
  const pictures = intake.pictures(async () => (held ? free.promise : undefined));
  let held = false;
  const first = (await pictures.next()).value!;
  await pictures.next();
  held = true;
  const third = pictures.next();
  await sleep(50);
  expect([first[0], first.at(-1)]).toEqual([1, 1]);
  free.resolve();
  expect((await third).value![0]).toBe(3);
  await pictures.return();
  intake.close();
});

it('a process whose pictures nobody takes any more is told, and ends', async () => {
  const { intake, ended } = await given(writing(1000));
  for await (const picture of intake.pictures()) if (picture[0] === 2) break;
  intake.close();
  expect(await ended).not.toEqual([0, null]);
});
