import { ConfigError } from '../config.ts';
import type { Window } from '../sources/audit-query/windows.ts';

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/;

function toMs(option: string, text: string): number {
  const ms = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new ConfigError(`cannot start: ${option} ${text} is no UTC time: write 2026-05-01 or 2026-05-01T06:00:00Z`);
  return ms;
}

/** The span of `--from` and `--to`, which lies in the past. Throws a ConfigError that names the option and the remedy. */
export function toSpan({ from, to }: { readonly from: string; readonly to: string }, nowMs: number): Window {
  const span = { fromMs: toMs('--from', from), toMs: toMs('--to', to) };
  if (span.fromMs >= span.toMs)
    throw new ConfigError(`cannot start: --to ${to} is not after --from ${from}: swap them`);
  if (span.toMs > nowMs)
    throw new ConfigError(`cannot start: --to ${to} lies in the future: events are asked for up to now`);
  return span;
}
