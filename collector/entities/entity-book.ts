/** Which rows of CopilotEntities_CL are due: on change, and again after 7 days. No I/O. */
import { LRUCache } from 'lru-cache';
import type { SeenEntity } from '../enrich/contract.ts';
import type { CopilotEntitiesRow } from '../schema/index.ts';
import { earliest, freshForMs, isMuchEarlier, isRowDue } from './entity-due.ts';
import type { EntityNote, EntityNotes } from './entity-note.ts';
import { entityRow, factsHash } from './entity-row.ts';
import { recentSightings } from './recent-sightings.ts';

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

const toId = (kind: string, key: string): string => `${kind} ${key}`;
const idOf = ({ entity: { kind, key } }: SeenEntity): string => toId(kind, key);

/** Each event that names an entity may know something else of it: the longer text knows more. */
const fuller = (known: string | null, seen: string | null): string | null =>
  seen !== null && known !== null && known.length >= seen.length ? known : seen;

/**
 * The book over `notes`, which it keeps. It also knows what is being written, so that batches that are under way at once
 * do not write the same. When a write fails, the notes must be loaded again, and need a new book.
 */
export function entityBook(notes: EntityNotes, { organizationId, now }: BookOptions): EntityBook {
  const underWay = new Map<string, Written>();
  const refusals = new LRUCache<string, Written>({ max: refusedMax });
  const recent = recentSightings(now);

  /** The first event under names that stood for the key until the look-up ended; those are forgotten. */
  function takeProvisional({ entity: { kind, key }, namedAs }: SeenEntity): number | null {
    let first: number | null = null;
    for (const name of namedAs) {
      const note = name === key ? undefined : notes.get(kind, name);
      if (note === undefined || note.owedAs === null) continue;
      first = earliest(first, note.firstSeenMs);
      notes.delete(kind, name);
      recent.forget(toId(kind, name));
    }
    return first;
  }

  /** Notes the sighting; undefined when no row is due for it. */
  function dueOf(seen: SeenEntity): Due | undefined {
    const { kind, key } = seen.entity;
    const id = idOf(seen);
    // While something is owed, a name that stood for this key may have been noted since.
    const isOneNoted = seen.namedAs.length > 0 && notes.owedCount > 0;
    if (!isOneNoted && recent.has(id, seen)) return undefined;
    const known = notes.get(kind, key);
    const before = known?.firstSeenMs ?? null;
    const provisional = isOneNoted ? takeProvisional(seen) : null;
    const firstSeenMs = earliest(earliest(before, seen.firstEventMs), provisional);
    const owedAs = fuller(known?.owedAs ?? null, seen.owedAs);
    notes.set(kind, key, { firstSeenMs, written: known?.written ?? null, owedAs });

    const facts = factsHash(seen.entity);
    const written = underWay.get(id) ?? known?.written ?? null;
    const isNews = written !== null && isMuchEarlier(firstSeenMs, before);
    if (!isNews && !isRowDue(seen, written, facts, now())) {
      const untilMs = Math.min(now() + recentForMs, written === null ? Infinity : written.ms + freshForMs);
      recent.add(id, { seen, firstSeenMs, untilMs });
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
    const note = notes.get(kind, key) ?? { firstSeenMs, owedAs: seen.owedAs };
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
