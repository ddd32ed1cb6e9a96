import { ContractError, fromErrorDocument } from '#core/errors';
import type { AnyStep, StepNeeds, StepResult } from '#core/step';
import { newestVerdict, type VerdictPorts } from '#jobs/verdicts';

/** How a step reads what earlier steps left: checked against the schema it declared, refusals raised again. */
export function outputReader(step: AnyStep, jobId: string, ports: VerdictPorts) {
  const needs = step.needs as StepNeeds;
  const counted = new Map<string, number>();

  const read = async (name: string, shard?: number): Promise<StepResult<never>> => {
    const schema = needs[name];
    if (!schema)
      throw new ContractError(`${step.name} reads the output of ${name}, and does not declare that it needs it.`);
    const label = shard === undefined ? name : `shard ${shard} of ${name}`;
    const verdict = await newestVerdict({ jobId, step: name, ...(shard === undefined ? {} : { shard }) }, ports);
    if (!verdict) throw new ContractError(`${step.name} needs ${label}, which left no verdict.`);
    if (verdict.status === 'rejected') {
      const { name, message, details } = verdict.error;
      throw fromErrorDocument(details ? { name, message, details } : { name, message });
    }
    const checked = schema.safeParse(verdict.output);
    if (!checked.success) {
      throw new ContractError(`${step.name} can't use what ${label} left: ${checked.error.message}`);
    }
    return { output: checked.data as never, artifacts: verdict.artifacts };
  };

  return {
    outputOf: (name: string) => read(name),
    outputsOf: async (name: string, count: number) => {
      const outputs = await Promise.all(Array.from({ length: count }, (_, shard) => read(name, shard)));
      counted.set(name, count);
      return outputs;
    },
    /** The steps of which all shards have been read, and how many those are. */
    counted,
  };
}
