/** How a look-up ended, in the words of `Facts.errors`. */
import type { Failure, NoAnswer } from '../graph/contract.ts';

export type Reason = 'not-found' | 'forbidden' | Failure;

/** A look-up that gave nothing. `detail` holds status and code, never an identity or a byte of a body. */
export interface Nothing {
  readonly kind: 'nothing';
  readonly reason: Reason;
  readonly detail: string;
}

/** What a look-up gave; `isPartial` when a part of it failed in a way that passes. */
export type Outcome<T> = { readonly kind: 'found'; readonly value: T; readonly isPartial?: boolean } | Nothing;

/** Told what became of each look-up: found, or why not. */
export type OnAnswer = (outcome: 'found' | Reason) => void;

/** The answer of Graph as an outcome. */
export function toNothing(answer: NoAnswer): Nothing {
  if (answer.kind === 'missing') return { kind: 'nothing', reason: 'not-found', detail: 'not found' };
  const reason = answer.kind === 'forbidden' ? 'forbidden' : answer.failure;
  return { kind: 'nothing', reason, detail: answer.detail };
}

/** An answer that is not of the documented shape. */
export const unreadable: Nothing = {
  kind: 'nothing',
  reason: 'unreadable',
  detail: 'the answer has another shape than Microsoft documents',
};

/** The found value, or `unreadable` for null. */
export function toOutcome<T>(value: T | null): Outcome<T> {
  return value === null ? unreadable : { kind: 'found', value };
}

/** True for a failure that passes by itself: asking again in a while may give more. */
export function isPassing(reason: Reason | 'late'): boolean {
  return reason === 'late' || reason === 'throttled' || reason === 'unavailable' || reason === 'unreadable';
}
