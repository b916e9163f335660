/** Which rows of CopilotEntities_CL are due: on change, and again after 7 days. No I/O. */
import { LRUCache } from 'lru-cache';
import type { SeenEntity } from './enrich/contract.ts';
import type { EntityKind } from './enrich/facts.ts';
import { earliest, freshForMs, isKeyedByLookUp, isMuchEarlier, isRowDue } from './entity-due.ts';
import { entityRow, factsHash } from './entity-row.ts';
import { recentSightings } from './recent-sightings.ts';
import type { CopilotEntitiesRow } from './schema/index.ts';

export type { EntityKind } from './enrich/facts.ts';

/** What is remembered of an entity, over restarts. Times are epoch milliseconds. */
export interface EntityNote {
  /** Earliest event that named it; null when only a list has. */
  readonly firstSeenMs: number | null;
  /** When its row was last accepted, and a hash of the facts and aliases in it, 16 hex digits; null before the first. */
  readonly written: { readonly ms: number; readonly hash: string } | null;
  readonly isOwed: boolean;
}

/** The memory of entities: part of the state, committed with it. */
export interface EntityNotes {
  readonly size: number;
  /** Those whose look-up is owed. */
  readonly owedCount: number;
  /** Notes that left since the state was loaded because there were too many. */
  readonly evictedCount: number;
  get(kind: EntityKind, key: string): EntityNote | undefined;
  /** Also says that it was seen now: when there are too many, the least recently set leave. */
  set(kind: EntityKind, key: string, note: EntityNote): void;
  delete(kind: EntityKind, key: string): void;
  /** Those whose look-up is owed, at most 50,000: of more, the next event that names them tells. */
  owed(): Iterable<{ readonly kind: EntityKind; readonly key: string }>;
}

/** Rows to write now; `settle` notes that they were accepted, all but the refused ones. */
export interface DueRows {
  readonly rows: readonly CopilotEntitiesRow[];
  readonly settle: (refused: ReadonlySet<unknown>) => void;
}

/** Decides what is due. */
export interface EntityBook {
  due(seen: readonly SeenEntity[]): DueRows;
}

const refusedForMs = 3_600_000;
const refusedMax = 10_000;
// A note that is not looked at for so long may count as unused.
const recentForMs = 600_000;

interface BookOptions {
  readonly organizationId: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type Written = NonNullable<EntityNote['written']>;

interface Due {
  readonly row: CopilotEntitiesRow;
  readonly firstSeenMs: number | null;
  readonly seen: SeenEntity;
  /** What the note says of the row once it is accepted, but the time. */
  readonly written: Written;
}

const idOf = ({ entity: { kind, key } }: SeenEntity): string => `${kind} ${key}`;

/**
 * The book over `notes`, which it keeps. It also knows what is being written, so that batches that are under way at once
 * do not write the same. When a write fails, the notes must be loaded again, and need a new book.
 */
export function entityBook(notes: EntityNotes, { organizationId, now }: BookOptions): EntityBook {
  const underWay = new Map<string, Written>();
  const refusals = new LRUCache<string, Written>({ max: refusedMax });
  const recent = recentSightings(now);

  /** The first event under names that stood for the key until the look-up ended; those are forgotten. */
  function takeProvisional({ entity: { kind, key, aliases }, isOwed }: SeenEntity): number | null {
    // Mostly nothing is owed, and there is nothing to look for.
    if (isOwed || notes.owedCount === 0 || !isKeyedByLookUp(kind)) return null;
    let first: number | null = null;
    for (const name of new Set(aliases.flatMap((alias) => [alias, alias.toLowerCase()]))) {
      const note = name === key ? undefined : notes.get(kind, name);
      if (note === undefined || !note.isOwed || note.written !== null) continue;
      first = earliest(first, note.firstSeenMs);
      notes.delete(kind, name);
    }
    return first;
  }

  /** Notes the sighting; undefined when no row is due for it. */
  function dueOf(seen: SeenEntity): Due | undefined {
    const { kind, key } = seen.entity;
    const id = idOf(seen);
    // While something is owed, a name that stood for this key may have been noted since.
    if ((notes.owedCount === 0 || !isKeyedByLookUp(kind)) && recent.has(id, seen)) return undefined;
    const known = notes.get(kind, key);
    const before = known?.firstSeenMs ?? null;
    const firstSeenMs = earliest(earliest(before, seen.firstEventMs), takeProvisional(seen));
    notes.set(kind, key, { firstSeenMs, written: known?.written ?? null, isOwed: seen.isOwed });

    const facts = factsHash(seen.entity);
    const written = underWay.get(id) ?? known?.written ?? null;
    const isNews = written !== null && isMuchEarlier(firstSeenMs, before);
    if (!isNews && !isRowDue(seen, written, facts, now())) {
      if (written !== null && !seen.isOwed) {
        const untilMs = Math.min(now() + recentForMs, written.ms + freshForMs);
        recent.add(id, { seen, firstSeenMs, untilMs });
      }
      return undefined;
    }
    recent.forget(id);
    const refusal = refusals.get(id);
    if (refusal?.hash === facts && now() - refusal.ms < refusedForMs) return undefined;
    return {
      row: entityRow(seen, firstSeenMs, organizationId),
      firstSeenMs,
      seen,
      written: { ms: now(), hash: facts },
    };
  }

  function settleOne({ row, firstSeenMs, seen, written }: Due, refused: ReadonlySet<unknown>): void {
    const id = idOf(seen);
    // A later row of the same entity is under way: the note will be of that one.
    if (underWay.get(id) !== written) return;
    underWay.delete(id);
    const settled = { ...written, ms: now() };
    if (refused.has(row)) {
      refusals.set(id, settled);
      return;
    }
    const { kind, key } = seen.entity;
    // It may have left meanwhile, because there are too many.
    const note = notes.get(kind, key) ?? { firstSeenMs, isOwed: seen.isOwed };
    notes.set(kind, key, { ...note, written: settled });
  }

  return {
    due(seen) {
      const due: Due[] = [];
      for (const one of seen) {
        const found = dueOf(one);
        if (found === undefined) continue;
        underWay.set(idOf(one), found.written);
        due.push(found);
      }
      return {
        rows: due.map(({ row }) => row),
        settle(refused) {
          for (const one of due) settleOne(one, refused);
        },
      };
    },
  };
}
