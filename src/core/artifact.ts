import { z } from 'zod';

/**
 * One file that a step left in the artifact store. `name` is relative to the attempt that wrote it; `key` is where it
 * lies; `result` is its path in the job's result, for the files that are part of it.
 */
export const artifactSchema = z.object({
  name: z.string().min(1),
  key: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  mediaType: z.string().min(1),
  result: z.string().min(1).optional(),
});

export type Artifact = z.infer<typeof artifactSchema>;

/** The media type for a file name of ours; unknown endings are plain bytes. */
export function mediaTypeOf(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return MEDIA_TYPES[ending] ?? 'application/octet-stream';
}

const MEDIA_TYPES: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  json: 'application/json',
  jsonl: 'application/jsonl',
  csv: 'text/csv',
  md: 'text/markdown',
  html: 'text/html',
  txt: 'text/plain',
  xml: 'application/xml',
  yaml: 'application/yaml',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/matroska',
  webm: 'video/webm',
  svg: 'image/svg+xml',
  wav: 'audio/wav',
  onnx: 'application/octet-stream',
};
