import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type OnReadOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Raw pictures of one size that a process writes to its stdout, read straight into memory of ours. */
export interface PictureIntake {
  /** What the process gets as its stdout. */
  mouth: Socket;
  /**
   * Yields the buffers in turn, each filled with the next picture, until the process has closed its stdout. A buffer is
   * filled again only when `isFree` of its place has come. A last picture that is not whole is no picture.
   */
  pictures(isFree?: (place: number) => Promise<unknown>): AsyncGenerator<Uint8Array, void, undefined>;
  /** Reads no more; a process that still writes is told so by the system. */
  close(): void;
}

/**
 * Opens an intake that fills `buffers`, all of one length, one after another. The streams of child processes make a new
 * buffer for every 64 KiB; collecting those takes longer than all else that is done to a picture of 720p.
 */
export async function openPictureIntake(buffers: readonly Uint8Array[]): Promise<PictureIntake> {
  let [place, filled] = [0, 0];
  let picture = Promise.withResolvers<boolean>();
  const [mouth, socket] = await connectedPair({
    buffer: () => buffers[place]!.subarray(filled),
    callback(length) {
      filled += length;
      if (filled < buffers[place]!.length) return true;
      [place, filled] = [(place + 1) % buffers.length, 0];
      picture.resolve(true);
      return false;
    },
  });
  // A process that is killed may reset the connection; how it ended, it says itself.
  socket.on('error', () => {}).on('close', () => picture.resolve(false));

  return {
    mouth,
    async *pictures(isFree = async () => undefined) {
      for (let at = 0; ; at = (at + 1) % buffers.length) {
        await isFree(at);
        socket.resume();
        if (!(await picture.promise)) return;
        picture = Promise.withResolvers();
        yield buffers[at]!;
      }
    },
    close() {
      mouth.destroy();
      socket.destroy();
    },
  };
}

/** Two ends of a connection. Nothing is read at the first; the second reads as it is told. */
async function connectedPair(onread: OnReadOpts): Promise<[Socket, Socket]> {
  // Nobody else can enter a folder that was made so.
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-'));
  const path = join(folder, 'pictures');
  const server = createServer({ pauseOnConnect: true }).listen(path);
  try {
    await once(server, 'listening');
    const reader = connect({ path, onread });
    const [[writer]] = await Promise.all([once(server, 'connection'), once(reader, 'connect')]);
    return [writer, reader];
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}
