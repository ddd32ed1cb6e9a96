import { readdirSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDeliveries } from '#adapters/local/notices-folder';
import { openSecretFile } from '#adapters/local/notices-secret';
import type { Delivery } from '#core/notices';
import { aNotice } from '../../helpers/notice.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const at = '2026-01-01T00:00:00.000Z';
const aDelivery = (id: string, changes: Partial<Delivery> = {}): Delivery => ({
  notice: aNotice({ id }),
  url: 'https://example.com/hook',
  failures: 0,
  firstAt: at,
  nextAt: at,
  ...changes,
});

describe('a folder of deliveries', () => {
  it('keeps them as they were given, over the end of the process', async () => {
    const folder = join(aFolder(), 'not-there-yet');
    expect(await openDeliveries(folder).add(aDelivery('evt_1'))).toBe(true);
    expect(await openDeliveries(folder).open()).toEqual([aDelivery('evt_1')]);
  });

  it('has one of a notice, also after it ended', async () => {
    const folder = aFolder();
    const deliveries = openDeliveries(folder);
    const added = await Promise.all([deliveries.add(aDelivery('evt_1')), deliveries.add(aDelivery('evt_1'))]);
    expect(added.sort()).toEqual([false, true]);
    await deliveries.keep(aDelivery('evt_1', { ended: { at, as: 'delivered' } }));
    expect(await deliveries.open()).toEqual([]);
    expect(await openDeliveries(folder).add(aDelivery('evt_1'))).toBe(false);
    expect(await openDeliveries(folder).has('evt_1')).toBe(true);
  });

  it('forgets those that ended long ago, and no open one', async () => {
    const deliveries = openDeliveries(aFolder());
    await deliveries.add(aDelivery('evt_open'));
    await deliveries.keep(aDelivery('evt_old', { ended: { at, as: 'delivered' } }));
    await deliveries.keep(aDelivery('evt_new', { ended: { at: '2026-01-03T00:00:00.000Z', as: 'stopped' } }));
    await deliveries.forget('2026-01-02T00:00:00.000Z');
    expect(await Promise.all(['evt_open', 'evt_old', 'evt_new'].map((id) => deliveries.has(id)))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('takes one whose end was written, and its open file not yet removed, for ended', async () => {
    const folder = aFolder();
    const deliveries = openDeliveries(folder);
    await deliveries.add(aDelivery('evt_1'));
    const [file] = readdirSync(folder);
    const text = await readFile(join(folder, file!), 'utf8');
    await deliveries.keep(aDelivery('evt_1', { ended: { at, as: 'delivered' } }));
    await writeFile(join(folder, file!), text);
    expect(await openDeliveries(folder).open()).toEqual([]);
  });
});

describe('the file of secrets', () => {
  it('is made once, for its owner alone', async () => {
    const file = join(aFolder(), 'state', 'webhook-secret');
    const secrets = openSecretFile(file, () => 'whsec_first');
    expect(await secrets.of('local')).toEqual(['whsec_first']);
    expect(await openSecretFile(file, () => 'whsec_other').of('local')).toEqual(['whsec_first']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('may hold several while one takes the place of another', async () => {
    const file = join(aFolder(), 'webhook-secret');
    const secrets = openSecretFile(file, () => 'whsec_old');
    await writeFile(file, 'whsec_new\nwhsec_old\n');
    expect(await secrets.of('local')).toEqual(['whsec_new', 'whsec_old']);
  });

  it('that was emptied is said to be so', async () => {
    const file = join(aFolder(), 'webhook-secret');
    const secrets = openSecretFile(file, () => 'whsec_old');
    await writeFile(file, '');
    await expect(secrets.of('local')).rejects.toThrow(/holds no secret/);
  });
});
