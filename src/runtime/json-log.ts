import type { Logger } from '#core/step';

/** A logger that writes one JSON object a line, with `fields` in each. */
export function jsonLogger(fields: Record<string, unknown>, write: (line: string) => void): Logger {
  const at =
    (level: string) =>
    (message: string, more: Record<string, unknown> = {}) =>
      write(`${JSON.stringify({ level, message, timestamp: new Date().toISOString(), ...fields, ...more })}\n`);
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}
