/** Numbers and times as people read them. */

export function seconds(value: number): string {
  if (value < 0.9995) return `${Math.round(value * 1000)} ms`;
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 60) return `${Math.round(value)} s`;
  const minutes = Math.floor(value / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(value % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Between two UTC times; until now where the second is not there yet. */
export function took(from: string | undefined, to: string | undefined, now = Date.now()): string {
  if (from === undefined) return '';
  return seconds(Math.max(0, (to === undefined ? now : Date.parse(to)) - Date.parse(from)) / 1000);
}

export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let [size, unit] = [value, 0];
  while (size >= 1000 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 ? size : size.toPrecision(3)} ${units[unit]}`;
}

export function money(usd: number): string {
  if (usd === 0) return '$0';
  return usd < 0.01 ? `$${usd.toPrecision(2)}` : `$${usd.toFixed(2)}`;
}

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function moment(time: string): string {
  return DAY_AND_TIME.format(new Date(time));
}

/** "12 min ago"; the day and the time of what is longer ago than a day. */
export function ago(time: string, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(time)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h ago` : moment(time);
}

export function timeOfDay(time: string): string {
  return new Date(time).toLocaleTimeString();
}

/** `TIMED_OUT` → "Timed out". */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ').toLowerCase();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The part of a job's id that tells it from others, short enough for a row. */
export function shortId(id: string): string {
  return id.length > 30 ? `${id.slice(0, id.lastIndexOf('-') + 9)}…` : id;
}

/** A value of a parameter. */
export function value(one: unknown): string {
  return typeof one === 'string' ? one : (JSON.stringify(one) ?? '');
}
