import { execFile, spawn } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ToolError } from '#core/errors';
import type { ChildEnd } from './children.ts';
import { type CommandRequest, runCommand } from './commands.ts';

/** Where a program runs that is in an image. */
export interface Container {
  image: string;
  /** Of the container, by which it is ended when whoever started it is no more. */
  name: string;
}

export interface ImageRequest extends Omit<CommandRequest, 'cwd'> {
  container: Container;
  /** What the program sees of this machine, each under its own path. Links are followed here: there they lead nowhere. */
  mounts: { path: string; writable?: boolean }[];
  memoryMiB: number;
  vcpu: number;
  gpu: boolean;
}

// docker run ends so when it could not start the container. Source: docs.docker.com/reference/cli/docker/container/run
const NOT_STARTED = 125;

/**
 * Runs somebody's program in its image as the platform would: read-only, without capabilities and network, in the size that
 * its step asks for, as the user that we are, and with an init process that hands signals on. When `signal` aborts the
 * container gets SIGTERM, and is removed after the grace period, also when this process ends before.
 * @throws ToolError when Docker is missing or can't start it.
 */
export async function runInImage(request: ImageRequest): Promise<ChildEnd> {
  const { container, signal, graceMs, onErrorLine } = request;
  const { name } = container;
  const removal = () =>
    spawn('docker', removalOf(name), { detached: true, stdio: 'ignore' })
      .once('error', () => {})
      .unref();
  // Docker's own program may be killed with us, and the container would go on.
  process.prependOnceListener('disconnect', removal);
  let timer: NodeJS.Timeout | undefined;
  const removeLater = () => {
    timer = setTimeout(removal, graceMs);
  };
  signal.addEventListener('abort', removeLater, { once: true });
  let last = '';
  try {
    const command = ['docker', ...(await runArguments(request))];
    const end = await runCommand({
      ...request,
      command,
      cwd: '/',
      environment: process.env,
      // It ends by itself once the container is removed.
      graceMs: graceMs + REMOVAL_MS,
      onErrorLine(line) {
        last = line;
        onErrorLine(line);
      },
    });
    if (end.exitCode !== NOT_STARTED || signal.aborted) return end;
    throw new ToolError(
      `Docker could not start ${container.image}: ${last}. Look whether the image is there, and pull or build it.`,
    );
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', removeLater);
    process.removeListener('disconnect', removal);
  }
}

const REMOVAL_MS = 5_000;

async function runArguments({ command, container, environment, mounts, ...size }: ImageRequest): Promise<string[]> {
  const [program, ...args] = command as [string, ...string[]];
  const { uid, gid } = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const { memoryMiB, vcpu, gpu } = size;
  const bound = await Promise.all(
    mounts.map(async ({ path, writable }) => {
      const parts = [
        'type=bind',
        `source=${await realpath(path)}`,
        `target=${path}`,
        ...(writable ? [] : ['readonly']),
      ];
      return ['--mount', parts.map(quoted).join(',')];
    }),
  );
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : ['--env', `${name}=${value}`],
  );
  return [
    ...['run', '--rm', '--init', '--name', container.name, '--log-driver', 'none'],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--network', 'none'],
    ...['--user', `${uid}:${gid}`],
    ...['--memory', `${memoryMiB}m`, '--memory-swap', `${memoryMiB}m`, '--cpus', `${vcpu}`],
    ...(gpu ? ['--gpus', 'all'] : []),
    ...bound.flat(),
    ...variables,
    ...['--entrypoint', program, container.image, ...args],
  ];
}

/** A field of the CSV that --mount takes: paths may hold commas and quotes. */
function quoted(field: string): string {
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function removalOf(name: string): string[] {
  return ['rm', '--force', name];
}

/** Ends a container that may have been left; harmless when there is none. */
export async function removeContainer(name: string): Promise<void> {
  await promisify(execFile)('docker', removalOf(name)).catch(() => {
    // There is none: it ended as it should.
  });
}

/** @throws ToolError that says whether Docker is missing or does not answer. */
export async function requireDocker(): Promise<void> {
  await promisify(execFile)('docker', ['version', '--format', '{{.Server.Version}}']).catch((cause) => {
    const { code, stderr = '' } = cause as { code?: string | number; stderr?: string };
    throw new ToolError(
      code === 'ENOENT'
        ? 'Steps are to run as images, and there is no `docker` on the PATH. Install Docker, or leave --image out: the program then runs as a process of this machine.'
        : `Steps are to run as images, and Docker does not answer: ${stderr.trim()}. Start its daemon, or leave --image out.`,
      { cause },
    );
  });
}
