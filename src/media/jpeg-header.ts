import type { Size } from './images.ts';

/**
 * The size of a JPEG that one pass over its only scan turns into the pixels as they are meant to be seen: baseline,
 * 8 bits, grey or three colours, upright, without a colour profile of its own. `undefined` for every other JPEG, and
 * where the header is not in order.
 */
export function plainJpegSize(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: (Size & { components: number }) | undefined;
  for (const { marker, segment } of segmentsOf(view)) {
    if (marker === START_OF_SCAN) {
      // A scan for each colour makes the decoder keep all coefficients, and a file may hold thousands of scans.
      return frame && segment.byteLength > 0 && segment.getUint8(0) === frame.components ? sizeOf(frame) : undefined;
    }
    if (isStartOfFrame(marker)) {
      frame = frame === undefined ? plainFrame(marker, segment) : undefined;
      if (!frame) return undefined;
    }
    if (marker === APP1 && startsWith(segment, 'Exif\0\0') && !isUpright(segment)) return undefined;
    if (marker === APP2 && startsWith(segment, 'ICC_PROFILE\0')) return undefined;
  }
  return undefined;
}

const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
const APP2 = 0xe2;

interface Segment {
  marker: number;
  /** What stands behind the segment's length. */
  segment: DataView;
}

/** The header's segments, up to the first thing that is none. */
function* segmentsOf(view: DataView): Generator<Segment> {
  let at = 2;
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) return;
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (standsAlone(marker) || length < 2 || at + 2 + length > view.byteLength) return;
    yield { marker, segment: new DataView(view.buffer, view.byteOffset + at + 4, length - 2) };
    at += 2 + length;
  }
}

/** TEM, restarts, and the file's start and end: markers without a length. */
function standsAlone(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}

/** 0xc0 to 0xcf name the kinds of coding, but for the tables DHT, JPG and DAC. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Sequential Huffman coding with 8 bits, and a height that is known from the start. */
function plainFrame(marker: number, segment: DataView): (Size & { components: number }) | undefined {
  if (marker > 0xc1 || segment.byteLength < 6 || segment.getUint8(0) !== 8) return undefined;
  const [height, width, components] = [segment.getUint16(1), segment.getUint16(3), segment.getUint8(5)];
  const fits = width > 0 && height > 0 && (components === 1 || components === 3);
  return fits ? { width, height, components } : undefined;
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

/** Whether EXIF's first directory can be read and names no orientation but 1. */
function isUpright(segment: DataView): boolean {
  const tiff = new DataView(segment.buffer, segment.byteOffset + 6, segment.byteLength - 6);
  if (tiff.byteLength < 8) return false;
  const littleEndian = startsWith(tiff, 'II');
  if (!littleEndian && !startsWith(tiff, 'MM')) return false;
  const directory = tiff.getUint32(4, littleEndian);
  if (tiff.getUint16(2, littleEndian) !== 42 || directory + 2 > tiff.byteLength) return false;
  const entries = tiff.getUint16(directory, littleEndian);
  if (directory + 2 + entries * ENTRY_BYTES > tiff.byteLength) return false;
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directory + 2 + entry * ENTRY_BYTES;
    if (tiff.getUint16(at, littleEndian) !== ORIENTATION) continue;
    if (tiff.getUint16(at + 2, littleEndian) !== SHORT || tiff.getUint16(at + 8, littleEndian) !== 1) return false;
  }
  return true;
}

const ENTRY_BYTES = 12;
const ORIENTATION = 0x0112;
const SHORT = 3;

function startsWith(view: DataView, text: string): boolean {
  return (
    view.byteLength >= text.length && Array.from(text).every((char, at) => view.getUint8(at) === char.charCodeAt(0))
  );
}
