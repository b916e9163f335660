import type { DeadLetter } from '../../../collector/contracts.ts';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import { toNotes } from '../../../collector/reconciliation/views.ts';
import type { EntityNote } from '../../../collector/entities/entity-note.ts';
import { bodyBytes, headBytes } from '../../../collector/state/entity-record.ts';
import type { EntityTable } from '../../../collector/state/entity-table.ts';
import type { SeenIds } from '../../../collector/state/seen-ids.ts';
import type { State } from '../../../collector/state/state.ts';

const idsOf = (ids: SeenIds): unknown =>
  ids.hours().map(({ hour, count }) => [hour, Buffer.from(ids.bytes(hour, 0, count)).toString('hex')]);

/** Every note, in an order that does not depend on when each was set. */
function notesOf({ entities }: CollectorState): unknown {
  const records = (entities as EntityTable).records();
  const notes: string[] = [];
  for (let at = 0; at < records.length;) {
    const end = at + headBytes + bodyBytes + records.readUInt16LE(at + 16);
    notes.push(records.toString('hex', at, end));
    at = end;
  }
  return { notes: notes.toSorted(), owed: [...entities.owed()].map((one) => JSON.stringify(one)).toSorted() };
}

/** Everything a state says, in a form that can be compared. */
export async function dump(store: State, held: CollectorState, sources: readonly string[]): Promise<string> {
  return JSON.stringify({
    records: idsOf(held.records),
    sources: sources.map((name) => {
      const { cursor, blobs, parked, ledger } = held.source(name);
      return { name, cursor, blobs: idsOf(blobs), parked: [...parked], ledger };
    }),
    deadLetters: await store.deadLetters(),
    entities: notesOf(held),
    views: { ...toNotes(held.views), feed: idsOf(held.views.feed), query: idsOf(held.views.query) },
  });
}

export const guid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export function deadLetter(id: string, time = '2026-10-01T00:00:00.000Z'): DeadLetter {
  return {
    id,
    source: 'activity-feed',
    time,
    kind: 'rejected',
    reason: 'CreationTime is missing',
    contentCreated: null,
    record: { Id: id, Workload: 'Copilot' },
  };
}

/** A note of an entity that was written, or is owed. */
export const note = (n: number, isOwed = false): EntityNote => ({
  firstSeenMs: n % 7 === 0 ? null : 1_790_000_000_000 + n,
  written: isOwed ? null : { ms: 1_790_000_000_000 - n, hash: n.toString(16).padStart(16, '0') },
  owedAs: isOwed ? `["${n}"]` : null,
});
