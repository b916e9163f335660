/** Keeps look-ups that are forbidden from being asked one by one: a missing permission stays missing for a while. */
import type { Nothing, Outcome } from './outcome.ts';

// Consent takes minutes to be seen, and hours to be given.
const CLOSED_MS = 15 * 60_000;
// One private file is no missing permission, nor are two in a row.
const FEW = 5;

/** State of one kind of look-up. */
export interface Gate {
  /** True when a look-up may be sent; while closed only a probe, and only when none is under way. */
  mayAsk(nowMs: number, isUnderWay: boolean): boolean;
  note(key: string, outcome: Outcome<unknown>, nowMs: number): void;
  /** True when something was found in the last 15 minutes: what is forbidden now is so for itself. */
  isProven(nowMs: number): boolean;
  /** Why nothing is asked; null while open. */
  readonly closedBy: Nothing | null;
}

/**
 * Open until 5 keys in a row (all, where there are fewer) are forbidden and nothing was found for 15 minutes; then closed
 * until Graph finds something, or says that there is no such thing.
 */
export function gate(keysMax: number): Gate {
  const few = Math.min(FEW, keysMax);
  const inRow = new Set<string>();
  let closedBy: Nothing | null = null;
  let closedUntilMs = 0;
  let foundMs = Number.NEGATIVE_INFINITY;
  const isProven = (nowMs: number): boolean => nowMs - foundMs < CLOSED_MS;
  return {
    isProven,
    get closedBy() {
      return closedBy;
    },
    mayAsk: (nowMs, isUnderWay) => closedBy === null || (nowMs >= closedUntilMs && !isUnderWay),
    note(key, outcome, nowMs) {
      if (outcome.kind === 'found' || outcome.reason === 'not-found') {
        if (outcome.kind === 'found') foundMs = nowMs;
        closedBy = null;
        inRow.clear();
      } else if (outcome.reason === 'forbidden' && !isProven(nowMs)) {
        inRow.add(key);
        // A probe that is forbidden closes it again.
        if (closedBy === null && inRow.size < few) return;
        inRow.clear();
        closedBy = outcome;
        closedUntilMs = nowMs + CLOSED_MS;
      }
    },
  };
}
