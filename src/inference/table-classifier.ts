import { ModelError } from '#core/errors';
import type { TableClassifier } from './models.ts';
import { openSession, type TensorShape } from './session.ts';

/** An opened classifier of rows of numbers. */
export interface OpenTableClassifier {
  /** Probabilities by class name of one row, which has the model's features in its order. */
  classify(row: Float32Array): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** Opens a classifier whose weights were checked. @throws ModelError when the graph is not what model.json says. */
export async function openTableClassifier(model: TableClassifier): Promise<OpenTableClassifier> {
  const { input, output, classes } = model;
  const session = await openSession(model.weightsPath, { device: 'cpu', threads: 1 });
  requireTensor(model, session.inputs, input.name, input.features.length);
  requireTensor(model, session.outputs, output.probabilities, classes.length);
  return {
    async classify(row) {
      const feeds = { [input.name]: { data: row, shape: [1, row.length] } };
      const { data } = (await session.run(feeds, [output.probabilities]))[output.probabilities]!;
      return Object.fromEntries(classes.map((name, at) => [name, Number(data[at])]));
    },
    close: () => session.release(),
  };
}

/** The tensor must be there, of rows of `columns` floats as far as the graph says so. */
function requireTensor(
  { name, version }: TableClassifier,
  tensors: readonly TensorShape[],
  wanted: string,
  columns: number,
): void {
  const found = tensors.find((tensor) => tensor.name === wanted);
  const last = found?.shape.at(-1);
  if (found?.type === 'float32' && found.shape.length === 2 && (typeof last !== 'number' || last === columns)) return;
  const described = found
    ? `${found.type} [${found.shape.join(', ')}]`
    : `only ${tensors.map((t) => t.name).join(', ')}`;
  throw new ModelError(
    `${name}@${version}: expected a tensor ${wanted} of float32 [N, ${columns}], found ${described}. Correct model.json or export the model again.`,
  );
}
