import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came.
  body: any;
}

/** The API as an application calls it. */
export function openClient({ api, apiKey }: { api: string; apiKey?: string }) {
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${api}/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(apiKey ? { 'x-api-key': apiKey } : {}), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) } as Answer;
  }

  return {
    call,

    /** Submits and returns the job's id. */
    async submit(request: Record<string, unknown>, key?: string): Promise<string> {
      const { status, body } = await call('POST', 'jobs', request, key ? { 'Idempotency-Key': key } : {});
      if (status !== 202 && status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body.id;
    },

    /** Sends a file as a browser would, by a signed form. @returns its uri. */
    async upload(name: string, bytes: Uint8Array, mediaType = 'video/mp4'): Promise<string> {
      const { status, body } = await call('POST', 'uploads', { name, mediaType, maxBytes: 100 * 2 ** 20 });
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      const form = new FormData();
      for (const [field, value] of Object.entries(body.fields as Record<string, string>)) form.set(field, value);
      form.set('file', new Blob([Buffer.from(bytes)], { type: mediaType }), name);
      const posted = await fetch(body.url, { method: 'POST', body: form });
      if (!posted.ok) throw new Error(`${posted.status} ${await posted.text()}`);
      return body.uri;
    },

    /** The job once it has ended. */
    async ended(id: string, seconds = 240) {
      const deadline = Date.now() + seconds * 1000;
      for (;;) {
        const { body } = await call('GET', `jobs/${id}`);
        if (ENDED.includes(body.status)) return body;
        if (Date.now() > deadline) throw new Error(`${id} has not ended: ${JSON.stringify(body)}`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },

    /** Fetches a result and lays it out as `stepreel run` would; whether it is whole is for `stepreel verify` to say. */
    async fetchResult(id: string, folder: string): Promise<void> {
      let cursor = '';
      for (;;) {
        const { body } = await call('GET', `jobs/${id}/results?cursor=${encodeURIComponent(cursor)}`);
        for (const { path, href } of [...body.files, ...body.documents]) {
          const response = await fetch(href);
          if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
          await mkdir(dirname(join(folder, path)), { recursive: true });
          await writeFile(join(folder, path), Buffer.from(await response.arrayBuffer()));
        }
        if (!body.next) return;
        cursor = body.next;
      }
    },
  };
}

const ENDED = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT', 'CANCELED'];
