/** What a camera wrote into a picture's head that tells of place and lens. */
export interface ExifFacts {
  /** Where the picture was taken: degrees, north and east positive, and metres above the sea where that is known. */
  gps?: { latitude: number; longitude: number; altitudeMetres?: number };
  /** Focal length in millimetres, as it would be on 35 mm film. */
  focal35Millimetres?: number;
}

// Exif 2.32 (CIPA DC-008), 4.6.3 to 4.6.6.
const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const FOCAL_35 = 0xa405;
const GPS = { latitudeRef: 1, latitude: 2, longitudeRef: 3, longitude: 4, altitudeRef: 5, altitude: 6 };
const TYPE_BYTES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };
const MOST_ENTRIES = 512;

/** Reads an EXIF block, which begins with `Exif\0\0` or at its TIFF header. What is not in order counts as not there. */
export function readExif(block: Uint8Array): ExifFacts {
  const start = block[0] === 0x45 ? 6 : 0;
  const tiff = new DataView(block.buffer, block.byteOffset + start, Math.max(0, block.byteLength - start));
  if (tiff.byteLength < 8) return {};
  const order = tiff.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return {};
  const little = order === 0x4949;
  const main = directoryAt(tiff, tiff.getUint32(4, little), little);
  const exif = directoryAt(tiff, main.get(EXIF_IFD)?.[0], little);
  const gps = placeOf(directoryAt(tiff, main.get(GPS_IFD)?.[0], little));
  const focal = exif.get(FOCAL_35)?.[0];
  return { ...(gps ? { gps } : {}), ...(focal !== undefined && focal > 0 ? { focal35Millimetres: focal } : {}) };
}

/** The numbers of each entry, by tag. Entries of other types, or that point out of the block, are left out. */
function directoryAt(tiff: DataView, at: number | undefined, little: boolean): Map<number, number[]> {
  const entries = new Map<number, number[]>();
  if (at === undefined || at + 2 > tiff.byteLength) return entries;
  const count = Math.min(tiff.getUint16(at, little), MOST_ENTRIES);
  for (let entry = 0; entry < count; entry += 1) {
    const place = at + 2 + 12 * entry;
    if (place + 12 > tiff.byteLength) break;
    const type = tiff.getUint16(place + 2, little);
    const size = TYPE_BYTES[type];
    const length = tiff.getUint32(place + 4, little);
    if (size === undefined || length > 64) continue;
    const values = size * length <= 4 ? place + 8 : tiff.getUint32(place + 8, little);
    if (values + size * length > tiff.byteLength) continue;
    const read = Array.from({ length }, (_, number) => numberAt(tiff, values + size * number, type, little));
    entries.set(tiff.getUint16(place, little), read);
  }
  return entries;
}

function numberAt(tiff: DataView, at: number, type: number, little: boolean): number {
  if (type === 3) return tiff.getUint16(at, little);
  if (type === 4) return tiff.getUint32(at, little);
  if (type === 5) return tiff.getUint32(at, little) / tiff.getUint32(at + 4, little);
  return tiff.getUint8(at);
}

function placeOf(gps: Map<number, number[]>): ExifFacts['gps'] {
  const latitude = degreesOf(gps.get(GPS.latitude), gps.get(GPS.latitudeRef), 'S');
  const longitude = degreesOf(gps.get(GPS.longitude), gps.get(GPS.longitudeRef), 'W');
  // Phones without a fix write zeros.
  if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) return undefined;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined;
  const height = gps.get(GPS.altitude)?.[0];
  const below = gps.get(GPS.altitudeRef)?.[0] === 1;
  const altitude = height === undefined || !Number.isFinite(height) ? {} : { altitudeMetres: below ? -height : height };
  return { latitude, longitude, ...altitude };
}

/** Degrees, minutes and seconds; the letter of the negative half turns the sign. */
function degreesOf(parts: number[] | undefined, letter: number[] | undefined, negative: string): number | undefined {
  if (!parts || parts.length < 1 || !letter) return undefined;
  const [degrees = 0, minutes = 0, seconds = 0] = parts;
  const value = degrees + minutes / 60 + seconds / 3600;
  if (!Number.isFinite(value)) return undefined;
  return letter[0] === negative.charCodeAt(0) ? -value : value;
}
