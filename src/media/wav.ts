import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ByteSource } from '#core/step';
import { readWavHeader, WAV_HEAD_BYTES, type WavEncoding, type WavFormat } from './wav-header.ts';

// About six seconds of CD sound: enough for a disk or a store to be quick, little enough to hold several.
const BLOCK_BYTES = 1024 * 1024;
const HEADER_BYTES = 44;

/** What the head of a WAV file says. @throws MediaError as readWavHeader does. */
export async function probeWav(source: ByteSource, name: string): Promise<WavFormat> {
  return readWavHeader(await source.read(0, Math.min(source.size, WAV_HEAD_BYTES)), source.size, name);
}

/** The samples of a WAV file from -1 to 1, its channels mixed into one, block by block. */
export async function* monoBlocks(source: ByteSource, format: WavFormat): AsyncGenerator<Float32Array> {
  const blockFrames = Math.max(1, Math.floor(BLOCK_BYTES / format.frameBytes));
  for (let first = 0; first < format.frames; first += blockFrames) {
    const count = Math.min(blockFrames, format.frames - first);
    const bytes = await source.read(format.dataOffset + first * format.frameBytes, count * format.frameBytes);
    yield mixedDown(bytes, Math.floor(bytes.length / format.frameBytes), format);
  }
}

/** The mean of the channels: a voice on one of them alone is half as loud, and still all there. */
function mixedDown(bytes: Uint8Array, frames: number, { encoding, channels }: WavFormat): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, read } = READERS[encoding];
  const mono = new Float32Array(frames);
  for (let frame = 0, at = 0; frame < frames; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1, at += width) sum += read(view, at);
    mono[frame] = sum / channels;
  }
  return mono;
}

const READERS: Record<WavEncoding, { width: number; read: (view: DataView, at: number) => number }> = {
  // Of the integers only those of eight bits have no sign.
  pcm8: { width: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  pcm16: { width: 2, read: (view, at) => view.getInt16(at, true) / 32_768 },
  pcm24: {
    width: 3,
    read: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608,
  },
  pcm32: { width: 4, read: (view, at) => view.getInt32(at, true) / 2_147_483_648 },
  float32: { width: 4, read: (view, at) => finite(view.getFloat32(at, true)) },
  float64: { width: 8, read: (view, at) => finite(view.getFloat64(at, true)) },
};

// A single NaN would make a whole phrase unheard after normalisation; as silence it costs one sample.
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** Writes samples from -1 to 1 as a mono WAV file of 16 bits. @returns how many there were. */
export async function writeMonoWav(
  path: string,
  sampleRateHz: number,
  blocks: AsyncIterable<Float32Array>,
): Promise<number> {
  let samples = 0;
  await pipeline(async function* () {
    yield wavHeader(0, sampleRateHz);
    for await (const block of blocks) {
      samples += block.length;
      yield pcm16(block);
    }
  }, createWriteStream(path));
  // How long the file is, is known only now.
  const file = await open(path, 'r+');
  try {
    await file.write(wavHeader(samples, sampleRateHz), 0, HEADER_BYTES, 0);
  } finally {
    await file.close();
  }
  return samples;
}

/** Reads stretches of a mono WAV file of 16 bits that writeMonoWav wrote, as samples from -1 to 1. */
export async function openMonoWav(path: string): Promise<{
  read: (first: number, count: number) => Promise<Float32Array>;
  close: () => Promise<void>;
}> {
  const file = await open(path, 'r');
  return {
    read: async (first, count) => {
      const buffer = Buffer.alloc(count * 2);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, HEADER_BYTES + first * 2);
      // A plain loop over plain numbers: ten times as fast as a call for each sample, and the model waits for it.
      const [pcm, samples] = [new DataView(buffer.buffer, buffer.byteOffset), new Float32Array(bytesRead >> 1)];
      for (let at = 0; at < samples.length; at += 1) samples[at] = pcm.getInt16(at * 2, true) / 32_768;
      return samples;
    },
    close: () => file.close(),
  };
}

function pcm16(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  const pcm = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < samples.length; at += 1) {
    const level = Math.round(samples[at]! * 32_768);
    pcm.setInt16(at * 2, level > 32_767 ? 32_767 : level < -32_768 ? -32_768 : level, true);
  }
  return bytes;
}

function wavHeader(samples: number, sampleRateHz: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + samples * 2, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples * 2, 40);
  return header;
}
