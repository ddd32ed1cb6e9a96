import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ToolError } from '#core/errors';

const PACKAGE = '@tesseract.js-data/eng';

/**
 * The folder with the English data, `eng.traineddata.gz`: the given one, or that of the npm package with the integer LSTM
 * network. @throws ToolError when the data is not there.
 */
export async function englishData(given?: string): Promise<string> {
  const folder = given ?? packagedFolder();
  const found =
    folder === undefined ? undefined : await stat(join(folder, 'eng.traineddata.gz')).catch(() => undefined);
  if (folder !== undefined && found?.isFile() && found.size > 0) return folder;
  throw new ToolError(
    `Expected the English data of tesseract in ${given ?? `the npm package ${PACKAGE}`}, found none. Run \`npm install\` again, or install the native tesseract.`,
  );
}

function packagedFolder(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), '4.0.0_best_int');
  } catch {
    // npm left it out; the caller says how to get it.
    return undefined;
  }
}
