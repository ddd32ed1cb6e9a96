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
    headers: { Range: z.string().optional().describe('`bytes=from-to`, as a player of videos asks') },
    answers: {
      200: z.unknown().describe('The bytes, under the media type that the manifest gives them'),
      206: z.unknown().describe('Those that were asked for'),
    },
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
      if (file) return await sendFile(file, req.header('range'));
      const hint = `GET /jobs/${id}/results lists what there is.`;
      throw new ApiProblem(404, 'NoSuchFile', `The result of job ${id} has no file ${path}.`, hint);
    },
  };
}

async function sendFile({ path, mediaType }: ResultFile, asked: string | undefined): Promise<Response> {
  const { size } = await stat(path);
  const part = partOf(asked, size);
  const stream = createReadStream(path, part ?? {});
  return new Response(Readable.toWeb(stream) as ReadableStream, {
    status: part ? 206 : 200,
    headers: {
      ...(part ? { 'Content-Range': `bytes ${part.start}-${part.end}/${size}` } : {}),
      'Accept-Ranges': 'bytes',
      'Content-Type': mediaType,
      'Content-Length': `${part ? part.end - part.start + 1 : size}`,
      'X-Content-Type-Options': 'nosniff',
      // A report is shown and may draw; it must not speak to the API as if it were the person who reads it.
      'Content-Security-Policy': 'sandbox allow-scripts',
    },
  });
}

/** What of a file is asked for; undefined for all of it, which also answers a range that can't be met (RFC 9110). */
function partOf(asked: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, from = '', to = ''] = asked?.match(/^bytes=(\d*)-(\d*)$/) ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start <= end ? { start, end } : undefined;
}
