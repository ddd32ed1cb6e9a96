/**
 * Writes the JSON Schemas of the container contract into docs/contract. `npx node scripts/contract-schemas.ts`
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { CONTRACT_SCHEMAS, schemaText } from './contract/schemas.ts';

await mkdir('docs/contract', { recursive: true });
for (const name of Object.keys(CONTRACT_SCHEMAS)) {
  await writeFile(`docs/contract/${name}.schema.json`, schemaText(name as keyof typeof CONTRACT_SCHEMAS));
}
execFileSync('biome', ['format', '--write', 'docs/contract'], { stdio: 'inherit' });
