import { MediaError } from '#core/errors';

/** How one sample is written in a WAV file. */
export type WavEncoding = 'pcm8' | 'pcm16' | 'pcm24' | 'pcm32' | 'float32' | 'float64';

/** What the header of a WAV file says, in the words of the RIFF WAVE format. */
export interface WavFormat {
  encoding: WavEncoding;
  channels: number;
  sampleRateHz: number;
  /** Bytes of one sample of every channel. */
  frameBytes: number;
  /** Where the first sample is, in bytes from the beginning. */
  dataOffset: number;
  /** Samples of each channel that are really there. */
  frames: number;
  /** Fewer samples are there than the header promises. */
  truncated: boolean;
}

/** A header may carry pictures and names of songs before its samples: this much of a file is looked at. */
export const WAV_HEAD_BYTES = 256 * 1024;

// Telephones begin at 8 kHz, studios end at 192 kHz; beyond that the header is wrong.
const RATES_HZ = { least: 4_000, most: 192_000 };
const MOST_CHANNELS = 32;
const EXTENSIBLE = 0xfffe;

// What the commonest codec numbers stand for, so that a refusal can name what was sent.
const CODECS: Record<number, string> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'mu-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG audio',
  85: 'MP3',
  255: 'AAC',
};

// Files that are often called .wav and are something else, by their first bytes.
const MASKS: [string, string][] = [
  ['OggS', 'Ogg'],
  ['fLaC', 'FLAC'],
  ['ID3', 'MP3'],
  ['FORM', 'AIFF'],
  ['caff', 'CAF'],
  ['RF64', 'RF64'],
  ['\x1aE\xdf\xa3', 'WebM or Matroska'],
];

/**
 * Reads the head of a WAV file of `size` bytes in all.
 * @throws MediaError when it is no WAV file with plain samples, or has none, saying what it is instead.
 */
export function readWavHeader(head: Uint8Array, size: number, name: string): WavFormat {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12 || tag(head, 0) !== 'RIFF' || tag(head, 8) !== 'WAVE') throw notWav(head, size, name);
  let format: Omit<WavFormat, 'dataOffset' | 'frames' | 'truncated'> | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const id = tag(head, at);
    const length = view.getUint32(at + 4, true);
    if (id === 'fmt ' && at + 24 <= head.length) format = readFormat(view, at + 8, length, name);
    if (id === 'data') {
      if (!format) throw new MediaError(`${name} has samples before it says what they are. Write the file again.`);
      const there = Math.max(0, size - at - 8);
      const frames = Math.floor(Math.min(length, there) / format.frameBytes);
      if (frames === 0) throw new MediaError(`${name} is a header without a sample (${size} bytes). Record it again.`);
      return { ...format, dataOffset: at + 8, frames, truncated: length > there };
    }
    // Chunks begin at even offsets.
    at += 8 + length + (length % 2);
  }
  throw new MediaError(
    `${name} has no samples in its first ${head.length} bytes. Write it as a plain WAV file, and whole.`,
  );
}

function readFormat(view: DataView, at: number, length: number, name: string) {
  const channels = view.getUint16(at + 2, true);
  const sampleRateHz = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  const outer = view.getUint16(at, true);
  // The extensible form keeps the codec's number in the first bytes of its identifier.
  const codec =
    outer === EXTENSIBLE && length >= 26 && at + 26 <= view.byteLength ? view.getUint16(at + 24, true) : outer;
  const encoding = encodingOf(codec, bits);
  if (!encoding) {
    const found = CODECS[codec] ?? (codec === 1 || codec === 3 ? `samples of ${bits} bits` : `codec ${codec}`);
    throw new MediaError(
      `${name} holds ${found}. Expected PCM of 8, 16, 24 or 32 bits, or float of 32 or 64. Convert it to PCM.`,
      { details: { codec, bits } },
    );
  }
  const { least, most } = RATES_HZ;
  if (channels < 1 || channels > MOST_CHANNELS || sampleRateHz < least || sampleRateHz > most) {
    throw new MediaError(
      `${name} claims ${channels} channels at ${sampleRateHz} Hz. Expected 1 to ${MOST_CHANNELS} at ${least} to ${most} Hz.`,
      { details: { channels, sampleRateHz } },
    );
  }
  return { encoding, channels, sampleRateHz, frameBytes: channels * (bits / 8) };
}

function encodingOf(codec: number, bits: number): WavEncoding | undefined {
  if (codec === 1) return ({ 8: 'pcm8', 16: 'pcm16', 24: 'pcm24', 32: 'pcm32' } as const)[bits];
  if (codec === 3) return ({ 32: 'float32', 64: 'float64' } as const)[bits];
  return undefined;
}

function notWav(head: Uint8Array, size: number, name: string): MediaError {
  if (size === 0) return new MediaError(`${name} is empty (0 bytes). Send a WAV file.`);
  const start = Buffer.from(head.subarray(0, 16)).toString('latin1');
  const mask = MASKS.find(([bytes]) => start.startsWith(bytes));
  const isMp4 = start.slice(4, 8) === 'ftyp';
  const found = mask ? `${mask[1]} under a .wav name` : isMp4 ? 'MP4 under a .wav name' : 'no WAV file';
  return new MediaError(`${name} is ${found}. Convert it to a WAV file with PCM samples.`);
}

function tag(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
}
