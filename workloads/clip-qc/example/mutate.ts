import type { Random } from '#media/scenes/random';

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Changes one to three characters of a text: swapped with their neighbour, dropped or replaced. Never gives the text back. */
export function mutate(text: string, random: Random): string {
  for (;;) {
    let changed = text;
    for (let count = random.int(1, 3); count > 0; count -= 1) changed = mutateOnce(changed, random);
    if (changed !== text) return changed;
  }
}

function mutateOnce(text: string, random: Random): string {
  const letters = [...text].flatMap((character, at) => (character === ' ' ? [] : [at]));
  const at = random.pick(letters);
  const [before, character, after] = [text.slice(0, at), text[at]!, text.slice(at + 1)];
  switch (random.pick(['swap', 'drop', 'replace'] as const)) {
    case 'swap':
      return after === '' || after.startsWith(' ') ? text : before + after[0] + character + after.slice(1);
    case 'drop':
      return letters.length > 3 ? before + after : text;
    case 'replace':
      return before + random.pick([...CHARACTERS].filter((other) => other !== character)) + after;
  }
}
