import { availableParallelism } from 'node:os';
import Tesseract from 'tesseract.js';
import { ToolError } from '#core/errors';
import { englishData } from './english-data.ts';
import { type TextLine, type TextPicture, type TextReader, toPgm } from './text-reader.ts';

export interface TesseractJsOptions {
  /** How many pictures are read at a time, each in a thread of some 120 MB. */
  threads?: number;
  /** Where `eng.traineddata.gz` lies; in its npm package by default. */
  dataFolder?: string;
}

/**
 * Opens tesseract compiled to WebAssembly: no program has to be installed, and nothing is downloaded. This is the only
 * door to tesseract.js. @throws ToolError when the language data is missing or the engine does not start.
 */
export async function openTesseractJs({ threads, dataFolder }: TesseractJsOptions = {}): Promise<TextReader> {
  const langPath = await englishData(dataFolder);
  const count = Math.max(1, Math.min(threads ?? availableParallelism(), 4));
  const workers = await startAll(count, langPath);
  const idle = [...workers];
  const waiting: ((worker: Tesseract.Worker) => void)[] = [];

  async function readOne(picture: TextPicture, signal?: AbortSignal): Promise<TextLine[]> {
    signal?.throwIfAborted();
    const worker = idle.pop() ?? (await new Promise<Tesseract.Worker>((receive) => waiting.push(receive)));
    try {
      signal?.throwIfAborted();
      const { data } = await worker.recognize(toPgm(picture), {}, { text: false, blocks: true });
      return linesOf(data);
    } catch (cause) {
      signal?.throwIfAborted();
      throw new ToolError(`tesseract.js could not read a picture: ${String(cause)}.`, { cause });
    } finally {
      const next = waiting.shift();
      if (next) next(worker);
      else idle.push(worker);
    }
  }

  return {
    engine: { name: 'tesseract.js', version: await versionOf(workers[0]!) },
    read: (pictures, signal) => Promise.all(pictures.map((picture) => readOne(picture, signal))),
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** Starts all threads, or none: one that fails ends the others. */
async function startAll(count: number, langPath: string): Promise<Tesseract.Worker[]> {
  const started = await Promise.allSettled(Array.from({ length: count }, () => startWorker(langPath)));
  const workers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (!failed) return workers;
  await Promise.all(workers.map((worker) => worker.terminate()));
  throw new ToolError(
    `tesseract.js could not be started with the data in ${langPath}: ${String(failed.reason)}. Install its npm packages again.`,
    { cause: failed.reason },
  );
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
  const worker = await Promise.race([started, failure.promise]);
  await worker.setParameters({ tessedit_pageseg_mode: Tesseract.PSM.SINGLE_BLOCK });
  return worker;
}

const ONE_PIXEL = toPgm({ width: 1, height: 1, grey: Uint8Array.of(255) });

/** The version is told with a result only. */
async function versionOf(worker: Tesseract.Worker): Promise<string> {
  return (await worker.recognize(ONE_PIXEL)).data.version;
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
