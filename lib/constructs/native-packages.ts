import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ContractError } from '#core/errors';
import { sha256Hex } from '#core/names';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface PackageFile {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

const known = new Map<string, boolean>();

/** True for a package that a bundler can't take in: it, or what it may be completed by, is not all JavaScript. */
export function hasNativeParts(name: string): boolean {
  const answer = known.get(name) ?? lookForNativeParts(name);
  known.set(name, answer);
  return answer;
}

function lookForNativeParts(name: string): boolean {
  const folder = join(root, 'node_modules', name);
  if (globSync('**/*.{node,wasm}', { cwd: folder }).length > 0) return true;
  const optional = Object.keys(readPackage(folder).optionalDependencies ?? {});
  return optional.some((part) => {
    const partFolder = join(root, 'node_modules', part);
    return existsSync(partFolder) && readPackage(partFolder).os !== undefined;
  });
}

/**
 * A node_modules as Lambda needs it: x64 Linux with glibc. That is ours if this machine is one, else one that npm
 * fetches by the same lock file, once for each state of it.
 */
export function linuxPackages(): string {
  const here = process.platform === 'linux' && process.arch === 'x64' && runsOnGlibc();
  return here ? join(root, 'node_modules') : fetchLinuxPackages();
}

function runsOnGlibc(): boolean {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

function fetchLinuxPackages(): string {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const folder = join(root, 'node_modules', '.cache', 'stepreel', `linux-x64-${sha256Hex(lock).slice(0, 16)}`);
  const packages = join(folder, 'node_modules');
  if (existsSync(join(folder, 'complete'))) return packages;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(root, file), join(folder, file));
  const flags = [
    '--omit=dev',
    '--ignore-scripts',
    '--os=linux',
    '--cpu=x64',
    '--libc=glibc',
    '--no-audit',
    '--no-fund',
  ];
  execFileSync('npm', ['ci', ...flags], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  mkdirSync(join(folder, 'complete'));
  return packages;
}

/** Copies a package and all that it depends on, as far as it is for x64 Linux, without types and source maps. */
export function copyPackage(name: string, from: string, to: string): void {
  const target = join(to, name);
  if (existsSync(target)) return;
  const source = join(from, name);
  if (!existsSync(source)) {
    throw new ContractError(`The package ${name} is not installed below ${from}. Run npm ci.`, { details: { name } });
  }
  cpSync(source, target, { recursive: true, filter: (path) => !/\.(map|d\.[cm]?ts|md)$/.test(path) });
  copyDependencies(source, [], from, to);
}

/** What is installed inside of a package was copied with it; what that depends on in turn may be outside of it. */
function copyDependencies(source: string, around: string[], from: string, to: string): void {
  const inside = [join(source, 'node_modules'), ...around];
  const { dependencies = {}, optionalDependencies = {} } = readPackage(source);
  for (const part of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const nested = inside.map((folder) => join(folder, part)).find((folder) => existsSync(folder));
    if (nested) copyDependencies(nested, inside, from, to);
    else if (!(part in optionalDependencies) || isForLambda(join(from, part))) copyPackage(part, from, to);
  }
}

function isForLambda(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { os = ['linux'], cpu = ['x64'], libc = ['glibc'] } = readPackage(folder);
  return os.includes('linux') && cpu.includes('x64') && libc.includes('glibc');
}

function readPackage(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
}
