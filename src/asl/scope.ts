import type { HistoryEvent } from '#core/ports';
import type { Clock } from './clock.ts';
import type { TaskServices } from './integrations.ts';

/** What one level of states, the machine or one iteration of a Map, runs in. */
export interface Scope {
  name: string;
  services: TaskServices;
  clock: Clock;
  random: () => number;
  mapConcurrency: number;
  record(event: Omit<HistoryEvent, 'at'>): void;
  /** Ends this level: its reason is what the level then fails with. */
  stop: AbortController;
  /** The item, inside an iteration of a Map. */
  item?: MapItem;
}

/** `$$.Map.Item`. */
export interface MapItem {
  Index: number;
  Value: unknown;
}
