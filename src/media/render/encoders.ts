import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ToolError } from '#core/errors';
import { locateFfmpeg } from '../ffmpeg.ts';
import type { PictureFacts } from './survey-log.ts';

export const CODECS = ['h264', 'hevc', 'vp9', 'av1'] as const;
export type Codec = (typeof CODECS)[number];

export interface EncodeSettings {
  codec: Codec;
  /** Constant quality on the encoder's own scale; lower is better. */
  crf: number;
  /** Speed on x264's scale, from `ultrafast` to `veryslow`. */
  preset: Preset;
}

export const PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
  'slower',
  'veryslow',
] as const;
export type Preset = (typeof PRESETS)[number];

const ENCODERS: Record<Codec, string> = { h264: 'libx264', hevc: 'libx265', vp9: 'libvpx-vp9', av1: 'libsvtav1' };

// The bytes that an encoder writes depend on its threads, so their number is the same on every machine.
const THREADS = 4;

/** @throws ToolError when this ffmpeg can't encode the codec, naming those that it can. */
export async function requireEncoder(codec: Codec): Promise<void> {
  const { path, version } = await locateFfmpeg();
  const { stdout } = await promisify(execFile)(path, ['-hide_banner', '-encoders'], { timeout: 20_000 });
  const there = CODECS.filter((candidate) => new RegExp(` ${ENCODERS[candidate]} `).test(stdout));
  if (there.includes(codec)) return;
  throw new ToolError(
    `ffmpeg ${version} has no encoder ${ENCODERS[codec]} for ${codec}. It has those for: ${there.join(', ') || 'none of ours'}. ` +
      'Choose one of them with `codec`, or install an ffmpeg that has it.',
    { details: { codec, there } },
  );
}

/**
 * 10 bits stay 10 bits where players expect it of the codec. H.264 is chosen for playing everywhere, which its 10-bit
 * profile does not.
 */
export function bitDepthFor(codec: Codec, { pixelFormat }: Pick<PictureFacts, 'pixelFormat'>): 8 | 10 {
  return codec !== 'h264' && /p(9|1\d)(le|be)$|^p01\d/.test(pixelFormat) ? 10 : 8;
}

/** ffmpeg's options for an encoder whose output begins with a key frame that nothing before refers over. */
export function encoderOptions({ codec, crf, preset }: EncodeSettings, facts: PictureFacts): string[] {
  const format = bitDepthFor(codec, facts) === 8 ? 'yuv420p' : 'yuv420p10le';
  return [
    ...['-c:v', ENCODERS[codec], '-pix_fmt', format, '-threads', String(THREADS), '-flags:v', '+bitexact'],
    ...ownOptions(codec, crf, preset, facts),
    ...colourOptions(facts),
  ];
}

function ownOptions(codec: Codec, crf: number, preset: Preset, facts: PictureFacts): string[] {
  const speed = PRESETS.indexOf(preset);
  switch (codec) {
    case 'h264':
      // Stitchable: headers do not depend on the pictures, so that segments have the same ones.
      return ['-preset', preset, '-crf', String(crf), '-x264-params', `open-gop=0:stitchable=1${lookahead(speed)}`];
    case 'hevc': {
      const params = ['log-level=error', 'open-gop=0', 'frame-threads=2', `pools=${THREADS}`, ...hdrParams(facts)];
      return ['-preset', preset, '-crf', String(crf), '-x265-params', params.join(':'), '-tag:v', 'hvc1'];
    }
    case 'vp9':
      return [
        '-crf',
        String(crf),
        '-b:v',
        '0',
        '-row-mt',
        '1',
        '-deadline',
        'good',
        '-cpu-used',
        String(6 - Math.min(speed, 6)),
      ];
    case 'av1':
      // SVT-AV1 counts from 0 (slowest) to 13.
      return ['-crf', String(crf), '-preset', String(12 - speed), '-svtav1-params', `lp=${THREADS}`];
  }
}

// Frames that x264 looks ahead at most: the 40 to 60 of its slower presets take 75 to 300 MB more at 1080p.
const LOOKAHEAD = 30;

/** Presets faster than medium look ahead less by themselves. */
function lookahead(speed: number): string {
  return speed >= PRESETS.indexOf('medium') ? `:rc-lookahead=${LOOKAHEAD}` : '';
}

function hdrParams({ mastering, lightLevel }: PictureFacts): string[] {
  return [
    ...(mastering ? [`master-display=${mastering}`] : []),
    ...(lightLevel ? [`max-cll=${lightLevel.content},${lightLevel.average}`] : []),
    ...(mastering || lightLevel ? ['hdr10=1'] : []),
  ];
}

function colourOptions({ colour }: PictureFacts): string[] {
  return [
    ...(isKnown(colour.range) ? ['-color_range', colour.range] : []),
    ...(isKnown(colour.matrix) ? ['-colorspace', colour.matrix] : []),
    ...(isKnown(colour.primaries) ? ['-color_primaries', colour.primaries] : []),
    ...(isKnown(colour.transfer) ? ['-color_trc', colour.transfer] : []),
  ];
}

/** The filter that tells frames of our own what colours they are in and what shape their pixels have. */
export function frameFacts({ colour, pixelAspect }: PictureFacts): string {
  const facts = [
    ...(isKnown(colour.range) ? [`range=${colour.range}`] : []),
    ...(isKnown(colour.matrix) ? [`colorspace=${colour.matrix}`] : []),
    ...(isKnown(colour.primaries) ? [`color_primaries=${colour.primaries}`] : []),
    ...(isKnown(colour.transfer) ? [`color_trc=${colour.transfer}`] : []),
  ];
  return [...(facts.length > 0 ? [`setparams=${facts.join(':')}`] : []), `setsar=${pixelAspect}`].join(',');
}

function isKnown(name: string): boolean {
  return name !== 'unknown' && name !== 'reserved' && name !== 'unspecified';
}
