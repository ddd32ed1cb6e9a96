import { InputError } from '#core/errors';
import { CHAOS, STAGE, type Variables } from '../environment.ts';

/** Faults that are let happen on purpose. A share is of 1: 0.1 is every tenth on average. */
export interface Chaos {
  /** Ends of executions that nobody is told of. */
  dropEvents: number;
  /** Ends of executions that are told twice. */
  doubleEvents: number;
  /** Tasks that find no machine. */
  denyCapacity: number;
  /** Tasks that are killed once their step has come so far. */
  kill?: { percent: number; share: number };
  /** Tasks that end with an exit code before they have begun. */
  exit?: { code: number; share: number };
  /** How much longer each call to a store takes. */
  slowStoreMs: number;
}

export const NO_CHAOS: Chaos = { dropEvents: 0, doubleEvents: 0, denyCapacity: 0, slowStoreMs: 0 };

/**
 * The switches that the environment sets, such as `drop-events=0.1 kill=50%:0.2 exit=137:0.1 slow-store=20ms`.
 * @throws InputError for what is no switch, and wherever there is production: faults are for development and staging.
 */
export function chaosFrom(variables: Variables = process.env): Chaos {
  const text = variables[CHAOS]?.trim();
  if (!text) return NO_CHAOS;
  if (variables[STAGE] === 'prod') {
    throw new InputError(`${CHAOS} is set in production. Faults on purpose are for development and staging: unset it.`);
  }
  return Object.assign({ ...NO_CHAOS }, ...text.split(/\s+/).map(switchOf)) as Chaos;
}

const SWITCHES: Record<string, { form: RegExp; example: string; set: (parts: number[]) => Partial<Chaos> }> = {
  'drop-events': {
    form: /^([\d.]+)$/,
    example: 'drop-events=0.1',
    set: ([dropEvents]) => ({ dropEvents: dropEvents! }),
  },
  'double-events': {
    form: /^([\d.]+)$/,
    example: 'double-events=0.1',
    set: ([doubleEvents]) => ({ doubleEvents: doubleEvents! }),
  },
  'deny-capacity': {
    form: /^([\d.]+)$/,
    example: 'deny-capacity=0.1',
    set: ([denyCapacity]) => ({ denyCapacity: denyCapacity! }),
  },
  kill: {
    form: /^(\d+)%:([\d.]+)$/,
    example: 'kill=50%:0.1',
    set: ([percent, share]) => ({ kill: { percent: percent!, share: share! } }),
  },
  exit: {
    form: /^(\d+):([\d.]+)$/,
    example: 'exit=137:0.1',
    set: ([code, share]) => ({ exit: { code: code!, share: share! } }),
  },
  'slow-store': {
    form: /^(\d+)ms$/,
    example: 'slow-store=20ms',
    set: ([slowStoreMs]) => ({ slowStoreMs: slowStoreMs! }),
  },
};

function switchOf(word: string): Partial<Chaos> {
  const [name = '', value = ''] = word.split('=', 2);
  const known = Object.hasOwn(SWITCHES, name) ? SWITCHES[name] : undefined;
  const parts = known?.form.exec(value)?.slice(1).map(Number);
  const set = parts && known!.set(parts);
  if (set && isSensible(set)) return set;
  const examples = Object.values(SWITCHES).map(({ example }) => example);
  throw new InputError(
    `${CHAOS}: ${JSON.stringify(word)} is no switch. Expected, with spaces between: ${examples.join(' ')}; shares are from 0 to 1.`,
  );
}

function isSensible({ dropEvents = 0, doubleEvents = 0, denyCapacity = 0, kill, exit }: Partial<Chaos>): boolean {
  const shares = [dropEvents, doubleEvents, denyCapacity, kill?.share ?? 0, exit?.share ?? 0];
  return shares.every((share) => share >= 0 && share <= 1) && (kill?.percent ?? 0) <= 100 && (exit?.code ?? 0) <= 255;
}
