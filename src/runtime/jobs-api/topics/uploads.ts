import { z } from 'zod';
import type { Uploads } from '#core/ports';
import { RequestRefused } from '#jobs/refusal';
import type { Answers, Operations } from '../operation.ts';
import { bodyOf } from '../requests.ts';

// S3 takes at most this in one POST.
const MAX_POST_BYTES = 5 * 1024 ** 3;

const uploadRequestSchema = z.strictObject({
  name: z.string().min(1).max(255),
  mediaType: z.string().regex(/^(video|audio|image|application|text)\/[\w.+-]+$/),
  maxBytes: z
    .int()
    .positive()
    .max(MAX_POST_BYTES)
    .default(MAX_POST_BYTES)
    .describe('S3 takes at most 5 GiB in one POST'),
});

const uploadSchema = z.object({
  id: z.string(),
  uri: z.string(),
  url: z.string(),
  fields: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});

export const UPLOADS = {
  requestUpload: {
    method: 'post',
    path: '/uploads',
    summary: 'A form to post one file with, of a limited size',
    body: uploadRequestSchema,
    answers: { 201: uploadSchema },
    problems: [400, 413, 501],
  },
} satisfies Operations;

export interface UploadPorts {
  uploads?: Uploads;
}

export function uploadAnswers({ uploads }: UploadPorts): Answers<typeof UPLOADS> {
  return {
    async requestUpload(context, { team }) {
      const request = await bodyOf(context, uploadRequestSchema);
      if (uploads) return context.json(await uploads.presign({ team, ...request }), 201);
      throw new RequestRefused(
        'NotOffered',
        'This API signs no uploads.',
        'Name a file that it can read as the input.',
      );
    },
  };
}
