import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder } from './state-folder.ts';

export interface FakeDocker {
  /** For the PATH and the programs that are started with it. */
  env: Record<string, string>;
  /** A line of JSON for each call, its arguments. */
  calls: string;
}

/**
 * A `docker` that has no containers: it starts the entrypoint as a process, in the folder that stands for the image, with
 * the variables of --env alone, and hands SIGTERM on, as Docker does. It shows how Docker is called and what is done about
 * its end; not what the kernel does with mounts, limits and users.
 */
export function fakeDocker(image: string): FakeDocker {
  const folder = aFolder();
  const calls = join(folder, 'calls.jsonl');
  writeFileSync(join(folder, 'docker'), `#!${process.execPath}\n${PROGRAM}`);
  chmodSync(join(folder, 'docker'), 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}`, FAKE_DOCKER_CALLS: calls, FAKE_DOCKER_IMAGE: image };
  return { env, calls };
}

const PROGRAM = `
const { spawn } = require('node:child_process');
const { appendFileSync, readFileSync, writeFileSync, rmSync } = require('node:fs');
const { FAKE_DOCKER_CALLS: calls, FAKE_DOCKER_IMAGE: image, FAKE_DOCKER_FAULT: fault, PATH } = process.env;
const [verb, ...args] = process.argv.slice(2);
appendFileSync(calls, JSON.stringify([verb, ...args]) + '\\n');
const all = (name) => args.flatMap((arg, at) => (arg === name ? [args[at + 1]] : []));
const pidFile = (name) => calls + '.' + name;
if (fault) {
  console.error(fault);
  process.exit(verb === 'run' ? 125 : 1);
}
if (verb === 'rm') {
  try {
    process.kill(Number(readFileSync(pidFile(args.at(-1)), 'utf8')), 'SIGKILL');
  } catch {
    console.error('No such container');
    process.exit(1);
  }
}
if (verb === 'run') {
  const [entrypoint] = all('--entrypoint');
  const at = args.indexOf('--entrypoint') + 2;
  const env = Object.fromEntries(all('--env').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
  // Detached: a container is no child of the one that asked for it.
  const child = spawn(entrypoint, args.slice(at + 1), { cwd: image, env: { PATH, ...env }, stdio: 'inherit', detached: true });
  const [name] = all('--name');
  writeFileSync(pidFile(name), String(child.pid));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, killedBy) => {
    rmSync(pidFile(name), { force: true });
    process.exit(killedBy ? 137 : code);
  });
}
`;
