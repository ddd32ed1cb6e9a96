import { greyOf, type RgbPicture } from '#workloads/clip-qc/features/picture';

/** Draws picture `index` as testdata/reference.py does, changed by 0 to 16 sixteenths. */
export function drawPicture(index: number, width: number, height: number, change = 0): RgbPicture {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < rgb.length; at += 1) {
    const [channel, pixel] = [at % 3, Math.floor(at / 3)];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const slope = x * (3 + (index % 5)) + y * (5 + channel) + index * 29;
    const texture = Math.floor((((x * 31 + y * 17 + channel * 7 + index * 11) * 40503) % 65536) / 2048);
    const value = (Math.floor(slope / 3) + texture) % 256;
    const moved = Math.floor((((x * 13 + y * 7 + channel + change * 3) * 30011) % 65536) / 256);
    rgb[at] = Math.floor((value * (16 - change) + moved * change) / 16);
  }
  return { width, height, rgb };
}

export function drawGrey(index: number, width: number, height: number, change = 0) {
  return greyOf(drawPicture(index, width, height, change));
}
