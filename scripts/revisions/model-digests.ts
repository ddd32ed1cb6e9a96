import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256Hex } from '#core/names';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the planner on AWS knows of the models that come with the program, whose files it does not have. */
export const SHIPPED_MODELS = 'src/adapters/aws/shipped-models.json';

/** The SHA-256 of each shipped model's model.json, by `name@version`. */
export function shippedModels(): Record<string, string> {
  const files = globSync('models/*/*/model.json', { cwd: root }).sort();
  return Object.fromEntries(
    files.map((file) => {
      const [name, version] = file.split('/').slice(1, 3);
      return [`${name}@${version}`, sha256Hex(readFileSync(join(root, file)))];
    }),
  );
}
