import type { Span } from '../archive/read-archive.ts';
import { ConfigError } from '../config.ts';

// A day, or a moment: without seconds, too.
const FORM = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/;

/**
 * The two bounds as given on the command line, from the beginning and to the end of time where absent. Throws a
 * ConfigError that names the option and its remedy.
 */
export function toBounds(
  given: { readonly from?: string | undefined; readonly to?: string | undefined },
  names: { readonly from: string; readonly to: string },
): Span {
  const time = (name: string, text: string): number => {
    const ms = FORM.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(ms))
      throw new ConfigError(`${name} ${text} is no time: give UTC as 2026-05-01 or 2026-05-01T06:00:00Z`);
    return ms;
  };
  const fromMs = given.from === undefined ? -Infinity : time(names.from, given.from);
  const toMs = given.to === undefined ? Infinity : time(names.to, given.to);
  if (fromMs >= toMs)
    throw new ConfigError(`${names.to} ${given.to ?? ''} is not after ${names.from} ${given.from ?? ''}: swap them`);
  return { fromMs, toMs };
}
