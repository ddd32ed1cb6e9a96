import type { CocoDataset } from '#annotation/formats/coco';
import type { ByteSource } from '#core/step';
import { openLevelMeter } from '#media/audio-level';
import { createFrameKernels, type FrameKernels } from '#media/frame-kernels';
import { readGrey } from '#media/images';
import { monoBlocks, probeWav } from '#media/wav';

/** Measures pictures: mean and spread of BT.601 luma (0-255), variance of the Laplacian, megapixels, width by height. */
export function openPictureMeter(): (path: string) => Promise<Record<string, number>> {
  let kernels: FrameKernels | undefined;
  return async (path) => {
    const { width, height, grey } = await readGrey(path);
    if (kernels?.width !== width || kernels.height !== height)
      kernels = createFrameKernels({ width, height, count: 1 });
    const [frame] = kernels.buffers as [FrameKernels['buffers'][0]];
    frame.bytes.set(grey);
    const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
    const variance = grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length;
    return {
      luma: mean,
      contrast: Math.sqrt(variance),
      sharpness: kernels.sharpness(frame),
      megapixels: (width * height) / 1e6,
      aspect: width / height,
    };
  };
}

/** Measures a WAV file: levels in dB below full scale, the share of clipped samples, its length. */
export async function soundFeatures(source: ByteSource, name: string): Promise<Record<string, number>> {
  const format = await probeWav(source, name);
  const meter = openLevelMeter();
  let samples = 0;
  for await (const block of monoBlocks(source, format)) {
    samples += block.length;
    meter.add(block);
  }
  return { ...meter.level(), seconds: samples / format.sampleRateHz };
}

/** What a detector found, as COCO has it: of each box score, share of the picture and class; of each picture its boxes. */
export function detectionFeatures({ images, annotations, categories }: CocoDataset): {
  boxes: Record<string, number | string>[];
  pictures: Record<string, number>[];
} {
  const sizes = new Map(images.map(({ id, width, height }) => [id, width * height]));
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const counts = new Map(images.map(({ id }) => [id, 0]));
  for (const { image_id: id } of annotations) counts.set(id, (counts.get(id) ?? 0) + 1);
  return {
    boxes: annotations.map(({ image_id: image, category_id: category, bbox, ...box }) => ({
      ...(typeof box.score === 'number' ? { score: box.score } : {}),
      boxShare: (bbox[2]! * bbox[3]!) / (sizes.get(image) ?? Number.NaN),
      class: names.get(category) ?? String(category),
    })),
    pictures: [...counts.values()].map((count) => ({ boxesPerPicture: count })),
  };
}
