import { describe, expect, it } from 'vitest';
import { releaseOf, rolledBack, versionFor } from '#jobs/release';

describe('a release', () => {
  const first = releaseOf(undefined, '0.1.0');
  const second = releaseOf(first, '0.2.0');
  const canary = releaseOf(second, '0.3.0', 10);

  it.each([
    {
      name: 'begins with the first version, also as a canary',
      found: releaseOf(undefined, '0.1.0', 10),
      is: { current: '0.1.0' },
    },
    { name: 'remembers the version before', found: second, is: { current: '0.2.0', previous: '0.1.0' } },
    {
      name: 'has a canary beside the current version',
      found: canary,
      is: { current: '0.2.0', previous: '0.1.0', canary: { version: '0.3.0', percent: 10 } },
    },
    {
      name: 'makes a canary the current version',
      found: releaseOf(canary, '0.3.0'),
      is: { current: '0.3.0', previous: '0.2.0' },
    },
    { name: 'drops its canary when the current version is released', found: releaseOf(canary, '0.2.0'), is: second },
    { name: 'takes its canary back first', found: rolledBack('own', canary), is: second },
    {
      name: 'goes back to the version before',
      found: rolledBack('own', second),
      is: { current: '0.1.0', previous: '0.2.0' },
    },
  ])('$name', ({ found, is }) => expect(found).toEqual(is));

  it('has nothing to go back to after the first version', () => {
    expect(() => rolledBack('own', first)).toThrow('own has had no version before 0.1.0');
  });

  it('gives so many of a hundred jobs the canary', () => {
    const draws = Array.from({ length: 1000 }, (_, index) => versionFor(canary, index / 1000));
    expect(draws.filter((version) => version === '0.3.0')).toHaveLength(100);
    expect(versionFor(second, 0)).toBe('0.2.0');
  });
});
