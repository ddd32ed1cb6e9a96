import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { openModelStore } from '#adapters/local/model-store';
import { runtimeVersion } from '#inference/session';
import { englishData } from '#inference/text/english-data';
import { tesseractJsVersion } from '#inference/text/tesseract-js-version';
import { tesseractVersion } from '#inference/text/tesseract-program';
import { locateFfmpeg } from '#media/ffmpeg';
import { imageLibraryVersion } from '#media/images';
import { locateColmap } from '#photogrammetry/locate-colmap';

export interface Finding {
  what: string;
  well: boolean;
  found: string;
  remedy?: string;
}

// A minute of 1080p video, all of its frames kept, takes about 1 GiB of pictures.
const ROOM_GIB = 2;

/** Looks at everything that a job needs, one finding at a time. */
export async function* examine(): AsyncGenerator<Finding> {
  yield { what: 'Node.js', well: true, found: process.version };
  yield await examineTool('ffmpeg', async () => {
    const { version, source, path } = await locateFfmpeg();
    return `${version} (${source === 'npm' ? 'from its npm package' : path})`;
  });
  yield await examineTool('ONNX Runtime', runtimeVersion);
  yield await examineTool('sharp', imageLibraryVersion);
  yield await examineTool('Text reader', textReaders);
  yield await examineTool('COLMAP', photogrammetry);
  for (const folder of new Set([process.cwd(), tmpdir()])) yield await examineDisk(folder);
  yield* examineModels();
}

/** The native program is optional: what comes along reads as well, half as fast. @throws ToolError without its data. */
async function textReaders(): Promise<string> {
  await englishData();
  const native = await tesseractVersion();
  return `tesseract.js ${tesseractJsVersion()}, ${native === undefined ? 'no native tesseract' : `and tesseract ${native}`}`;
}

/** Only reconstructions need it, so a machine without it is well: what to do for one is said. */
async function photogrammetry(): Promise<string> {
  try {
    const { version, cuda, path } = await locateColmap();
    return `${version} (${path}, ${cuda ? 'with CUDA' : 'without CUDA: sparse clouds only'})`;
  } catch (thrown) {
    return `none; reconstruct needs it. ${(thrown as Error).message}`;
  }
}

async function examineTool(what: string, version: () => string | Promise<string>): Promise<Finding> {
  try {
    return { what, well: true, found: await version() };
  } catch (thrown) {
    return { what, well: false, found: 'not usable', remedy: (thrown as Error).message };
  }
}

async function examineDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const freeGiB = (bavail * bsize) / 2 ** 30;
  const well = freeGiB >= ROOM_GIB;
  return {
    what: 'Disk',
    well,
    found: `${freeGiB.toFixed(1)} GiB free in ${folder}`,
    ...(well ? {} : { remedy: `free at least ${ROOM_GIB} GiB there` }),
  };
}

async function* examineModels(): AsyncGenerator<Finding> {
  for (const { name, version, problem } of await openModelStore().verify()) {
    const what = `Model ${name}@${version}`;
    yield problem === undefined
      ? { what, well: true, found: 'digest and shapes as its model.json says' }
      : { what, well: false, found: 'not usable', remedy: problem };
  }
}
