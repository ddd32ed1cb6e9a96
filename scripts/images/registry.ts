import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError, InputNotFoundError, TransientError } from '#core/errors';

// What a reference without a host means, to Docker and to us.
const DEFAULT_HOST = 'registry-1.docker.io';
const DEFAULT_NAMESPACE = 'library';
const DEFAULT_LOGIN = 'https://index.docker.io/v1/';

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

interface ImageAddress {
  origin: string;
  host: string;
  repository: string;
  tag: string;
}

/**
 * The digest that a tag means now, asked of its registry with the login that `docker login` left, if there is one.
 * @throws InputNotFoundError when the registry has no such image.
 * @throws InputError when it wants a login. @throws TransientError when it can't be reached.
 */
export async function digestOf(reference: string): Promise<string> {
  const address = parseReference(reference);
  const url = `${address.origin}/v2/${address.repository}/manifests/${address.tag}`;
  const first = await head(url, reference);
  const answer = first.status === 401 ? await head(url, reference, await authorization(first, address)) : first;
  if (answer.status === 404) {
    throw new InputNotFoundError(`Expected ${reference} in its registry, found nothing. Push it, or mend the tag.`);
  }
  if (answer.status === 401 || answer.status === 403) {
    throw new InputError(
      `The registry of ${reference} refused the look-up (${answer.status}). Log in with \`docker login ${address.host}\`.`,
    );
  }
  const digest = answer.headers.get('docker-content-digest');
  if (answer.ok && digest !== null && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new TransientError(
    `Expected the digest of ${reference}, its registry answered ${answer.status} with ${digest ?? 'none'}. Try again.`,
  );
}

/** `node:24`, `host/name:tag`, `127.0.0.1:5000/name:tag`. The first part is a host when it looks like one. */
function parseReference(reference: string): ImageAddress {
  const found = /^(?:([^/]*[.:][^/]*|localhost)\/)?([a-z0-9][a-z0-9._/-]*):([\w][\w.-]{0,127})$/.exec(reference);
  if (!found) throw new InputError(`Expected an image with its tag, like node:24.21.0, found ${reference}.`);
  const [, named, name, tag] = found as unknown as [string, string | undefined, string, string];
  const host = named ?? DEFAULT_HOST;
  const repository = named === undefined && !name.includes('/') ? `${DEFAULT_NAMESPACE}/${name}` : name;
  // As Docker has it: a registry on this very machine needs no TLS.
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? 'http' : 'https';
  return { origin: `${scheme}://${host}`, host, repository, tag };
}

async function head(url: string, reference: string, authorization?: string): Promise<Response> {
  const headers = { accept: MANIFEST_TYPES, ...(authorization === undefined ? {} : { authorization }) };
  try {
    return await fetch(url, { method: 'HEAD', headers, signal: AbortSignal.timeout(30_000) });
  } catch (cause) {
    throw new TransientError(`The registry of ${reference} can't be reached. Look at the network, and try again.`, {
      cause,
    });
  }
}

/** Answers the registry's challenge: Basic with the login itself, Bearer with a token that its token service gives. */
async function authorization(challenged: Response, { host }: ImageAddress): Promise<string | undefined> {
  const challenge = challenged.headers.get('www-authenticate') ?? '';
  const login = await dockerLogin(host === DEFAULT_HOST ? DEFAULT_LOGIN : host);
  const basic = login === undefined ? undefined : `Basic ${login}`;
  if (!/^bearer /i.test(challenge)) return basic;
  const parts = Object.fromEntries(
    Array.from(challenge.matchAll(/(\w+)="([^"]*)"/g), ([, key, value]) => [key, value]),
  );
  const url = new URL(parts.realm!);
  for (const key of ['service', 'scope']) if (parts[key]) url.searchParams.set(key, parts[key]);
  const answer = await fetch(url, { headers: basic === undefined ? {} : { authorization: basic } });
  if (!answer.ok) return undefined;
  const { token, access_token } = tokenSchema.parse(await answer.json());
  return `Bearer ${token ?? access_token}`;
}

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });
const settingsSchema = z.object({
  auths: z.record(z.string(), z.object({ auth: z.string().optional() })).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
const credentialSchema = z.object({ Username: z.string(), Secret: z.string() });

/** The login for a registry, `name:password` in base64: from Docker's settings, or from the store that they name. */
async function dockerLogin(host: string): Promise<string | undefined> {
  const path = join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json');
  const text = await readFile(path, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return '{}';
    throw thrown;
  });
  const { auths, credsStore, credHelpers } = settingsSchema.parse(JSON.parse(text));
  const store = credHelpers?.[host] ?? credsStore;
  return auths?.[host]?.auth ?? (store === undefined ? undefined : storedLogin(store, host));
}

function storedLogin(store: string, host: string): string | undefined {
  const { status, stdout } = spawnSync(`docker-credential-${store}`, ['get'], { input: host, encoding: 'utf8' });
  // The store knows no such host, or there is no store: then the registry is asked without a login, and says what it wants.
  if (status !== 0) return undefined;
  const { Username, Secret } = credentialSchema.parse(JSON.parse(stdout));
  return Buffer.from(`${Username}:${Secret}`).toString('base64');
}
