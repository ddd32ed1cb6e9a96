import { readFile, writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

/** Each stands in src/media/kernels as NAME.as.ts and, compiled, as NAME.wasm. */
const KERNELS = ['frame', 'picture'] as const;
export type KernelName = (typeof KERNELS)[number];

const FOLDER = new URL('../../src/media/kernels/', import.meta.url);

/**
 * Compiles kernels to WebAssembly with SIMD. `node bench/kernels/compile.ts` writes all of them anew; a test holds the
 * committed ones against what this returns.
 * @throws Error with the compiler's messages.
 */
export async function compileKernels(name: KernelName): Promise<Uint8Array> {
  const file = `${name}.as.ts`;
  const source = await readFile(new URL(file, FOLDER), 'utf8');
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [file, '--outFile', `${name}.wasm`, '-O3', '--noAssert', '--converge'].concat(
      ['--runtime', 'stub', '--enable', 'simd', '--importMemory', '--initialMemory', '1'],
      // Memory below this offset is the compiler's own; ours begins there.
      ['--memoryBase', '1024'],
    ),
    {
      readFile: (asked) => (asked === file ? source : null),
      writeFile: (_name, contents) => {
        binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`The ${name} kernels do not compile: ${stderr.toString()}`, { cause: error });
  return binary;
}

if (import.meta.main) {
  for (const name of KERNELS) await writeFile(new URL(`${name}.wasm`, FOLDER), await compileKernels(name));
}
