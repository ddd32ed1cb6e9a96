/** A grey picture that holds text and little else: rows from the top, 0-255. */
export interface TextPicture {
  width: number;
  height: number;
  grey: Uint8Array;
}

/** A line of text as it was read, in pixels of its picture; right and bottom are outside of the box. */
export interface TextLine {
  box: readonly [x1: number, y1: number, x2: number, y2: number];
  text: string;
  /** How sure the engine is, 0 to 1: the mean over the line's words. */
  confidence: number;
}

/** Reads text (optical character recognition). */
export interface TextReader {
  /** What reads, with its version. */
  engine: { name: 'tesseract' | 'tesseract.js'; version: string };
  /**
   * The lines of each picture, in the order of the pictures. Several calls at a time are worked on as there are cores.
   * @throws ToolError when the engine fails, the signal's reason when it aborts.
   */
  read(pictures: readonly TextPicture[], signal?: AbortSignal): Promise<TextLine[][]>;
  /** Ends the engine's threads and processes; the process would wait for them otherwise. */
  close(): Promise<void>;
}

/** A picture as a binary PGM (Netpbm P5), which every engine reads and nobody has to compress. */
export function toPgm({ width, height, grey }: TextPicture): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]);
}
