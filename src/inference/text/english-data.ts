import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ToolError } from '#core/errors';
import { digestFile } from '#core/file-digest';

const PACKAGE = '@tesseract.js-data/eng';
const FILE = 'eng.traineddata.gz';
// What is read depends on these bytes; and of other bytes the engine may never say that it can't use them.
const SHA256 = '45b4cb346724ac1774f1c36f42f182b887bcdb28ebe63e6fff90ac41f3fcff91';

/**
 * The folder with the English data: the given one, or that of the npm package with the integer LSTM network.
 * @throws ToolError when the data is not there or is not what was published.
 */
export async function englishData(given?: string): Promise<string> {
  const folder = given ?? packagedFolder();
  const where = given ?? `the npm package ${PACKAGE}`;
  const found = folder && (await digestFile(join(folder, FILE)).catch(() => undefined));
  if (!found) throw unusable(`Expected the English data of tesseract in ${where}, found none.`);
  if (found.sha256 === SHA256) return folder;
  throw unusable(
    `The English data of tesseract in ${where} is damaged: expected sha256 ${SHA256}, found ${found.sha256} (${found.bytes} bytes).`,
  );
}

function unusable(problem: string): ToolError {
  return new ToolError(`${problem} Run \`npm install\` again, or install the native tesseract.`);
}

function packagedFolder(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), '4.0.0_best_int');
  } catch {
    // npm left it out; the caller says how to get it.
    return undefined;
  }
}
