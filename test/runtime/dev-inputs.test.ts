import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { refuseOutsideInput, refuseOutsidePrefix } from '#runtime/dev-inputs';
import { aFolder } from '../helpers/state-folder.ts';

describe('an input of the API at home', () => {
  let folder: string;
  let root: string;
  let refuse: (uri: string) => string | undefined;

  beforeAll(async () => {
    folder = aFolder();
    root = join(folder, 'root');
    await mkdir(join(root, 'in'), { recursive: true });
    await mkdir(join(folder, 'root-beside'));
    const files = ['root/clip.mp4', 'root/in/..clip.mp4', 'root-beside/clip.mp4', 'clip.mp4'];
    for (const file of files) await writeFile(join(folder, file), '');
    await symlink(join(folder, 'clip.mp4'), join(root, 'out.mp4'));
    await symlink(folder, join(root, 'up'));
    await symlink(join(root, 'clip.mp4'), join(root, 'in', 'link.mp4'));
    await symlink(root, join(folder, 'other-way'));
    refuse = refuseOutsideInput([root]);
  });

  it.each(['clip.mp4', 'in/..clip.mp4', 'in/link.mp4', 'in/../clip.mp4', '../other-way/clip.mp4'])(
    'may be root/%s',
    (path) => {
      expect(refuse(`${root}/${path}`)).toBeUndefined();
    },
  );

  it('may be a file: URL', () => {
    expect(refuse(pathToFileURL(join(root, 'clip.mp4')).href)).toBeUndefined();
  });

  it.each([
    '../clip.mp4',
    '../root-beside/clip.mp4',
    'out.mp4',
    'up/clip.mp4',
    'in/../../clip.mp4',
    '..',
    '../nothing',
  ])('may not be root/%s', (path) => {
    expect(refuse(`${root}/${path}`)).toMatch(/below no input root/);
  });

  it.each(['/dev/stdin', '/proc/self/environ', 'file://host/clip.mp4', 'file:///etc/passwd', '/a\0b'])(
    'may not be %j',
    (uri) => {
      expect(refuse(uri)).toMatch(/below no input root/);
    },
  );

  it.each(['clip.mp4', 's3://bucket/clip.mp4', 'http://127.0.0.1/clip.mp4', ''])('may not be %j', (uri) => {
    expect(refuse(uri)).toMatch(/neither an absolute path nor a file: URL/);
  });

  it('that is missing is told as missing only where it might be read', () => {
    expect(refuse(join(root, 'nothing.mp4'))).toMatch(/no such file/);
    expect(refuse(join(folder, 'nothing.mp4'))).toMatch(/below no input root/);
  });

  it('has a root that must be there', () => {
    expect(() => refuseOutsideInput([join(folder, 'nowhere')])).toThrow(/--input-root/);
  });
});

describe('a prefix at home', () => {
  it.each([
    { prefix: (inside: string) => `${inside}/`, isRefused: false },
    { prefix: (inside: string) => `${inside}/clip-`, isRefused: false },
    { prefix: (inside: string) => `file://${inside}/clip-`, isRefused: false },
    { prefix: (inside: string) => `${inside}/none/`, isRefused: false },
    { prefix: (inside: string) => inside, isRefused: true },
    { prefix: (inside: string) => `${inside}/../`, isRefused: true },
    { prefix: (inside: string) => `${inside}/link/`, isRefused: true },
    { prefix: () => '/etc/', isRefused: true },
    { prefix: () => '/none/', isRefused: true },
    { prefix: () => 'clips/', isRefused: true },
    { prefix: () => 's3://bucket/', isRefused: true },
    { prefix: () => 'file://host/etc/', isRefused: true },
    { prefix: () => '/etc/\0/', isRefused: true },
  ])('$prefix is refused: $isRefused', async ({ prefix, isRefused }) => {
    const inside = aFolder();
    await symlink(aFolder(), join(inside, 'link'));
    expect(refuseOutsidePrefix([inside])(prefix(inside)) !== undefined).toBe(isRefused);
  });
});
