import { join } from 'node:path';
import { cleanImages } from '#media/clean-images';
import { imagesIn } from './image-folder.ts';
import { interruptSignal } from './interrupt.ts';
import { writeOutputFolder } from './output-folder.ts';

export interface CleanOptions {
  input: string;
  output: string;
  blur: boolean;
  blurThreshold: number;
  dedup: boolean;
  dedupDistance: number;
}

/** The `preprocess` stage alone: copies the pictures that cleaning keeps, and says of each what it found. */
export async function cleanFiles(options: CleanOptions, json: boolean): Promise<void> {
  const signal = interruptSignal();
  const images = await imagesIn(options.input);
  const summary = await writeOutputFolder(options.output, (folder) =>
    cleanImages({
      paths: images.map(({ path }) => path),
      blur: options.blur ? { threshold: options.blurThreshold } : undefined,
      dedup: options.dedup ? { maxDistance: options.dedupDistance } : undefined,
      folder,
      recordsPath: join(folder, 'images.jsonl'),
      signal,
    }),
  );
  const { kept, blurry, duplicates, unreadable } = summary;
  if (json) process.stdout.write(`${JSON.stringify({ event: 'preprocessed', output: options.output, ...summary })}\n`);
  else {
    process.stdout.write(
      `${options.output}: ${kept} pictures kept of ${images.length} (${blurry} blurry, ${duplicates} near-duplicates, ${unreadable} unreadable)\n`,
    );
  }
  if (unreadable > 0) process.exitCode = 65;
}
