import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { requireKey } from '#core/artifact-key';
import { InputError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import type { PartedUpload, SentPart, Uploads } from '#core/ports';
import { safeName } from '#core/safe-name';
import { receiveFile } from './received-file.ts';

/** What a signature stands for: this file, up to this size, until then; one part of it where there is a number. */
const policySchema = z.object({
  id: z.uuid(),
  team: z.string().min(1),
  name: z.string().min(1),
  maxBytes: z.number(),
  /** All that may come is all that has to come. */
  isExact: z.boolean(),
  sha256: z.string().optional(),
  part: z.number().optional(),
  until: z.string(),
});

type Policy = z.infer<typeof policySchema>;

export interface LocalUploads extends Omit<Uploads, 'link'> {
  /** Where the files lie that have come whole. */
  folder: string;
  /** Takes a file, or a part of one, to where its signature says. @throws InputError for what was not signed. */
  receive(signed: SignedPlace, bytes: AsyncIterable<Uint8Array>): Promise<{ etag: string }>;
  /** Removes what has come for uploads that nobody knows of any more. @returns how many there were. */
  sweep(isKnown: (id: string) => Promise<boolean>, before: Date): Promise<number>;
}

export interface SignedPlace {
  id: string;
  /** Of a file that comes in parts. */
  part?: number;
  policy: string;
  signature: string;
}

const HOUR_MS = 60 * 60 * 1000;
const FORM_MS = HOUR_MS;
const PART_MS = HOUR_MS;
// What is on its way lies beside the teams; no team has such a name.
const ARRIVING = '.arriving';

/**
 * Uploads into a folder of this machine. Forms and links are signed with a secret of the folder, and lead to the API at
 * `apiUrl`. A file is where it shall be only when it is whole.
 */
export function openUploads(folder: string, apiUrl: () => string): LocalUploads {
  let secret: Buffer | undefined;
  const sign = (policy: string): string => {
    secret ??= secretOf(folder);
    return createHmac('sha256', secret).update(policy).digest('hex');
  };
  const signed = (facts: Policy) => {
    const policy = Buffer.from(JSON.stringify(facts)).toString('base64url');
    return { policy, signature: sign(policy) };
  };
  const placeOf = (team: string, id: string, name: string) => join(folder, requireKey(`${team}/${id}/${name}`));
  const partsOf = (id: string) => join(folder, ARRIVING, id);
  const partFile = (id: string, number: number) => join(partsOf(id), `part-${String(number).padStart(5, '0')}`);

  return {
    folder,

    async presign({ team, name, maxBytes, mediaType, sha256 }) {
      const id = randomUUID();
      const safe = safeName(name);
      const uri = placeOf(team, id, safe);
      const expiresAt = new Date(Date.now() + FORM_MS).toISOString();
      const facts: Policy = { id, team, name: safe, maxBytes, isExact: false, until: expiresAt };
      const fields = { 'Content-Type': mediaType, ...signed(sha256 === undefined ? facts : { ...facts, sha256 }) };
      return { id, uri, url: `${apiUrl()}/uploads/${id}/content`, fields, expiresAt };
    },

    async openParts({ team, name }) {
      const id = randomUUID();
      const uri = placeOf(team, id, safeName(name));
      await mkdir(partsOf(id), { recursive: true });
      return { id, uri, session: id };
    },

    async signPart({ id, uri }, { number, bytes }) {
      const team = basename(dirname(dirname(uri)));
      const until = new Date(Date.now() + PART_MS).toISOString();
      const facts = { id, team, name: basename(uri), maxBytes: bytes, isExact: true, part: number, until };
      return `${apiUrl()}/uploads/${id}/parts/${number}?${new URLSearchParams(signed(facts))}`;
    },

    async listParts({ id }) {
      const names = (await readdir(partsOf(id)).catch(missing)) ?? [];
      const parts = names.filter((name) => name.startsWith('part-')).sort();
      return await Promise.all(parts.map((name) => sentPart(join(partsOf(id), name))));
    },

    async joinParts({ id, uri }: PartedUpload, parts) {
      const joined = join(partsOf(id), 'joined');
      for (const { number } of parts) {
        await pipeline(
          createReadStream(partFile(id, number)),
          (await open(joined, number === 1 ? 'w' : 'a')).createWriteStream(),
        );
      }
      await mkdir(dirname(uri), { recursive: true });
      await rename(joined, uri);
      await rm(partsOf(id), { recursive: true, force: true });
    },

    async find(uri) {
      const found = await stat(uri).catch(missing);
      return found?.isFile() ? { uri, bytes: found.size } : undefined;
    },

    async digest({ uri }) {
      return (await digestFile(uri)).sha256;
    },

    async remove({ uri }) {
      const id = basename(dirname(uri));
      await rm(partsOf(id), { recursive: true, force: true });
      await rm(dirname(uri), { recursive: true, force: true });
    },

    async receive(place, bytes) {
      const { id, team, name, part, maxBytes, isExact, sha256 } = requireSigned(place, sign(place.policy));
      const final = part === undefined ? placeOf(team, id, name) : partFile(id, part);
      const arriving = join(folder, ARRIVING, `${id}-${randomUUID()}`);
      await receiveFile({ arriving, final, maxBytes, isExact, sha256 }, bytes);
      return { etag: etagOf(await stat(final)) };
    },

    async sweep(isKnown, before) {
      let removed = 0;
      for (const team of (await readdir(folder).catch(missing)) ?? []) {
        for (const entry of (await readdir(join(folder, team)).catch(() => [])) ?? []) {
          const path = join(folder, team, entry);
          const id = team === ARRIVING ? entry.slice(0, randomUUID().length) : entry;
          const found = await stat(path).catch(missing);
          if (!found || found.mtime > before || (await isKnown(id))) continue;
          await rm(path, { recursive: true, force: true });
          removed += 1;
        }
      }
      return removed;
    },
  };
}

function requireSigned({ id, part, policy, signature }: SignedPlace, expected: string): Policy {
  const given = Buffer.from(signature);
  const isOurs = given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
  if (!isOurs) throw new InputError('The upload is not signed by this API. Send policy and signature as they came.');
  const facts = policySchema.parse(JSON.parse(Buffer.from(policy, 'base64url').toString()));
  if (facts.id !== id || facts.part !== part) throw new InputError('The signature is for another upload or part.');
  if (Date.parse(facts.until) > Date.now()) return facts;
  throw new InputError(`The signature was good until ${facts.until}. Ask for another one.`);
}

async function sentPart(path: string): Promise<SentPart> {
  const found = await stat(path);
  return { number: Number(/part-(\d+)$/.exec(path)![1]), bytes: found.size, etag: etagOf(found) };
}

/** Another one once the file is another one. */
function etagOf({ size, mtimeMs }: { size: number; mtimeMs: number }): string {
  return `"${size.toString(16)}-${Math.round(mtimeMs * 1000).toString(16)}"`;
}

/** Made once, and kept where only this user reads it. */
function secretOf(folder: string): Buffer {
  const file = join(folder, '.secret');
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  return readFileSync(file);
}

function missing(thrown: NodeJS.ErrnoException): undefined {
  if (thrown.code !== 'ENOENT') throw thrown;
}
