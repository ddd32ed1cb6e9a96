import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deliveries, Delivery } from '#core/notices';

const OPEN = '.open.json';
const ENDED = '.ended.json';

/** Deliveries as files of a folder, which need not exist. Their names say which are open, so that a start reads only those. */
export function openDeliveries(folder: string): Deliveries {
  // Who adds a delivery twice at once is within this process: the state folder is its own.
  const known = (async () => {
    await mkdir(folder, { recursive: true });
    return new Set((await readdir(folder)).filter((name) => name.endsWith('.json')).map(idIn));
  })();
  known.catch(() => {});

  const write = async (name: string, delivery: Delivery) => {
    const hidden = join(folder, `.${randomUUID()}`);
    await writeFile(hidden, JSON.stringify(delivery));
    await rename(hidden, join(folder, name));
  };

  return {
    async add(delivery) {
      const ids = await known;
      const { id } = delivery.notice;
      if (ids.has(id)) return false;
      ids.add(id);
      await write(id + OPEN, delivery);
      return true;
    },

    async keep(delivery) {
      const { id } = delivery.notice;
      (await known).add(id);
      if (!delivery.ended) return await write(id + OPEN, delivery);
      await write(id + ENDED, delivery);
      await rm(join(folder, id + OPEN), { force: true });
    },

    async has(noticeId) {
      return (await known).has(noticeId);
    },

    async open() {
      await known;
      const names = await readdir(folder);
      const ended = new Set(names.filter((name) => name.endsWith(ENDED)).map(idIn));
      const open = names.filter((name) => name.endsWith(OPEN) && !ended.has(idIn(name)));
      return await Promise.all(open.map((name) => read(join(folder, name))));
    },

    async forget(before) {
      const ids = await known;
      for (const name of (await readdir(folder)).filter((each) => each.endsWith(ENDED))) {
        const { ended } = await read(join(folder, name));
        if (!ended || ended.at >= before) continue;
        await rm(join(folder, name), { force: true });
        ids.delete(idIn(name));
      }
    },
  };
}

function idIn(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

async function read(file: string): Promise<Delivery> {
  return JSON.parse(await readFile(file, 'utf8')) as Delivery;
}
