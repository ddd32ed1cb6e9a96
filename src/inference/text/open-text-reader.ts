import { openTesseractJs } from './tesseract-js.ts';
import { openTesseractProgram, tesseractVersion } from './tesseract-program.ts';
import type { TextReader } from './text-reader.ts';

export const TEXT_ENGINES = ['auto', 'tesseract', 'tesseract.js'] as const;
export type TextEngine = (typeof TEXT_ENGINES)[number];

/**
 * Opens a reader. `auto` is the native program where there is one, which is about twice as fast, and the one that comes
 * with us everywhere else; which it became stands in the reader. @throws ToolError when the engine asked for is not there.
 */
export async function openTextReader(engine: TextEngine, options: { threads?: number } = {}): Promise<TextReader> {
  if (engine === 'tesseract') return openTesseractProgram(options);
  if (engine === 'tesseract.js') return openTesseractJs(options);
  return (await tesseractVersion()) === undefined ? openTesseractJs(options) : openTesseractProgram(options);
}
