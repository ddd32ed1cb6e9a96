const MAX_NAME = 100;

/** A name's last part with only what is harmless in URLs, shells and tools; its ending stays. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!;
  const plain = last.normalize('NFKD').replaceAll(/[^\w.-]+/g, '-');
  const safe = plain
    .replace(/^[.-]+/, '')
    .slice(-MAX_NAME)
    .replace(/^[.-]+/, '');
  return safe === '' ? 'file' : safe;
}
