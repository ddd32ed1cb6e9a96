import type { Context } from 'hono';
import { z } from 'zod';

/** One operation of the API, as the router and the OpenAPI document both read it. */
export interface Operation {
  method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/jobs/{id}`. A `{path}` is all that follows, slashes too. */
  path: string;
  summary: string;
  /** What the summary has no room for. */
  description?: string;
  /** Kept for those who use it; there is a better way now. */
  deprecated?: boolean;
  body?: z.ZodType;
  /** The most that the body may be, where that is not the usual. */
  maxBodyBytes?: number;
  /** The body is a file: it is read as it comes, and whoever reads it limits it. */
  takesFile?: boolean;
  query?: Record<string, z.ZodType>;
  headers?: Record<string, z.ZodType>;
  /** By status; null for an answer without a body. */
  answers: Record<number, z.ZodType | null>;
  /** What `?legacy=1` answers instead, under a media type of its own: who does not ask for it need not expect it. */
  oldAnswers?: Record<number, z.ZodType>;
  /** Of the answers' bodies, where they are no JSON: `text/html`. */
  mediaType?: string;
  /** Statuses that come with a problem document, beside those that every operation may answer with. */
  problems: number[];
  /** True for what anybody may ask who can reach the API. */
  open?: boolean;
}

export type Operations = Record<string, Operation>;

/** Whose request it is, as its credential says. */
export interface Caller {
  team: string;
  /** May do what concerns all teams: pause the queue, look at everybody's. */
  operator: boolean;
}

/** How each operation of a topic is answered. What belongs to another team is not there. */
export type Answers<Topic extends Operations> = Record<
  keyof Topic,
  (context: Context, caller: Caller) => Promise<Response>
>;

/** JSON in the words of the systems before this one. */
export const OLD_TYPE = 'application/vnd.stepreel.old+json';

/** The usual parts of a list's query. */
export const limitSchema = (usual: number, most: number) => z.coerce.number().int().min(1).max(most).default(usual);
export const cursorSchema = z.string().optional().describe('The `next` of the page before');

/** The most that a list gives at a time. */
export const MAX_PAGE = 1000;
