import type { PlacedState } from './definition.ts';

const ANYWHERE = ['$$.Execution.Name'];
const IN_ITEM_SELECTOR = ['$$.Map.Item.Index', '$$.Map.Item.Value'];

/** The context object differs between runners, so a state may use little of it. */
export function contextProblems({ name, state }: PlacedState): string[] {
  // The states inside a Map are looked at on their own.
  const { ItemSelector, ItemProcessor: _inner, ...rest } = state as unknown as Record<string, unknown>;
  return [
    ...contextPaths(ItemSelector).filter((path) => ![...ANYWHERE, ...IN_ITEM_SELECTOR].includes(path)),
    ...contextPaths(rest).filter((path) => !ANYWHERE.includes(path)),
  ].map(
    (path) =>
      `${name} uses ${path}; of the context only ${ANYWHERE.join()} is used, and in ItemSelector ${IN_ITEM_SELECTOR.join(' and ')}.`,
  );
}

function contextPaths(value: unknown): string[] {
  return JSON.stringify(value ?? null).match(/\$\$[\w.[\]*]*/g) ?? [];
}
