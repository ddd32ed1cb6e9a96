import { readdir, readFile } from 'node:fs/promises';

/** The command lines of running processes that name a file (Linux; none elsewhere). */
export async function processesOn(path: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.map((line) => line.replaceAll('\0', ' ')).filter((line) => line.includes(path));
}
