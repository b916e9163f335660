/** Two views of the same days, by the hour of the event: what the activity feed gave, and what audit queries found. */
import type { Hour } from '../contracts.ts';
import { seenIds, type SeenIds } from '../state/seen-ids.ts';

/** Names of the sources whose views are compared. */
export type Reconciled = typeof reconciledSources;

/** The two sources that collect from the same tenant by different ways. */
export const reconciledSources = { feed: 'activity-feed', query: 'audit-query' } as const;

/** What is told of one hour. Without `given` and `feedOnly`, and with a reason, when the views cannot be compared. */
export interface ComparedHour {
  readonly hour: Hour;
  /** Why there is nothing to compare; null when there is. */
  readonly reason: string | null;
  /** Records that the query found. */
  readonly queried: number;
  /** Of these, rows that were stored for the first time. */
  readonly added: number;
  /** Records that the feed gave. */
  readonly given: number;
  /** Of these, records that the query did not find. */
  readonly feedOnly: number;
}

/** A span of events of which the query gave no reading to trust; times in epoch milliseconds. */
export interface Blind {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: string;
}

/** The part of the views that is small; stored as it is. */
export interface ViewNotes {
  /** Names of operations, in lower case, that records of this tenant bore and that no list knows. */
  readonly operations: readonly string[];
  /** From this contentCreated on all that the feed gave is in `feed`; null while the feed is not followed. */
  readonly sinceMs: number | null;
  /** The contentCreated up to which the feed was read. */
  readonly feedReadToMs: number | null;
  /** Time of the event before which every day is compared; null before the first one. */
  readonly comparedToMs: number | null;
  readonly blind: readonly Blind[];
  /** Compared, and not yet sent. */
  readonly unsent: readonly ComparedHour[];
}

/** The views. Changed in place, as the rest of the state is. */
export interface Views {
  readonly feed: SeenIds;
  readonly query: SeenIds;
  readonly operations: Set<string>;
  sinceMs: number | null;
  feedReadToMs: number | null;
  comparedToMs: number | null;
  blind: readonly Blind[];
  unsent: readonly ComparedHour[];
}

/** Views of nothing. */
export const emptyViews = (): Views => ({
  feed: seenIds(),
  query: seenIds(),
  operations: new Set(),
  sinceMs: null,
  feedReadToMs: null,
  comparedToMs: null,
  blind: [],
  unsent: [],
});

/** What is stored beside the ids. */
export const toNotes = ({ operations, sinceMs, feedReadToMs, comparedToMs, blind, unsent }: Views): ViewNotes => ({
  operations: [...operations],
  sinceMs,
  feedReadToMs,
  comparedToMs,
  blind,
  unsent,
});

/** Takes back what was stored. */
export function restoreNotes(views: Views, { operations, ...rest }: ViewNotes): void {
  for (const name of operations) views.operations.add(name);
  Object.assign(views, rest);
}
