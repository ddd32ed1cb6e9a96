/** Frames that a raw Matroska stream is made of. */
export interface RawFormat {
  width: number;
  height: number;
  bitDepth: 8 | 10;
  /** About how many frames a second there are: some encoders ask. It changes no time stamp. */
  framesPerSecond: number;
}

/**
 * Raw 4:2:0 frames as a Matroska stream, the one form in which ffmpeg takes pictures of our own together with a time stamp
 * for each. Time stamps are in nanoseconds, finer than any time base of video, so that none is changed by rounding.
 */
export function matroskaHead({ width, height, bitDepth, framesPerSecond }: RawFormat): Uint8Array {
  const video = element(VIDEO, [
    element(PIXEL_WIDTH, unsigned(width)),
    element(PIXEL_HEIGHT, unsigned(height)),
    element(COLOUR_SPACE, ascii(bitDepth === 8 ? 'I420' : 'Y3\x0b\x0a')),
  ]);
  const track = element(TRACK_ENTRY, [
    element(TRACK_NUMBER, unsigned(1)),
    element(TRACK_UID, unsigned(1)),
    element(TRACK_TYPE, unsigned(1)),
    element(FLAG_LACING, unsigned(0)),
    element(DEFAULT_DURATION, unsigned(Math.round(1e9 / framesPerSecond))),
    element(CODEC_ID, ascii('V_UNCOMPRESSED')),
    video,
  ]);
  return Buffer.concat([
    element(EBML, [element(DOC_TYPE, ascii('matroska'))]),
    Buffer.concat([idBytes(SEGMENT), UNKNOWN_SIZE]),
    element(INFO, [element(TIMESTAMP_SCALE, unsigned(1))]),
    element(TRACKS, [track]),
  ]);
}

/** What stands before the bytes of a frame that is shown at this nanosecond. */
export function matroskaFrameHead(nanoseconds: number, frameBytes: number): Uint8Array {
  const time = element(TIMESTAMP, unsigned(nanoseconds));
  // Track 1, no time beyond the cluster's, a key frame.
  const block = Buffer.from([0x81, 0, 0, 0x80]);
  const blockHead = Buffer.concat([idBytes(SIMPLE_BLOCK), sizeBytes(block.length + frameBytes), block]);
  const inner = time.length + blockHead.length + frameBytes;
  return Buffer.concat([idBytes(CLUSTER), sizeBytes(inner), time, blockHead]);
}

// Names and numbers of RFC 9559.
const EBML = 0x1a45dfa3;
const DOC_TYPE = 0x4282;
const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const TRACK_UID = 0x73c5;
const TRACK_TYPE = 0x83;
const FLAG_LACING = 0x9c;
const DEFAULT_DURATION = 0x23e383;
const CODEC_ID = 0x86;
const VIDEO = 0xe0;
const PIXEL_WIDTH = 0xb0;
const PIXEL_HEIGHT = 0xba;
const COLOUR_SPACE = 0x2eb524;
const CLUSTER = 0x1f43b675;
const TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

function element(id: number, content: Uint8Array | Uint8Array[]): Buffer {
  const body = Array.isArray(content) ? Buffer.concat(content) : content;
  return Buffer.concat([idBytes(id), sizeBytes(body.length), body]);
}

/** An id has its length in its own leading bits. */
function idBytes(id: number): Buffer {
  return Buffer.from(id.toString(16), 'hex');
}

function sizeBytes(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size));
  bytes[0] = 0x01;
  return bytes;
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
