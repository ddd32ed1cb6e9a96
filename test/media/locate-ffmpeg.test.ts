import { chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ToolError } from '#core/errors';
import { locateFfmpeg } from '#media/ffmpeg';
import { aFile } from '../helpers/media-clips.ts';

/** A program that calls itself ffmpeg of a version. */
async function pretended(version: string, name = 'ffmpeg'): Promise<string> {
  const path = await aFile(name, `#!/bin/sh\necho "ffmpeg version ${version} Copyright (c) the FFmpeg developers"\n`);
  await chmod(path, 0o755);
  return path;
}

describe('looking for ffmpeg', () => {
  it.each(['5.1', '5.1.9-0+deb12u1', '7.0-static', 'n6.1.1', '10.0', 'N-119000-gdeadbeef'])(
    'takes the one on the PATH if it is %s',
    async (version) => {
      const PATH = dirname(await pretended(version));
      expect(await locateFfmpeg({ PATH })).toEqual({ path: 'ffmpeg', version, source: 'system' });
    },
  );

  it.each(['4.4.2-0ubuntu0.22.04.1', '5.0.3'])('does not take %s from the PATH', async (version) => {
    const PATH = dirname(await pretended(version));
    const found = await locateFfmpeg({ PATH }).catch((thrown: unknown) => thrown);
    // Where npm brought a binary it is used; elsewhere the message says what to do.
    if (found instanceof Error) expect(found.message).toContain(`ffmpeg ${version} is too old: version 5.1 or newer`);
    else expect(found).toMatchObject({ source: 'npm', version: expect.stringMatching(/^n?7\./) });
  });

  it('takes the one that STEPREEL_FFMPEG names before any other', async () => {
    const path = await pretended('6.0', 'my ffmpeg');
    expect(await locateFfmpeg({ STEPREEL_FFMPEG: path })).toEqual({ path, version: '6.0', source: 'override' });
  });

  it.each([
    { name: 'too old', path: () => pretended('4.0'), message: 'STEPREEL_FFMPEG names ffmpeg 4.0: 5.1 or newer' },
    {
      name: 'not there',
      path: async () => '/nowhere/ffmpeg',
      message: 'names /nowhere/ffmpeg, which does not run as ffmpeg',
    },
    { name: 'no ffmpeg', path: async () => '/bin/true', message: 'names /bin/true, which does not run as ffmpeg' },
  ])('refuses STEPREEL_FFMPEG that is $name', async ({ path, message }) => {
    const looking = locateFfmpeg({ STEPREEL_FFMPEG: await path() });
    await expect(looking).rejects.toThrow(message);
    await expect(looking).rejects.toBeInstanceOf(ToolError);
  });
});
