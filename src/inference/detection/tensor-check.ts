import { ModelError } from '#core/errors';
import type { TensorShape, TensorValue } from '../session.ts';

/** Sizes that a tensor must have; `undefined` where any size will do. */
export type ExpectedShape = readonly (number | undefined)[];

/**
 * Compares the shape of a tensor with what model.json makes of it. A free dimension of the model fits everything.
 * @throws ModelError that says what was expected and found.
 */
export function assertShape(
  what: string,
  found: readonly (number | string)[],
  expected: ExpectedShape,
  remedy: string,
): void {
  if (found.length === expected.length && found.every((size, at) => fits(size, expected[at]))) return;
  const wanted = expected.map((size) => size ?? 'any').join(', ');
  throw new ModelError(`Expected ${what} to have the shape [${wanted}], found [${found.join(', ')}]. ${remedy}`, {
    details: { what, expected: wanted, found: found.join(', ') },
  });
}

function fits(size: number | string, expected: number | undefined): boolean {
  return typeof size === 'string' || expected === undefined || size === expected;
}

/** The input or output of this name. @throws ModelError that lists the names there are. */
export function tensorNamed(tensors: readonly TensorShape[], name: string, role: 'input' | 'output'): TensorShape {
  const tensor = tensors.find((candidate) => candidate.name === name);
  if (!tensor) {
    const names = tensors.map((candidate) => candidate.name).join(', ');
    throw new ModelError(
      `Expected the model to have an ${role} named ${name}, found: ${names}. Correct the name in model.json.`,
      { details: { expected: name, found: names } },
    );
  }
  if (tensor.type !== 'float32') {
    throw new ModelError(
      `Expected the ${role} ${name} to be float32, found ${tensor.type}. Export the model with float32 inputs and outputs.`,
    );
  }
  return tensor;
}

/** The numbers of a float32 output. @throws ModelError when one is not a number: then no score can be trusted. */
export function finiteNumbers(name: string, { data }: TensorValue): Float32Array {
  const numbers = data as Float32Array;
  for (let at = 0; at < numbers.length; at += 1) {
    if (Number.isFinite(numbers[at])) continue;
    throw new ModelError(
      `Expected numbers in the output ${name}, found ${numbers[at]} at position ${at}. ` +
        'Check the mean and std in model.json, and whether the model was exported soundly.',
    );
  }
  return numbers;
}
