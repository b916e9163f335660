import { describe, expect, test } from 'vitest';
import type { Bench } from './bench.ts';
import { day, now, opened, reopened } from './state-case.ts';
import { deadLetter } from './state-dump.ts';

/** How dead letters are kept at every place; `bench` gives a new one each time. */
export function deadLetterContract(kind: string, bench: () => Promise<Bench>): void {
  describe(`the state: ${kind}`, () => {
    describe('dead letters', () => {
      test('are kept once each, saved or not', async () => {
        const at = await bench();
        const { held, store } = await opened(at);
        held.putAside(deadLetter('a'));
        held.putAside(deadLetter('a'));
        await store.save(held);
        held.putAside(deadLetter('a'));
        held.putAside(deadLetter('b'));
        expect(await store.deadLetters()).toEqual([deadLetter('a'), deadLetter('b')]);
        await store.save(held);
        const back = await reopened(at);
        back.held.putAside(deadLetter('b'));
        expect(await back.store.deadLetters()).toEqual([deadLetter('a'), deadLetter('b')]);
      });

      test('stay removed after a restart, and can be put aside again', async () => {
        const at = await bench();
        const { held, store } = await opened(at);
        for (const id of ['a', 'b', 'c']) held.putAside(deadLetter(id));
        await store.save(held);
        store.removeDeadLetters(new Set(['a', 'c', 'unknown']));
        expect(await store.deadLetters()).toEqual([deadLetter('b')]);
        await store.save(held);
        const second = await reopened(at);
        expect(await second.store.deadLetters()).toEqual([deadLetter('b')]);
        second.held.putAside(deadLetter('c'));
        second.held.putAside(deadLetter('c'));
        await second.store.save(second.held);
        const third = await reopened(at);
        expect(await third.store.deadLetters()).toEqual([deadLetter('b'), deadLetter('c')]);
        third.store.removeDeadLetters(new Set(['c']));
        expect(await third.store.deadLetters()).toEqual([deadLetter('b')]);
      });

      test('a removal that was not saved did not happen', async () => {
        const at = await bench();
        const { held, store } = await opened(at);
        held.putAside(deadLetter('a'));
        await store.save(held);
        store.removeDeadLetters(new Set(['a']));
        const back = await reopened(at);
        expect(await back.store.deadLetters()).toEqual([deadLetter('a')]);
      });

      test('expire after 30 days, and the save says how many', async () => {
        const at = await bench();
        const first = await opened(at);
        for (const id of ['a', 'b', 'replayed']) first.held.putAside(deadLetter(id));
        await first.store.save(first.held);
        first.store.removeDeadLetters(new Set(['replayed']));
        const second = await (await first.store.save(first.held), reopened(at, now + 3 * day));
        second.held.putAside(deadLetter('c', '2026-10-04T12:00:00.000Z'));
        await second.store.save(second.held);
        const young = await reopened(at, now + 30 * day);
        expect(await young.store.save(young.held)).toEqual({ expiredDeadLetters: 0 });
        expect(await young.store.deadLetters()).toHaveLength(3);
        const old = await reopened(at, now + 31 * day);
        expect(await old.store.save(old.held)).toEqual({ expiredDeadLetters: 2 });
        expect((await old.store.deadLetters()).map(({ id }) => id)).toEqual(['c']);
        expect([...(await at.files()).keys()]).not.toContain('dead-letters/2026-10-01.ndjson');
        expect(await old.store.save(old.held)).toEqual({ expiredDeadLetters: 0 });
        // What has expired is new when it comes again.
        old.held.putAside(deadLetter('a', '2026-11-01T12:00:00.000Z'));
        expect((await old.store.deadLetters()).map(({ id }) => id)).toEqual(['c', 'a']);
      });

      test('a removal counts although the clock was set back', async () => {
        const at = await bench();
        const { held, store } = await opened(at);
        held.putAside(deadLetter('a'));
        await store.save(held);
        const earlier = await reopened(at, now - 2 * day);
        earlier.store.removeDeadLetters(new Set(['a']));
        await earlier.store.save(earlier.held);
        // Nor when the removal, were it dated as the clock said, would be gone and the letter not yet.
        const later = await reopened(at, now + 30 * day);
        await later.store.save(later.held);
        expect(await (await reopened(at)).store.deadLetters()).toEqual([]);
      });

      test('come back whole when they are large and not ASCII', async () => {
        const at = await bench();
        const { held, store } = await opened(at);
        const letters = ['ä', '漢', '😀'].map((text, n) => ({
          ...deadLetter(`${n}`),
          record: { Text: text.repeat(400_001) },
        }));
        for (const letter of letters) held.putAside(letter);
        await store.save(held);
        expect(await (await reopened(at)).store.deadLetters()).toEqual(letters);
      });
    });
  });
}
