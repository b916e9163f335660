/** Spans of event time: which are asked for, cut and joined. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Longest span of one query. */
export const DAY_MS = 24 * HOUR_MS;
// A minute with more records than a query gives is not cut further: it would take too many submissions.
const SHORTEST_MS = MINUTE_MS;

/** A span of event time in epoch milliseconds: start inclusive, end exclusive. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** Both ends as ISO 8601 UTC, in whole seconds where they are whole. */
export const toTimes = ({ fromMs, toMs }: Window): { readonly from: string; readonly to: string } => ({
  from: iso(fromMs),
  to: iso(toMs),
});

/** Name of a window, in ledger, health and logs. */
export const idOf = (window: Window): string => `${iso(window.fromMs)}/${iso(window.toMs)}`;

/** The two halves of a window, in whole seconds; undefined for one that is not cut further. */
export function halves({ fromMs, toMs }: Window): readonly [Window, Window] | undefined {
  if (toMs - fromMs <= SHORTEST_MS) return undefined;
  const middleMs = Math.round((fromMs + toMs) / 2 / 1000) * 1000;
  return [
    { fromMs, toMs: middleMs },
    { fromMs: middleMs, toMs },
  ];
}

/** The hours of a span that are wanted, as windows within one UTC day each, oldest first. */
export function* windowsOf(span: Window, isWanted: (hour: number) => boolean): Generator<Window, void> {
  let startMs: number | undefined;
  for (let atMs = span.fromMs; atMs < span.toMs; atMs = nextHour(atMs)) {
    const isWantedHour = isWanted(Math.floor(atMs / HOUR_MS));
    const isNewDay = atMs % DAY_MS === 0;
    if (startMs !== undefined && (isNewDay || !isWantedHour)) {
      yield { fromMs: startMs, toMs: atMs };
      startMs = undefined;
    }
    if (isWantedHour) startMs ??= atMs;
  }
  if (startMs !== undefined) yield { fromMs: startMs, toMs: span.toMs };
}

const nextHour = (ms: number): number => (Math.floor(ms / HOUR_MS) + 1) * HOUR_MS;

/** Spans with one more, joined where they touch, oldest first. */
export function joined(spans: readonly Window[], more: Window): readonly Window[] {
  const result: Window[] = [];
  for (const span of [...spans, more].toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last === undefined || last.toMs < span.fromMs) result.push(span);
    else result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
  }
  return result;
}

/** True when an hour lies whole in one of the spans. */
export const coversHour = (spans: readonly Window[], hour: number): boolean =>
  spans.some(({ fromMs, toMs }) => fromMs <= hour * HOUR_MS && toMs >= (hour + 1) * HOUR_MS);
