/** What the pipeline asks of enrichment. Rows never wait for it longer than a bound, and never fail by it. */
import type { AuditRecord } from '../records/audit-record.ts';
import type { EnricherName, Entity, EntityKind, Facts } from './facts.ts';

/** An entity that events name, or that a list holds. */
export interface SeenEntity {
  readonly entity: Entity;
  /** Epoch milliseconds of the earliest event among those asked about; null when only a list names it. */
  readonly firstEventMs: number | null;
  /**
   * complete: everything is known that a look-up gives, or none is made; partial: it ended, and gave nothing or less;
   * pending: it has not ended, or failed in a way that passes.
   */
  readonly lookUp: 'complete' | 'partial' | 'pending';
  /** While a look-up is owed, what it needs beside kind and key, may be empty, at most 2,048 characters; else null. */
  readonly owedAs: string | null;
  /** Ids that are not the key, by which events named it: what was noted under them is of this entity. */
  readonly namedAs: readonly string[];
}

/** A look-up that is owed, as a SeenEntity told it. */
export interface OwedLookUp {
  readonly kind: EntityKind;
  readonly key: string;
  readonly owedAs: string;
}

/** The facts of each record, in the order of the records, and every entity that they name, once. */
export interface Enriched {
  readonly facts: readonly Facts[];
  readonly seen: readonly SeenEntity[];
}

/** Look-ups that gave nothing since the last report: how many, why, and what that costs. */
export interface Trouble {
  readonly enricher: EnricherName;
  /** forbidden, throttled, unavailable, unreadable, refused or late; not-found is no trouble. */
  readonly reason: string;
  readonly count: number;
  /** Status and code of the newest one, and the remedy: the permission to grant. No identities. */
  readonly detail: string;
}

/** Finds facts about what records refer to. */
export interface Enrichment {
  /**
   * Facts of these records: from memory at once, else from Graph within the bound (2 s by default); what comes later is
   * in `takeLate`. While look-ups of a kind have been under way for that long and none is answered, nothing waits for
   * new ones of it. Never rejects.
   */
  enrich(records: readonly AuditRecord[]): Promise<Enriched>;
  /**
   * To be called at the start of a pass: reads lists that are a day old, and looks up what is owed from before a restart
   * (a bounded number at a time, and no more of them are taken). Returns at once; results are in `takeLate`. What can
   * never be looked up, because its enricher is off now, is given there, too, as no longer owed.
   */
  refresh(owed: Iterable<OwedLookUp>): void;
  /** Resolves when nothing is under way or after the bound. Never rejects. */
  settled(): Promise<void>;
  /** What has become known since the last call without having been returned by `enrich`; each is given once. */
  takeLate(): readonly SeenEntity[];
  takeTroubles(): readonly Trouble[];
}
