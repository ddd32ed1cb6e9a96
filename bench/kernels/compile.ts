import { readFile, writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

const SOURCE = 'frame.as.ts';
const FOLDER = new URL('../../src/media/kernels/', import.meta.url);

/**
 * Compiles the kernels to WebAssembly with SIMD. `node bench/kernels/compile.ts` writes frame.wasm anew; a test
 * holds the committed one against what this returns.
 * @throws Error with the compiler's messages.
 */
export async function compileKernels(): Promise<Uint8Array> {
  const source = await readFile(new URL(SOURCE, FOLDER), 'utf8');
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [SOURCE, '--outFile', 'frame.wasm', '-O3', '--noAssert', '--converge'].concat(
      ['--runtime', 'stub', '--enable', 'simd', '--importMemory', '--initialMemory', '1'],
      // Memory below this offset is the compiler's own; ours begins there.
      ['--memoryBase', '1024'],
    ),
    {
      readFile: (name) => (name === SOURCE ? source : null),
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`The kernels do not compile: ${stderr.toString()}`, { cause: error });
  return binary;
}

if (import.meta.main) await writeFile(new URL('frame.wasm', FOLDER), await compileKernels());
