import { z } from 'zod';
import { InputError } from '#core/errors';
import { CATEGORIES } from '../result.ts';

const rowSchema = z
  .object({
    clip_id: z.string().min(1),
    path: z.string().min(1),
    artifact: z
      .string()
      .transform((text) => text.trim().toLowerCase())
      .pipe(z.enum(['true', 'false', '1', '0', 'yes', 'no'])),
    artifact_category: z.enum(CATEGORIES),
    source: z.string().default(''),
    notes: z.string().default(''),
  })
  .transform(({ artifact, ...row }) => ({ ...row, artifact: ['true', '1', 'yes'].includes(artifact) }))
  .refine(({ artifact, artifact_category: category }) => artifact === (category !== 'NONE'), {
    error: 'artifact and artifact_category contradict each other',
  });

/** A labelled clip; `path` is relative to the folder of the labels. */
export type LabelledClip = z.infer<typeof rowSchema>;

/**
 * Reads labels: a CSV with the columns clip_id, path, artifact, artifact_category, and source and notes where they are
 * there. @throws InputError that names the line.
 */
export function readLabels(csv: string, name: string): LabelledClip[] {
  const [head, ...rows] = splitCsv(csv.replace(/^\uFEFF/, ''));
  if (!head || rows.length === 0) throw new InputError(`${name} has no labels. Write a header line and a line a clip.`);
  const clips = rows.map((cells, at) => {
    const row = Object.fromEntries(head.map((column, index) => [column.trim(), cells[index] ?? '']));
    const parsed = rowSchema.safeParse(row);
    if (parsed.success) return parsed.data;
    throw new InputError(`${name}, label ${at + 1}: ${z.prettifyError(parsed.error)}. Correct it.`);
  });
  const twice = clips.find(({ clip_id: id }, at) => clips.findIndex((clip) => clip.clip_id === id) !== at);
  if (twice) throw new InputError(`${name} names the clip ${twice.clip_id} twice. Give each clip an id of its own.`);
  return clips;
}

/** Rows of cells; a cell in quotes may hold commas, line breaks and doubled quotes (RFC 4180). */
function splitCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const row = rows.at(-1)!;
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.some((cell) => cell.trim() !== ''));
}
