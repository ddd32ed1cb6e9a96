import type { Context } from 'hono';
import { z } from 'zod';
import { readFormFile } from '../form-file.ts';
import type { Answers, Operations } from '../operation.ts';
import { queryOf } from '../requests.ts';

/** Where the API itself takes the files of uploads, as it does at home. The signature is what lets them in. */
export const RECEIVING = {
  receiveForm: {
    method: 'post',
    path: '/uploads/{id}/content',
    summary: 'Take the file of a form that POST /uploads gave',
    takesFile: true,
    answers: { 204: null },
    problems: [400],
    open: true,
  },
  receivePart: {
    method: 'put',
    path: '/uploads/{id}/parts/{number}',
    summary: 'Take a part of a large file, at an address that GET /uploads/{id}/parts gave',
    takesFile: true,
    query: { policy: z.string().min(1), signature: z.string().min(1) },
    answers: { 204: null },
    problems: [400],
    open: true,
  },
} satisfies Operations;

export interface SignedPlace {
  id: string;
  part?: number;
  policy: string;
  signature: string;
}

export interface ReceivingPorts {
  /** Takes a file or a part to where its signature says. @throws InputError for what was not signed. */
  receive: (place: SignedPlace, bytes: AsyncIterable<Uint8Array>) => Promise<{ etag: string }>;
}

export function receivingAnswers({ receive }: ReceivingPorts): Answers<typeof RECEIVING> {
  return {
    async receiveForm(context) {
      const id = context.req.param('id')!;
      const { fields, file } = await readFormFile(context.req.header('content-type'), bodyOf(context));
      const { policy = '', signature = '' } = fields;
      return received(context, await receive({ id, policy, signature }, file));
    },

    async receivePart(context) {
      const { id, number } = context.req.param() as { id: string; number: string };
      const signed = queryOf(context, RECEIVING.receivePart.query);
      return received(context, await receive({ id, part: Number(number), ...signed }, bodyOf(context)));
    },
  };
}

function received(context: Context, { etag }: { etag: string }): Response {
  return context.body(null, 204, { ETag: etag });
}

async function* bodyOf({ req }: Context): AsyncGenerator<Uint8Array> {
  if (req.raw.body) yield* req.raw.body as unknown as AsyncIterable<Uint8Array>;
}
