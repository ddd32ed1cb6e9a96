import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModelStore } from '#adapters/local/model-store';
import { parseModelAddress } from '#adapters/models/model-address';
import { openModelFiles } from '#adapters/models/model-files';
import { pullModel } from '#adapters/models/pull-model';
import { InputError } from '#core/errors';
import { readDescription } from '#inference/models';

export interface PullOptions {
  sha256: string;
  describe?: string;
}

/** `models pull`: fetches a model by its digest, and tells its licence. */
export async function pullModelFrom(text: string, { sha256, describe }: PullOptions, json: boolean): Promise<void> {
  if (!/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new InputError(`--sha256 is ${JSON.stringify(sha256)}; expected the 64 hex digits of the weights' digest.`);
  }
  const files = await openModelFiles(parseModelAddress(text));
  const store = openModelStore();
  const { description } = await pullModel({ files, sha256, store, ...(describe === undefined ? {} : { describe }) });
  const { name, version, license, card } = description;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ event: 'pulled', name, version, sha256, license, card: card ?? null })}\n`,
    );
    return;
  }
  process.stdout.write(`${name}@${version} added, licence ${license}, sha256 ${sha256}\n`);
  process.stderr.write(`Read what it is for: stepreel models show ${name}@${version}\n`);
}

/** `models show`: what a model is, under which licence, and its card. */
export async function showModel(ref: string, json: boolean): Promise<void> {
  const { folder, sha256 } = await openModelStore().fetch(ref);
  const { name, version, task, license, classes, gate, card } = await readDescription(folder);
  const text = card === undefined ? undefined : await readFile(join(folder, card), 'utf8');
  if (json) {
    const facts = { event: 'model', name, version, task, license, classes, gate: gate ?? null, sha256, folder };
    process.stdout.write(`${JSON.stringify({ ...facts, card: text ?? null })}\n`);
    return;
  }
  process.stdout.write(`${name}@${version}  ${task}\nlicence  ${license}\nsha256   ${sha256}\nfolder   ${folder}\n`);
  process.stdout.write(`\n${text ?? 'It brings no card: ask whoever made it what it was measured on.'}\n`);
}
