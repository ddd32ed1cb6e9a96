import { imagesIn } from './image-folder.ts';
import { cleanImages } from '#media/clean-images';
import { interruptSignal } from './interrupt.ts';
import { writeOutputFolder } from './output-folder.ts';

interface Options {
  input: string;
  output: string;
  blur: boolean;
  blurThreshold: number;
  dedup: boolean;
  dedupDistance: number;
}

/** The `preprocess` stage alone: copies the pictures that cleaning keeps. */
export async function cleanFiles(options: Options, json: boolean): Promise<void> {
  const signal = interruptSignal();
  const images = await imagesIn(options.input);
  const { kept, blurry, duplicates } = await writeOutputFolder(options.output, (folder) =>
    cleanImages({
      paths: images.map(({ path }) => path),
      blur: options.blur ? { threshold: options.blurThreshold } : undefined,
      dedup: options.dedup ? { maxDistance: options.dedupDistance } : undefined,
      folder,
      signal,
    }),
  );
  if (json) process.stdout.write(`${JSON.stringify({ event: 'preprocessed', images: images.length, kept, blurry, duplicates })}\n`);
  else process.stdout.write(`${options.output}: ${kept} pictures kept of ${images.length} (${blurry} blurry, ${duplicates} near-duplicates)\n`);
}
