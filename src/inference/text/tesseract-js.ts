import { availableParallelism } from 'node:os';
import Tesseract from 'tesseract.js';
import { ToolError } from '#core/errors';
import { englishData } from './english-data.ts';
import { createReaderThreads } from './reader-threads.ts';
import { tesseractJsVersion } from './tesseract-js-version.ts';
import { type TextLine, type TextPicture, type TextReader, toPgm } from './text-reader.ts';

export interface TesseractJsOptions {
  /** How many pictures are read at a time, each in a thread of some 120 MB. */
  threads?: number;
  /** Where `eng.traineddata.gz` lies; in its npm package by default. */
  dataFolder?: string;
}

/**
 * Opens tesseract compiled to WebAssembly: no program has to be installed, and nothing is downloaded. This is the only
 * door to tesseract.js. Its threads are started with the first picture. @throws ToolError when the language data is
 * missing or damaged, and from `read` when the engine does not start.
 */
export async function openTesseractJs({ threads, dataFolder }: TesseractJsOptions = {}): Promise<TextReader> {
  const langPath = await englishData(dataFolder);
  const workers = createReaderThreads(Math.max(1, Math.min(threads ?? availableParallelism(), 4)), {
    start: () => startWorker(langPath),
    end: (worker) => worker.terminate(),
  });

  async function readOne(worker: Tesseract.Worker, picture: TextPicture, signal?: AbortSignal): Promise<TextLine[]> {
    signal?.throwIfAborted();
    try {
      const { data } = await worker.recognize(toPgm(picture), {}, { text: false, blocks: true });
      return linesOf(data);
    } catch (cause) {
      throw new ToolError(`tesseract.js could not read a picture: ${String(cause)}.`, { cause });
    }
  }

  return {
    engine: { name: 'tesseract.js', version: tesseractJsVersion() },
    async read(pictures, signal) {
      signal?.throwIfAborted();
      return Promise.all(pictures.map((picture) => workers.use((worker) => readOne(worker, picture, signal))));
    },
    close: workers.close,
  };
}

async function startWorker(langPath: string): Promise<Tesseract.Worker> {
  // The package tells of a failure by its handler alone: the promise it gave then never settles.
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const started = Tesseract.createWorker('eng', Tesseract.OEM.LSTM_ONLY, {
    langPath,
    gzip: true,
    // Data is read from the package each time: a copy in the working folder would outlive us.
    cacheMethod: 'none',
    errorHandler: failure.reject,
  });
  try {
    const worker = await Promise.race([started, failure.promise]);
    await worker.setParameters({ tessedit_pageseg_mode: Tesseract.PSM.SINGLE_BLOCK });
    return worker;
  } catch (cause) {
    throw new ToolError(
      `tesseract.js could not be started with the data in ${langPath}: ${String(cause)}. Install its npm packages again.`,
      { cause },
    );
  }
}

function linesOf({ blocks }: Tesseract.Page): TextLine[] {
  return (blocks ?? [])
    .flatMap(({ paragraphs }) => paragraphs.flatMap(({ lines }) => lines))
    .flatMap(({ words, bbox }) => {
      const text = words.map((word) => word.text).join(' ');
      if (text.trim() === '') return [];
      const confidence = words.reduce((sum, word) => sum + word.confidence, 0) / words.length / 100;
      return [{ box: [bbox.x0, bbox.y0, bbox.x1, bbox.y1] as const, text, confidence }];
    });
}
