/** What the contracts of the state have in common: a time, ways to open, and something to save. */
import type { CollectorState } from '../../../collector/state/held-state.ts';
import { state, type State } from '../../../collector/state/state.ts';
import type { Bench } from './bench.ts';
import { deadLetter, guid, note } from './state-dump.ts';

export const now = Date.parse('2026-10-01T12:00:00Z');
export const hour = Math.trunc(now / 3_600_000);
export const sources = ['activity-feed', 'audit-query'];
export const day = 86_400_000;

export const opened = async (at: Bench, nowMs = now): Promise<{ store: State; held: CollectorState }> => {
  const store = state(at.place(), { now: () => nowMs, version: '1.2.3' });
  return { store, held: await store.load() };
};

/** Opens what a restart finds. */
export const reopened = async (at: Bench, nowMs = now): ReturnType<typeof opened> => {
  await at.restart();
  return opened(at, nowMs);
};

export function fill(held: CollectorState, from: number): void {
  const feed = held.source('activity-feed');
  feed.cursor = `cursor ${from}`;
  feed.parked.set('blob 1', {
    id: 'blob 1',
    uri: 'https://manage.example/blob-1',
    created: '2026-10-01T10:00:00.000Z',
    expires: '2026-10-08T10:00:00.000Z',
    reason: 'bad JSON',
    tries: from,
  });
  feed.ledger.count(hour, 'listed', 1 + from);
  for (let n = from; n < from + 100; n++) held.records.add(guid(n), hour - (n % 3));
  feed.blobs.add(`blob ${from}`, hour);
  held.source('audit-query').blobs.add(`query ${from}`, hour - 1);
  held.putAside(deadLetter(`letter ${from}`));
  for (let n = from; n < from + 10; n++) held.entities.set('file', `https://contoso.sharepoint.com/${n}`, note(n));
  held.entities.set('user', 'Ä 漢 \ud800', note(from, true));
  const { views } = held;
  for (let n = from; n < from + 20; n++) views.feed.add(guid(n), hour - 96 - (n % 2));
  views.query.add(guid(from), hour - 96);
  views.operations.add(`operation ${from}`);
  views.sinceMs = now - from;
  views.blind = [{ fromMs: now - day, toMs: now, reason: `blind ${from}` }];
  views.unsent = [{ hour, reason: null, queried: from, added: 1, given: 2, feedOnly: 3 }];
}
