import { describe, expect, test } from 'vitest';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import { checkpointName } from '../../../collector/state/place.ts';
import { state, type State } from '../../../collector/state/state.ts';
import { memoryPlace, type MemoryPlace } from './memory-place.ts';
import { deadLetter, dump, guid } from './state-dump.ts';

const now = Date.parse('2026-10-01T12:00:00Z');
const hour = Math.trunc(now / 3_600_000);
const sources = ['activity-feed', 'audit-query'];
const day = 86_400_000;

const opened = async (place: MemoryPlace, nowMs = now): Promise<{ store: State; held: CollectorState }> => {
  const store = state(place, { now: () => nowMs });
  return { store, held: await store.load() };
};

/** Opens what a restart finds. */
const reopened = (place: MemoryPlace, nowMs = now): ReturnType<typeof opened> => {
  place.restart();
  return opened(place, nowMs);
};

function fill(held: CollectorState, from: number): void {
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
}

describe('state', () => {
  test('begins empty', async () => {
    const { held, store } = await opened(memoryPlace());
    expect(held.records.size).toBe(0);
    expect(held.source('activity-feed')).toMatchObject({ cursor: undefined, parked: new Map() });
    expect(await store.deadLetters()).toEqual([]);
  });

  test('comes back after a restart as it was saved', async () => {
    const place = memoryPlace();
    const { held, store } = await opened(place);
    fill(held, 0);
    await store.save(held);
    fill(held, 1000);
    await store.save(held);
    const saved = await dump(store, held, sources);
    fill(held, 2000);
    const back = await reopened(place);
    expect(await dump(back.store, back.held, sources)).toBe(saved);
    expect(back.held.source('activity-feed').cursor).toBe('cursor 1000');
    expect(back.held.records.has(guid(1099))).toBe(true);
    expect(back.held.records.has(guid(2000))).toBe(false);
  });

  test('a source is the same object each time, and its name is a folder', async () => {
    const { held } = await opened(memoryPlace());
    expect(held.source('activity-feed')).toBe(held.source('activity-feed'));
    expect(() => held.source('../else')).toThrow('lower-case');
  });

  test('a save writes what is new and touches nothing else', async () => {
    const place = memoryPlace();
    const { held, store } = await opened(place);
    fill(held, 0);
    await store.save(held);
    const before = new Map(place.files);
    held.records.add(guid(5000), hour);
    await store.save(held);
    const touched = [...place.files].filter(([name, bytes]) => before.get(name) !== bytes).map(([name]) => name);
    expect(touched.toSorted()).toEqual([checkpointName, 'records/2026-10-01T12.ids']);
    expect(place.files.get('records/2026-10-01T12.ids')?.length).toBe(
      (before.get('records/2026-10-01T12.ids')?.length ?? 0) + 16,
    );
  });

  test('segments of evicted hours are gone after the next save', async () => {
    const place = memoryPlace();
    const { held, store } = await opened(place);
    fill(held, 0);
    await store.save(held);
    held.records.evictBefore(hour - 1);
    expect(place.files.has('records/2026-10-01T10.ids')).toBe(true);
    await store.save(held);
    expect([...place.files.keys()].filter((name) => name.startsWith('records/'))).toEqual([
      'records/2026-10-01T11.ids',
      'records/2026-10-01T12.ids',
    ]);
  });

  test('an hour that was evicted and began anew comes back without its old ids', async () => {
    const place = memoryPlace();
    const { held, store } = await opened(place);
    for (let n = 0; n < 10; n++) held.records.add(guid(n), hour);
    await store.save(held);
    held.records.evictBefore(hour + 1);
    for (let n = 5; n < 30; n++) held.records.add(guid(n), hour);
    await store.save(held);
    const { held: back } = await reopened(place);
    expect(back.records.size).toBe(25);
    expect(back.records.has(guid(4))).toBe(false);
  });

  test('what changes while a save runs belongs to the next one', async () => {
    const place = memoryPlace();
    const whileAppending: (() => void)[] = [];
    const slow = {
      ...place,
      append: async (name: string, offset: number, bytes: Uint8Array) => {
        whileAppending.shift()?.();
        await place.append(name, offset, bytes);
      },
    };
    const store = state(slow, { now: () => now });
    const held = await store.load();
    held.records.add(guid(1), hour);
    held.putAside(deadLetter('first'));
    const first = await dump(store, held, sources);
    whileAppending.push(() => {
      fill(held, 50);
      held.records.evictBefore(hour);
      store.removeDeadLetters(new Set(['first']));
    });
    await store.save(held);
    const between = memoryPlace();
    for (const [name, bytes] of place.files) between.files.set(name, bytes);
    const found = await opened(between);
    expect(await dump(found.store, found.held, sources)).toBe(first);

    expect((await store.deadLetters()).map(({ id }) => id)).toEqual(['letter 50']);
    const second = await dump(store, held, sources);
    await Promise.all([store.save(held), store.save(held)]);
    const back = await reopened(place);
    expect(await dump(back.store, back.held, sources)).toBe(second);
  });

  test('only what load gave can be saved, and only after it', async () => {
    const { held } = await opened(memoryPlace());
    const other = state(memoryPlace());
    await expect(other.save(held)).rejects.toThrow('call load() first');
    await other.load();
    await expect(other.save(held)).rejects.toThrow('save what load() gave');
    await expect(other.load()).rejects.toThrow('loaded already');
    await other.close();
    await other.load();
  });

  describe('refuses to start', () => {
    const segment = 'records/2026-10-01T12.ids';
    const edited = (edit: (text: string) => string) => (place: MemoryPlace) => {
      place.files.set(checkpointName, Buffer.from(edit(place.files.get(checkpointName)?.toString() ?? '')));
    };
    const damages: readonly (readonly [string, (place: MemoryPlace) => unknown, RegExp])[] = [
      [
        'a newer format',
        edited((text) => text.replace('"format":1', '"format":2')),
        /memory\/checkpoint\.json has format 2, this version reads format 1: run the version/,
      ],
      [
        'a checkpoint that is cut off',
        edited((text) => text.slice(0, -9)),
        /memory\/checkpoint\.json is not valid JSON: restore/,
      ],
      ['an empty checkpoint', edited(() => ''), /memory\/checkpoint\.json is not valid JSON/],
      ['a checkpoint without format', edited(() => '{}'), /no format version/],
      ['a checkpoint without content', edited(() => '{"format":1}'), /no content/],
      [
        'a cursor that was edited',
        edited((text) => text.replace('cursor 0', 'cursor 9')),
        /checkpoint\.json was changed after/,
      ],
      [
        'a checkpoint that is gone',
        (place) => place.files.delete(checkpointName),
        /memory has segments but no checkpoint\.json: restore/,
      ],
      [
        'a segment that is gone',
        (place) => place.files.delete(segment),
        /memory\/records\/2026-10-01T12\.ids is missing: restore/,
      ],
      [
        'a segment that is short',
        (place) => place.files.set(segment, Buffer.alloc(32)),
        /2026-10-01T12\.ids ends after 32 bytes where the checkpoint has \d+: restore/,
      ],
      [
        'a segment that was changed',
        (place) => place.files.get(segment)?.writeUInt8(255, 3),
        /2026-10-01T12\.ids was changed after/,
      ],
      [
        'dead letters that were changed',
        (place) => place.files.get('dead-letters/2026-10-01.ndjson')?.write('X', 9),
        /dead-letters\/2026-10-01\.ndjson was changed after/,
      ],
    ];
    test.for(damages)('on %s', async ([, damage, message], { expect }) => {
      const place = memoryPlace();
      const { held, store } = await opened(place);
      fill(held, 0);
      await store.save(held);
      damage(place);
      place.files.set('records/2026-09-30T01.ids', Buffer.alloc(16));
      const before = new Map(place.files);
      await expect(reopened(place)).rejects.toThrow(message);
      // Evidence stays, and the place is free for the next try.
      expect(place.files).toEqual(before);
      await expect(state(place).load()).rejects.toThrow(message);
    });
  });

  describe('dead letters', () => {
    test('are kept once each, saved or not', async () => {
      const place = memoryPlace();
      const { held, store } = await opened(place);
      held.putAside(deadLetter('a'));
      held.putAside(deadLetter('a'));
      await store.save(held);
      held.putAside(deadLetter('a'));
      held.putAside(deadLetter('b'));
      expect(await store.deadLetters()).toEqual([deadLetter('a'), deadLetter('b')]);
      await store.save(held);
      const back = await reopened(place);
      back.held.putAside(deadLetter('b'));
      expect(await back.store.deadLetters()).toEqual([deadLetter('a'), deadLetter('b')]);
    });

    test('stay removed after a restart, and can be put aside again', async () => {
      const place = memoryPlace();
      const { held, store } = await opened(place);
      for (const id of ['a', 'b', 'c']) held.putAside(deadLetter(id));
      await store.save(held);
      store.removeDeadLetters(new Set(['a', 'c', 'unknown']));
      expect(await store.deadLetters()).toEqual([deadLetter('b')]);
      await store.save(held);
      const second = await reopened(place);
      expect(await second.store.deadLetters()).toEqual([deadLetter('b')]);
      second.held.putAside(deadLetter('c'));
      second.held.putAside(deadLetter('c'));
      await second.store.save(second.held);
      const third = await reopened(place);
      expect(await third.store.deadLetters()).toEqual([deadLetter('b'), deadLetter('c')]);
      third.store.removeDeadLetters(new Set(['c']));
      expect(await third.store.deadLetters()).toEqual([deadLetter('b')]);
    });

    test('a removal that was not saved did not happen', async () => {
      const place = memoryPlace();
      const { held, store } = await opened(place);
      held.putAside(deadLetter('a'));
      await store.save(held);
      store.removeDeadLetters(new Set(['a']));
      const back = await reopened(place);
      expect(await back.store.deadLetters()).toEqual([deadLetter('a')]);
    });

    test('expire after 30 days, and the save says how many', async () => {
      const place = memoryPlace();
      const first = await opened(place);
      for (const id of ['a', 'b', 'replayed']) first.held.putAside(deadLetter(id));
      await first.store.save(first.held);
      first.store.removeDeadLetters(new Set(['replayed']));
      const second = await (await first.store.save(first.held), reopened(place, now + 3 * day));
      second.held.putAside(deadLetter('c', '2026-10-04T12:00:00.000Z'));
      await second.store.save(second.held);
      const young = await reopened(place, now + 30 * day);
      expect(await young.store.save(young.held)).toEqual({ expiredDeadLetters: 0 });
      expect(await young.store.deadLetters()).toHaveLength(3);
      const old = await reopened(place, now + 31 * day);
      expect(await old.store.save(old.held)).toEqual({ expiredDeadLetters: 2 });
      expect((await old.store.deadLetters()).map(({ id }) => id)).toEqual(['c']);
      expect(place.files.has('dead-letters/2026-10-01.ndjson')).toBe(false);
      expect(await old.store.save(old.held)).toEqual({ expiredDeadLetters: 0 });
      // What has expired is new when it comes again.
      old.held.putAside(deadLetter('a', '2026-11-01T12:00:00.000Z'));
      expect((await old.store.deadLetters()).map(({ id }) => id)).toEqual(['c', 'a']);
    });

    test('a removal counts although the clock was set back', async () => {
      const place = memoryPlace();
      const { held, store } = await opened(place);
      held.putAside(deadLetter('a'));
      await store.save(held);
      const earlier = await reopened(place, now - 2 * day);
      earlier.store.removeDeadLetters(new Set(['a']));
      await earlier.store.save(earlier.held);
      // Nor when the removal, were it dated as the clock said, would be gone and the letter not yet.
      const later = await reopened(place, now + 30 * day);
      await later.store.save(later.held);
      expect(await (await reopened(place)).store.deadLetters()).toEqual([]);
    });

    test('come back whole when they are large and not ASCII', async () => {
      const place = memoryPlace();
      const { held, store } = await opened(place);
      const letters = ['ä', '漢', '😀'].map((text, n) => ({
        ...deadLetter(`${n}`),
        record: { Text: text.repeat(400_001) },
      }));
      for (const letter of letters) held.putAside(letter);
      await store.save(held);
      expect(await (await reopened(place)).store.deadLetters()).toEqual(letters);
    });
  });
});
