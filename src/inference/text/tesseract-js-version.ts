import { createRequire } from 'node:module';

/** The version of the npm package tesseract.js, which brings its tesseract along. It is told without loading the engine. */
export function tesseractJsVersion(): string {
  return createRequire(import.meta.url)('tesseract.js/package.json').version;
}
