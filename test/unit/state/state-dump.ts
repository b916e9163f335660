import type { DeadLetter } from '../../../collector/contracts.ts';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import type { SeenIds } from '../../../collector/state/seen-ids.ts';
import type { State } from '../../../collector/state/state.ts';

const idsOf = (ids: SeenIds): unknown =>
  ids.hours().map(({ hour, count }) => [hour, Buffer.from(ids.bytes(hour, 0, count)).toString('hex')]);

/** Everything a state says, in a form that can be compared. */
export async function dump(store: State, held: CollectorState, sources: readonly string[]): Promise<string> {
  return JSON.stringify({
    records: idsOf(held.records),
    sources: sources.map((name) => {
      const { cursor, blobs, parked, ledger } = held.source(name);
      return { name, cursor, blobs: idsOf(blobs), parked: [...parked], ledger };
    }),
    deadLetters: await store.deadLetters(),
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
