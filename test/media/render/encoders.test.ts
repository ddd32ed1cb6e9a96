import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { bitDepthFor, encoderOptions, requireEncoder } from '#media/render/encoders';
import { aFolder } from '../../helpers/media-clips.ts';

const FACTS = {
  timeBase: { numerator: 1, denominator: 90_000 },
  ...{ width: 64, height: 48, pixelFormat: 'yuv420p10le', pixelAspect: '1/1', frameRate: '25/1' },
  colour: { range: 'tv', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' },
  mastering: 'G(1,2)B(3,4)R(5,6)WP(7,8)L(9,1)',
};

it('a codec whose encoder this ffmpeg has not is refused, and those that it has are named', async () => {
  const program = join(await aFolder(), 'ffmpeg');
  await writeFile(
    program,
    '#!/bin/sh\ncase "$*" in *-encoders*) echo " V..... libx264 x";; *) echo "ffmpeg version 6.0";; esac\n',
  );
  await chmod(program, 0o755);
  vi.stubEnv('STEPREEL_FFMPEG', program);
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(requireEncoder('h264')).resolves.toBeUndefined();
  await expect(requireEncoder('av1')).rejects.toMatchObject({
    name: 'ToolError',
    message: expect.stringMatching(/no encoder libsvtav1 for av1.*those for: h264/),
  });
});

it.each([
  { codec: 'h264', pixelFormat: 'yuv420p10le', depth: 8 },
  { codec: 'hevc', pixelFormat: 'yuv420p10le', depth: 10 },
  { codec: 'av1', pixelFormat: 'p010le', depth: 10 },
  { codec: 'hevc', pixelFormat: 'yuvj420p', depth: 8 },
] as const)('$codec of $pixelFormat has $depth bits', ({ codec, pixelFormat, depth }) => {
  expect(bitDepthFor(codec, { pixelFormat })).toBe(depth);
});

it.each(['h264', 'hevc', 'vp9', 'av1'] as const)('%s keeps the colours, and works alike on every machine', (codec) => {
  const options = encoderOptions({ codec, crf: 20, preset: 'medium' }, FACTS).join(' ');
  expect(options).toContain('-colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084');
  expect(options).toContain('-threads 4');
  expect(options.includes('master-display')).toBe(codec === 'hevc');
});
