import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Answers, Operations } from '../operation.ts';
import { ApiProblem } from '../problems.ts';

/** Where the API itself gives the files of results, as it does at home. */
export const FILES = {
  readFile: {
    method: 'get',
    path: '/jobs/{id}/files/{path}',
    summary: "One file of a job's result, by its path in the manifest",
    answers: { 200: z.unknown().describe('The bytes, under the media type that the manifest gives them') },
    mediaType: '*/*',
    problems: [404],
  },
} satisfies Operations;

export interface ResultFile {
  path: string;
  mediaType: string;
}

export interface FilePorts {
  /** Where a file of a job's result lies. */
  findFile: (jobId: string, path: string) => Promise<ResultFile | undefined>;
}

export function fileAnswers({ findFile }: FilePorts): Answers<typeof FILES> {
  return {
    async readFile({ req }) {
      const { id, path } = req.param() as { id: string; path: string };
      const file = await findFile(id, path);
      if (file) return await sendFile(file);
      const hint = `GET /jobs/${id}/results lists what there is.`;
      throw new ApiProblem(404, 'NoSuchFile', `The result of job ${id} has no file ${path}.`, hint);
    },
  };
}

async function sendFile({ path, mediaType }: ResultFile): Promise<Response> {
  const { size } = await stat(path);
  return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream, {
    headers: {
      'Content-Type': mediaType,
      'Content-Length': `${size}`,
      'X-Content-Type-Options': 'nosniff',
      // A report is shown and may draw; it must not speak to the API as if it were the person who reads it.
      'Content-Security-Policy': 'sandbox allow-scripts',
    },
  });
}
