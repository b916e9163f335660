import { describe, expect, test } from 'vitest';
import { checkpointName, TakenError, type Place } from '../../../collector/state/place.ts';
import { state } from '../../../collector/state/state.ts';
import type { Bench } from './bench.ts';
import { fill, hour, now, opened, reopened, sources } from './state-case.ts';
import { deadLetter, dump, guid } from './state-dump.ts';

/** What the state promises at every place; `bench` gives a new one each time. */
export function stateContract(kind: string, bench: () => Promise<Bench>): void {
  describe(`the state: ${kind}`, () => {
    test('begins empty', async () => {
      const { held, store } = await opened(await bench());
      expect(held.records.size).toBe(0);
      expect(held.source('activity-feed')).toMatchObject({ cursor: undefined, parked: new Map() });
      expect(await store.deadLetters()).toEqual([]);
    });

    test('comes back after a restart as it was saved', async () => {
      const at = await bench();
      const { held, store } = await opened(at);
      fill(held, 0);
      await store.save(held);
      fill(held, 1000);
      await store.save(held);
      const saved = await dump(store, held, sources);
      fill(held, 2000);
      const back = await reopened(at);
      expect(await dump(back.store, back.held, sources)).toBe(saved);
      expect(back.held.source('activity-feed').cursor).toBe('cursor 1000');
      expect(back.held.records.has(guid(1099))).toBe(true);
      expect(back.held.records.has(guid(2000))).toBe(false);
    });

    test('a source is the same object each time, and its name is a folder', async () => {
      const { held } = await opened(await bench());
      expect(held.source('activity-feed')).toBe(held.source('activity-feed'));
      expect(() => held.source('../else')).toThrow('lower-case');
    });

    test('a save writes what is new and touches nothing else', async () => {
      const at = await bench();
      const { held, store } = await opened(at);
      fill(held, 0);
      await store.save(held);
      const before = await at.files();
      held.records.add(guid(5000), hour);
      await store.save(held);
      const after = await at.files();
      const segment = 'records/2026-10-01T12.ids';
      expect([...after.keys()].toSorted()).toEqual([...before.keys()].toSorted());
      for (const [name, bytes] of after)
        if (name !== segment && name !== checkpointName)
          expect(bytes.equals(before.get(name) ?? bytes), name).toBe(true);
      expect(after.get(segment)?.length).toBe((before.get(segment)?.length ?? 0) + 16);
    });

    test('a save changes the place only where something is new', async () => {
      const at = await bench();
      const place = at.place();
      const changed: string[] = [];
      const watched: Place = {
        ...place,
        append: (name, offset, bytes) => place.append(name, offset, bytes).finally(() => changed.push(name)),
        replaceCheckpoint: (text) => place.replaceCheckpoint(text).finally(() => changed.push(checkpointName)),
        remove: (name) => place.remove(name).finally(() => changed.push(`removed ${name}`)),
      };
      const store = state(watched, { now: () => now });
      const held = await store.load();
      fill(held, 0);
      await store.save(held);
      changed.length = 0;
      held.records.add(guid(5000), hour);
      await store.save(held);
      await store.save(held);
      expect(changed).toEqual(['records/2026-10-01T12.ids', checkpointName, checkpointName]);
    });

    test('segments of evicted hours are gone after the next save', async () => {
      const at = await bench();
      const { held, store } = await opened(at);
      fill(held, 0);
      await store.save(held);
      held.records.evictBefore(hour - 1);
      expect([...(await at.files()).keys()]).toContain('records/2026-10-01T10.ids');
      await store.save(held);
      expect([...(await at.files()).keys()].filter((name) => name.startsWith('records/')).toSorted()).toEqual([
        'records/2026-10-01T11.ids',
        'records/2026-10-01T12.ids',
      ]);
    });

    test('an hour that was evicted and began anew comes back without its old ids', async () => {
      const at = await bench();
      const { held, store } = await opened(at);
      for (let n = 0; n < 10; n++) held.records.add(guid(n), hour);
      await store.save(held);
      held.records.evictBefore(hour + 1);
      for (let n = 5; n < 30; n++) held.records.add(guid(n), hour);
      await store.save(held);
      const { held: back } = await reopened(at);
      expect(back.records.size).toBe(25);
      expect(back.records.has(guid(4))).toBe(false);
    });

    test('what changes while a save runs belongs to the next one', async () => {
      const at = await bench();
      const whileAppending: (() => void)[] = [];
      const place = at.place();
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
      const between = await bench();
      for (const [name, bytes] of await at.files()) await between.put(name, bytes);
      const found = await opened(between);
      expect(await dump(found.store, found.held, sources)).toBe(first);

      expect((await store.deadLetters()).map(({ id }) => id)).toEqual(['letter 50']);
      const second = await dump(store, held, sources);
      await Promise.all([store.save(held), store.save(held)]);
      const back = await reopened(at);
      expect(await dump(back.store, back.held, sources)).toBe(second);
    });

    test('only what load gave can be saved, and only after it', async () => {
      const { held } = await opened(await bench());
      const other = state((await bench()).place());
      await expect(other.save(held)).rejects.toThrow('call load() first');
      await other.load();
      await expect(other.save(held)).rejects.toThrow('save what load() gave');
      await expect(other.load()).rejects.toThrow('loaded already');
      await other.close();
      await other.load();
    });

    describe('that another process has taken', () => {
      test('saves nothing from then on, says so, and can be loaded again when it is free', async () => {
        const at = await bench();
        const { held, store } = await opened(at);
        fill(held, 0);
        await store.save(held);
        expect(held.lost.aborted).toBe(false);
        const other = await reopened(at);
        other.held.source('activity-feed').cursor = 'theirs';
        other.held.records.add(guid(7000), hour);
        await other.store.save(other.held);
        const saved = await dump(other.store, other.held, sources);

        fill(held, 1000);
        await expect(store.save(held)).rejects.toThrow(at.place().name);
        // An append may have failed first: nothing tells yet who the writer is.
        await expect(store.save(held)).rejects.toThrow(TakenError);
        expect(held.lost.reason).toBeInstanceOf(TakenError);
        const files = await at.files();
        await expect(store.save(held)).rejects.toBe(held.lost.reason);
        expect(await at.files()).toEqual(files);
        await expect(store.load()).rejects.toThrow(TakenError);
        await store.close();

        other.held.records.add(guid(7001), hour);
        await other.store.save(other.held);
        await other.store.close();
        const again = await store.load();
        expect(again.lost.aborted).toBe(false);
        expect(again.records.has(guid(7001))).toBe(true);
        expect(again.records.has(guid(1000))).toBe(false);
        expect(saved).toContain('theirs');
        expect(again.source('activity-feed').cursor).toBe('theirs');
        await store.save(again);
      });

      test('can be loaded again without being closed', async () => {
        const at = await bench();
        const { held, store } = await opened(at);
        const other = await reopened(at);
        await expect(store.save(held)).rejects.toThrow(TakenError);
        await other.store.close();
        expect((await store.load()).lost.aborted).toBe(false);
      });
    });
  });
}
