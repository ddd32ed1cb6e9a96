import type { Context } from 'hono';
import { z } from 'zod';

/** One operation of the API, as the router and the OpenAPI document both read it. */
export interface Operation {
  method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it: `/jobs/{id}`. */
  path: string;
  summary: string;
  body?: z.ZodType;
  query?: Record<string, z.ZodType>;
  headers?: Record<string, z.ZodType>;
  /** By status; null for an answer without a body. */
  answers: Record<number, z.ZodType | null>;
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

/** The usual parts of a list's query. */
export const limitSchema = (usual: number, most: number) => z.coerce.number().int().min(1).max(most).default(usual);
export const cursorSchema = z.string().optional().describe('The `next` of the page before');

/** The most that a list gives at a time. */
export const MAX_PAGE = 1000;
