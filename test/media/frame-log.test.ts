import { describe, expect, it } from 'vitest';
import { createFrameLog } from '#media/frame-log';

const start = (probe: string) => `[showinfo@${probe} @ 0x55] [info] `;
const base = `${start('source')}config in time_base: 1/1000, frame_rate: 25/1`;
const frame = (probe: string, n: number, pts: number | 'NOPTS') =>
  `${start(probe)}n:${String(n).padStart(4)} pts:${String(pts).padStart(7)} pts_time:9 fmt:yuv420p sar:1/1 s:64x48 i:P iskey:1 type:I `;
const colour = `${start('sample')}color_range:tv color_space:bt709 color_primaries:unknown color_trc:unknown`;

function logOf(...lines: string[]) {
  const log = createFrameLog();
  for (const line of lines) log.read(line);
  log.end();
  return log;
}

describe('the log of a decoding pass', () => {
  it('names sampled frames by their number in the source', async () => {
    const log = logOf(
      base,
      frame('source', 0, 0),
      frame('source', 1, 40),
      frame('source', 2, 80),
      frame('sample', 0, 80),
    );
    expect(await log.next()).toEqual({ index: 2, seconds: 0.08 });
    expect(await log.next()).toBeUndefined();
    expect(log.decoded).toEqual({ frames: 3, lastSeconds: 0.08, damaged: 0 });
  });

  it('gives a frame without a time stamp the time of the one before', async () => {
    const lines = [frame('source', 0, 40), frame('source', 1, 'NOPTS')];
    const log = logOf(base, ...lines, frame('sample', 0, 40), frame('sample', 1, 'NOPTS'));
    expect([await log.next(), await log.next()]).toEqual([
      { index: 0, seconds: 0.04 },
      { index: 1, seconds: 0.04 },
    ]);
  });

  it.each([
    { name: 'whole', lines: [colour], expected: { range: 'limited', matrix: 'bt709' } },
    { name: 'of full range', lines: [colour.replace(':tv', ':pc')], expected: { range: 'full', matrix: 'bt709' } },
    {
      name: 'torn by the words of a decoder',
      lines: [`${start('sample')}color_range:[h264 @ 0x7f] [error] error while decoding MB 1 2`],
      expected: { range: 'limited', matrix: 'unknown' },
    },
    {
      name: 'lost',
      lines: [frame('source', 1, 40), frame('sample', 1, 40)],
      expected: { range: 'limited', matrix: 'unknown' },
    },
  ])('reads a colour line that is $name', async ({ lines, expected }) => {
    const log = logOf(base, frame('source', 0, 0), frame('sample', 0, 0), ...lines);
    expect(await log.format()).toEqual({ width: 64, height: 48, colour: expected });
  });

  it('finds a line that begins behind the words of a decoder', async () => {
    const torn = `[h264 @ 0x7f] [error] half a sentence ${frame('source', 0, 0)}`;
    expect(await logOf(base, torn, frame('sample', 0, 0)).next()).toEqual({ index: 0, seconds: 0 });
  });

  it('counts frames that were decoded with errors', () => {
    expect(logOf('[warning] ./a.mp4: corrupt decoded frame in stream 0').decoded.damaged).toBe(1);
  });

  it('ends those who wait when it ends', async () => {
    const log = createFrameLog();
    const [time, format] = [log.next(), log.format()];
    log.end();
    expect([await time, await format]).toEqual([undefined, undefined]);
  });
});
