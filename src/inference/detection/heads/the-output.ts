import { ModelError } from '#core/errors';
import type { TensorShape } from '../../session.ts';

/** The output that model.json names, or the only one there is. @throws ModelError when it has to be named. */
export function theOutput(outputs: readonly TensorShape[], named: string | undefined): string {
  if (named !== undefined) return named;
  if (outputs.length === 1) return outputs[0]!.name;
  const names = outputs.map(({ name }) => name).join(', ');
  throw new ModelError(
    `The model has ${outputs.length} outputs (${names}), and model.json does not say which holds the boxes. ` +
      'Name it as "tensor" under "output".',
  );
}
