/** Keeps look-ups that are forbidden from being asked one by one: a missing permission stays missing for a while. */
import type { Nothing, Outcome } from './outcome.ts';

// Consent takes minutes to be seen, and hours to be given.
const CLOSED_MS = 15 * 60_000;

/** State of one kind of look-up. */
export interface Gate {
  /** True when a look-up may be sent; while closed only a probe, and only when none is under way. */
  mayAsk(nowMs: number, isUnderWay: boolean): boolean;
  note(outcome: Outcome<unknown>, nowMs: number): void;
  /** Why nothing is asked; null while open. */
  readonly closedBy: Nothing | null;
}

/** Open until something is forbidden while nothing was found for 15 minutes: one forbidden file is no missing permission. */
export function gate(): Gate {
  let closedBy: Nothing | null = null;
  let closedUntilMs = 0;
  let foundMs = Number.NEGATIVE_INFINITY;
  return {
    get closedBy() {
      return closedBy;
    },
    mayAsk: (nowMs, isUnderWay) => closedBy === null || (nowMs >= closedUntilMs && !isUnderWay),
    note(outcome, nowMs) {
      if (outcome.kind === 'nothing' && outcome.reason === 'forbidden') {
        if (nowMs - foundMs < CLOSED_MS) return;
        closedBy = outcome;
        closedUntilMs = nowMs + CLOSED_MS;
        return;
      }
      closedBy = null;
      if (outcome.kind === 'found') foundMs = nowMs;
    },
  };
}
