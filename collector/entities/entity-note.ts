/** What is remembered of entities, and of what that memory is made. */
import type { EntityKind } from '../enrich/facts.ts';

export type { EntityKind } from '../enrich/facts.ts';

/** What is remembered of an entity, over restarts. Times are epoch milliseconds. */
export interface EntityNote {
  /** Earliest event that named it; null when only a list has. */
  readonly firstSeenMs: number | null;
  /** When its row was last accepted, and a hash of the facts and aliases in it, 16 hex digits; null before the first. */
  readonly written: { readonly ms: number; readonly hash: string } | null;
  /** What the look-up that is owed needs beside the key, may be empty; null: none is owed. */
  readonly owedAs: string | null;
}

/** A look-up that is owed. */
export interface OwedEntity {
  readonly kind: EntityKind;
  readonly key: string;
  readonly owedAs: string;
}

/** The memory of entities: part of the state, committed with it. */
export interface EntityNotes {
  readonly size: number;
  /** Those whose look-up is owed. */
  readonly owedCount: number;
  /** Look-ups that were owed and are not remembered, since the state was loaded: there was no room for them. */
  readonly givenUpCount: number;
  /** Notes that left since the state was loaded because there were too many. */
  readonly evictedCount: number;
  get(kind: EntityKind, key: string): EntityNote | undefined;
  /**
   * Also says that it was seen now: when there are too many, the least recently set leave. At most 50,000 can be owed; of
   * more, users, agents and labels take the places of files, sites and meetings, and the note says that nothing is owed.
   */
  set(kind: EntityKind, key: string, note: EntityNote): void;
  delete(kind: EntityKind, key: string): void;
  /** Those whose look-up is owed, the one first that was not given for longest. Nothing may be set meanwhile. */
  owed(): Iterable<OwedEntity>;
}
