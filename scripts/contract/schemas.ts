import { z } from 'zod';
import { bareJobSchema, bareVerdictSchema, jobDocumentSchema, stdoutLineSchema } from '#core/container-contract';
import { definitionSchema } from '#core/workload-definition';

/** The documents of the container contract, by the name of their published schema; `io` says from whose side it is seen. */
export const CONTRACT_SCHEMAS = {
  workload: { schema: definitionSchema, io: 'input', title: 'workload.json: what a workload from outside is' },
  job: { schema: jobDocumentSchema, io: 'output', title: 'job.json of the wrapped door' },
  line: { schema: stdoutLineSchema, io: 'input', title: 'A line of stdout that means something' },
  'bare-job': { schema: bareJobSchema, io: 'output', title: 'job.json of the bare door' },
  'bare-verdict': { schema: bareVerdictSchema, io: 'input', title: 'verdict.json as a bare program leaves it' },
} as const;

/** A schema as it is published. */
export function schemaText(name: keyof typeof CONTRACT_SCHEMAS): string {
  const { schema, io, title } = CONTRACT_SCHEMAS[name];
  return `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io }) }, null, 2)}\n`;
}
