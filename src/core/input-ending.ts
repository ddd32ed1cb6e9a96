import { InputError } from './errors.ts';

/** @throws InputError for a name that ends in none of the endings, with what to send instead. */
export function requireKnownEnding(name: string, endings: readonly string[], remedy: string): void {
  if (endings.some((ending) => name.toLowerCase().endsWith(ending))) return;
  throw new InputError(`${JSON.stringify(name)} does not end in one of ${endings.join(' ')}. ${remedy}`, {
    details: { name, endings },
  });
}
