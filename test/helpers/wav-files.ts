import type { ByteSource } from '#core/step';
import type { WavEncoding } from '#media/wav-header';

export interface WavShape {
  encoding?: WavEncoding;
  channels?: number;
  sampleRateHz?: number;
  /** The codec's number in the header, where it is not the encoding's own. */
  codec?: number;
  /** The header in the form that keeps the codec in an identifier. */
  extensible?: boolean;
  /** Further chunks before the samples. */
  chunks?: { id: string; bytes: number }[];
}

const WIDTHS: Record<WavEncoding, number> = { pcm8: 1, pcm16: 2, pcm24: 3, pcm32: 4, float32: 4, float64: 8 };

/** A WAV file whose channels all hold these samples, -1 to 1, or one list each. */
export function wavBytes(samples: Float32Array | Float32Array[], shape: WavShape = {}): Buffer {
  const { encoding = 'pcm16', sampleRateHz = 16_000, extensible = false, chunks = [] } = shape;
  const all = Array.isArray(samples) ? samples : [samples];
  const channels = shape.channels ?? all.length;
  const width = WIDTHS[encoding];
  const frames = all[0]!.length;
  const data = Buffer.alloc(frames * channels * width);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const sample = (all[channel] ?? all[0]!)[frame]!;
      writeSample(data, (frame * channels + channel) * width, sample, encoding);
    }
  }
  const codec = shape.codec ?? (encoding.startsWith('float') ? 3 : 1);
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : codec, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRateHz, 4);
  format.writeUInt32LE(sampleRateHz * channels * width, 8);
  format.writeUInt16LE(channels * width, 12);
  format.writeUInt16LE(width * 8, 14);
  if (extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(width * 8, 18);
    format.writeUInt16LE(codec, 24);
  }
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', format),
    ...chunks.map(({ id, bytes }) => chunk(id, Buffer.alloc(bytes))),
    chunk('data', data),
  ]);
  return chunk('RIFF', body);
}

function chunk(id: string, bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)]);
}

function writeSample(bytes: Buffer, at: number, sample: number, encoding: WavEncoding): void {
  const whole = (bits: number) =>
    Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, Math.round(sample * 2 ** (bits - 1))));
  if (encoding === 'pcm8') bytes.writeUInt8(whole(8) + 128, at);
  if (encoding === 'pcm16') bytes.writeInt16LE(whole(16), at);
  if (encoding === 'pcm24') bytes.writeIntLE(whole(24), at, 3);
  if (encoding === 'pcm32') bytes.writeInt32LE(whole(32), at);
  if (encoding === 'float32') bytes.writeFloatLE(sample, at);
  if (encoding === 'float64') bytes.writeDoubleLE(sample, at);
}

/** A tone of `seconds`. */
export function tone(hertz: number, seconds: number, sampleRateHz = 16_000, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * sampleRateHz) },
    (_, at) => amplitude * Math.sin((2 * Math.PI * hertz * at) / sampleRateHz),
  );
}

/** Bytes in memory as a step opens them. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    close: async () => {},
  };
}
