import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readParams } from '../../cli/params.ts';
import { testFolder } from '../helpers/folder.ts';

describe('parameters on the command line', () => {
  it('are read as JSON where they are JSON, and as text otherwise', async () => {
    expect(await readParams(['every=5', 'blur=false', 'classes=["person"]', 'model=worksite@1.0.0'])).toEqual({
      every: 5,
      blur: false,
      classes: ['person'],
      model: 'worksite@1.0.0',
    });
  });

  it('may hold an equals sign in their value', async () => {
    expect(await readParams(['model=a=b'])).toEqual({ model: 'a=b' });
  });

  it('win over those of a file', async () => {
    const file = join(await testFolder(), 'params.json');
    await writeFile(file, '{"every": 2, "iou": 0.5}');
    expect(await readParams(['every=9'], file)).toEqual({ every: 9, iou: 0.5 });
  });

  it.each([
    { name: 'a pair without a value', pairs: ['every'], says: 'every' },
    { name: 'a pair without a name', pairs: ['=5'], says: '=5' },
  ])('refuse $name', async ({ pairs, says }) => {
    await expect(readParams(pairs)).rejects.toThrow(says);
  });

  it.each([
    { name: 'is not JSON', text: 'every: 2' },
    { name: 'is a list', text: '[1]' },
  ])('refuse a file that $name', async ({ text }) => {
    const file = join(await testFolder(), 'params.json');
    await writeFile(file, text);
    await expect(readParams([], file)).rejects.toMatchObject({ name: 'InputError' });
  });

  it('refuse a file that is not there', async () => {
    await expect(readParams([], '/nowhere/params.json')).rejects.toMatchObject({ name: 'InputError' });
  });
});
