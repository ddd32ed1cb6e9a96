import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { drawExampleClip } from '#media/scenes/example-clip';
import { animatedSvg, type Frame } from './recording/animated-svg.ts';
import { TerminalScreen } from './recording/terminal-screen.ts';

// Draws docs/images/terminal.svg from a real run: a server, a job submitted to it, watched, fetched and verified. What the
// commands say, their colours and their timing are as they came out of a pseudo terminal (util-linux `script`); the typing
// at the prompt is drawn. Run it as `node scripts/record-terminal.ts [FILE]`.

const COLUMNS = 100;
const PROMPT = '\x1b[32m$\x1b[39m ';
const SECONDS_A_KEY = 0.035;
const PAUSE_SECONDS = 0.6;
// Frames that are closer together than an eye can tell apart become one.
const FRAME_SECONDS = 0.08;

const program = resolve(import.meta.dirname, '../cli/main.ts');
const target = process.argv[2] ?? resolve(import.meta.dirname, '../docs/images/terminal.svg');
const folder = await mkdtemp(join(tmpdir(), 'stepreel-recording-'));
let server: ChildProcess | undefined;
try {
  const { clip } = await drawExampleClip(await mkdtemp(join(folder, 'clip-')));
  await copyFile(clip, join(folder, 'site.mp4'));
  const started = await serve(folder);
  server = started.server;
  const frames = await record(started.url);
  const title =
    'A terminal: stepreel submit prints the id of a job, watch follows it, results fetches its files, verify checks them.';
  await writeFile(target, animatedSvg(frames, { columns: COLUMNS, title, restSeconds: 4 }));
  process.stderr.write(`${target}: ${frames.length} frames, ${frames.at(-1)!.atSeconds.toFixed(1)} seconds\n`);
} finally {
  if (server) await ended(server);
  await rm(folder, { recursive: true, force: true });
}

/** Starts the API at home, and waits until it says where. */
async function serve(cwd: string): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [program, 'dev', '--port', '0'], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const chunk of server.stdout!) return { server, url: String(chunk).trim() };
  throw new Error('stepreel dev ended before it served. Run it by hand to see why.');
}

async function ended(child: ChildProcess): Promise<void> {
  const end = new Promise((done) => child.once('exit', done));
  child.kill('SIGINT');
  await end;
}

async function record(url: string): Promise<Frame[]> {
  const screen = new TerminalScreen(COLUMNS);
  const frames: Frame[] = [];
  let clock = 0;
  const show = () => {
    const frame = { atSeconds: clock, lines: screen.lines() };
    const last = frames.at(-1);
    if (last && clock - last.atSeconds < FRAME_SECONDS) last.lines = frame.lines;
    else frames.push(frame);
  };
  const type = (line: string) => {
    screen.write(PROMPT);
    for (const sign of line) {
      screen.write(sign);
      clock += SECONDS_A_KEY;
      show();
    }
    clock += PAUSE_SECONDS;
    screen.write('\r\n');
    show();
  };
  const run = async (line: string): Promise<string> => {
    type(line);
    const begin = clock;
    const start = performance.now();
    let text = '';
    for await (const chunk of inTerminal(line, url)) {
      text += chunk;
      clock = begin + (performance.now() - start) / 1000;
      screen.write(String(chunk));
      show();
    }
    clock += PAUSE_SECONDS;
    return text;
  };

  const submitted = await run('stepreel submit dataset --input site.mp4 --param every=10');
  const id = /dataset-[0-9a-f]+/.exec(submitted)?.[0];
  if (!id) throw new Error(`Expected the id of a job, found: ${submitted}`);
  await run(`stepreel watch ${id}`);
  await run(`stepreel results ${id} --download out`);
  await run('stepreel verify out');
  screen.write(PROMPT);
  show();
  return frames;
}

/** What a command line says in a terminal of our width. @throws when it fails: a recording shows what works. */
async function* inTerminal(line: string, url: string): AsyncGenerator<string> {
  const command = line.replace(/^stepreel/, `exec '${process.execPath}' '${program}'`);
  const child = spawn('script', ['-qefc', `stty cols ${COLUMNS} rows 40; ${command}`, '/dev/null'], {
    cwd: folder,
    env: {
      ...process.env,
      TERM: 'xterm-256color',
      FORCE_COLOR: '1',
      SHELL: '/bin/sh',
      STEPREEL_API: url,
      NO_COLOR: undefined,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  for await (const chunk of child.stdout!.setEncoding('utf8')) yield chunk;
  const code = await exit;
  if (code !== 0) throw new Error(`${line} ended with ${code}.`);
}
