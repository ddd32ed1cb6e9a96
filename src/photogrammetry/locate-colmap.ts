import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ToolError } from '#core/errors';

/** The oldest COLMAP whose options are those we give it. */
export const OLDEST_COLMAP = '3.7';

export interface LocatedColmap {
  path: string;
  version: string;
  /** Built with CUDA; whether a GPU is there is another question. */
  cuda: boolean;
}

const HOW_TO_INSTALL =
  'Install it with `apt install colmap` (Debian, Ubuntu) or `brew install colmap` (macOS), ' +
  'or set STEPREEL_COLMAP to the path of one.';

const located = new Map<string, Promise<LocatedColmap>>();

/**
 * The COLMAP to use: STEPREEL_COLMAP if it is set, else the one on the PATH. Looked for once per setting of the
 * environment. @throws ToolError that says how to get one.
 */
export function locateColmap(
  { STEPREEL_COLMAP: override, PATH }: NodeJS.ProcessEnv = process.env,
): Promise<LocatedColmap> {
  const setting = JSON.stringify([override, PATH]);
  const known = located.get(setting) ?? lookFor(override, PATH);
  located.set(setting, known);
  return known;
}

async function lookFor(override: string | undefined, PATH: string | undefined): Promise<LocatedColmap> {
  const path = override || 'colmap';
  const banner = await bannerOf(path, PATH);
  const found = banner && /COLMAP (\d+)\.(\d+)(\S*)/.exec(banner);
  if (!found) {
    const where = override
      ? `STEPREEL_COLMAP names ${override}, which does not run as COLMAP.`
      : 'No COLMAP was found.';
    throw new ToolError(`${where} ${HOW_TO_INSTALL}`, { details: { tool: 'colmap' } });
  }
  const [, major, minor, rest] = found as unknown as [string, string, string, string];
  const version = `${major}.${minor}${rest}`;
  const [oldestMajor, oldestMinor] = OLDEST_COLMAP.split('.').map(Number) as [number, number];
  if (Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor)) {
    throw new ToolError(`COLMAP ${version} is too old: ${OLDEST_COLMAP} or newer is needed. ${HOW_TO_INSTALL}`);
  }
  return { path, version, cuda: !/without CUDA/.test(banner) };
}

/** What `colmap help` says of itself, or undefined where nothing of that name runs. */
async function bannerOf(path: string, PATH: string | undefined): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['help'], {
      env: { PATH, QT_QPA_PLATFORM: 'offscreen' },
      timeout: 20_000,
    });
    return stdout;
  } catch {
    // It is not there or does not run on this machine: either way there is none.
    return undefined;
  }
}
