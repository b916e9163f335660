/** When each query is asked for next. */

// A query takes minutes to hours: asked after 5 s, then half as often each time, at least every minute: a backfill waits
// for 18 rounds of them, and minutes too late at each were an hour of four.
const FIRST_MS = 5000;
const LONGEST_MS = 60_000;

/** Times of polls by query id, in epoch milliseconds; lives as long as a pass. */
export interface Polls {
  /** A query that was made in this pass. */
  readonly begin: (id: string, nowMs: number) => void;
  /** When it is to be asked for; at once when it comes from an earlier pass. */
  readonly dueMs: (id: string) => number;
  /** It is not ready: later, and not before what the service said. */
  readonly later: (id: string, nowMs: number, waitMs?: number) => void;
  /** One more answer that was none; returns how many there were in a row. */
  readonly strike: (id: string) => number;
  readonly answered: (id: string) => void;
  readonly forget: (id: string) => void;
}

/** Knows no query yet. */
export function polls(): Polls {
  const known = new Map<string, { dueMs: number; delayMs: number; strikes: number }>();
  const entry = (id: string) => {
    const held = known.get(id) ?? { dueMs: 0, delayMs: FIRST_MS, strikes: 0 };
    known.set(id, held);
    return held;
  };
  return {
    begin: (id, nowMs) => void known.set(id, { dueMs: nowMs + FIRST_MS, delayMs: FIRST_MS * 2, strikes: 0 }),
    dueMs: (id) => known.get(id)?.dueMs ?? 0,
    later(id, nowMs, waitMs = 0) {
      const held = entry(id);
      held.dueMs = nowMs + Math.max(held.delayMs, waitMs);
      held.delayMs = Math.min(held.delayMs * 2, LONGEST_MS);
    },
    strike: (id) => ++entry(id).strikes,
    answered: (id) => void (entry(id).strikes = 0),
    forget: (id) => void known.delete(id),
  };
}
