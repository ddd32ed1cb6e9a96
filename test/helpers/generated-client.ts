import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PACKAGES = join(import.meta.dirname, '../../node_modules');
const run = promisify(execFile);

const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024', 'dom'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    outDir: 'out',
  },
  include: ['*.ts'],
};

/**
 * Generates a client from the OpenAPI document at an address with a public generator, compiles a program against it
 * under strict rules, and gives what runs that program: its output is one JSON document.
 * @throws with the compiler's words when the program does not fit the client.
 */
export async function generatedClient(openApiUrl: string, folder: string, program: string) {
  await symlink(PACKAGES, join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  await writeFile(join(folder, 'program.ts'), program);
  await node([join(PACKAGES, 'oazapfts/dist/cli.js'), openApiUrl, 'client.ts'], folder);
  await node([join(PACKAGES, 'typescript/bin/tsc'), '-p', '.'], folder);
  return async (...args: string[]): Promise<unknown> => JSON.parse(await node(['out/program.js', ...args], folder));
}

async function node(args: string[], cwd: string): Promise<string> {
  try {
    return (await run(process.execPath, args, { cwd })).stdout;
  } catch (thrown) {
    const { stdout, stderr, message } = thrown as Error & { stdout: string; stderr: string };
    throw new Error(`${message}\n${stdout}${stderr}`);
  }
}
