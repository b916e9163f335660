import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seenIds, type SeenIds } from '../../../collector/state/seen-ids.ts';

const guid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** What a restart does: every hour to bytes, in two parts, and back. */
function reloaded(ids: SeenIds): SeenIds {
  const copy = seenIds();
  for (const { hour, count } of ids.hours()) {
    const middle = Math.trunc(count / 2);
    copy.load(hour, ids.bytes(hour, 0, middle));
    copy.load(hour, ids.bytes(hour, middle, count));
  }
  return copy;
}

describe('seen ids', () => {
  test('an id is new once, whatever the hour', () => {
    const ids = seenIds();
    expect(ids.add(guid(1), 10)).toBe(true);
    expect(ids.add(guid(1), 11)).toBe(false);
    expect(ids.has(guid(1))).toBe(true);
    expect(ids.has(guid(2))).toBe(false);
    expect(ids.hours()).toEqual([{ hour: 10, serial: 0, count: 1 }]);
  });

  test('GUIDs are the same in any case, other ids are not', () => {
    const ids = seenIds();
    ids.add('ABCDEF01-2345-4678-9ABC-DEF012345678', 1);
    expect(ids.add('abcdef01-2345-4678-9abc-def012345678', 1)).toBe(false);
    ids.add('20261001$Blob', 1);
    expect(ids.add('20261001$blob', 1)).toBe(true);
  });

  test.for([
    ['a digit that is none', '0000000g-0000-4000-8000-000000000001'],
    ['a character beyond the table', '0000000\u0131-0000-4000-8000-000000000001'],
    ['a dash out of place', '000000000-000-4000-8000-000000000001'],
    ['no dashes', '00000000000040008000000000000001'],
    ['braces', '{00000000-0000-4000-8000-000000000001}'],
    ['a lone surrogate', '\ud800'],
    ['another lone surrogate', '\ud801'],
    ['the replacement character', '\ufffd'],
  ] as const)('%s makes an id that is only itself', ([, id], { expect }) => {
    const ids = seenIds();
    for (const other of [guid(1), guid(0), '\ud800', '\ud801', '\ufffd'].filter((other) => other !== id))
      ids.add(other, 1);
    expect(ids.add(id, 1)).toBe(true);
    expect(ids.add(id, 1)).toBe(false);
  });

  test('every digit of a GUID counts', () => {
    const ids = seenIds();
    const digits = '00000000-0000-0000-0000-000000000000';
    ids.add(digits, 1);
    let added = 1;
    for (let at = 0; at < digits.length; at++) {
      if (digits[at] === '-') continue;
      for (const digit of '123456789abcdef') {
        expect(ids.add(digits.slice(0, at) + digit + digits.slice(at + 1), 1)).toBe(true);
        added++;
      }
    }
    expect(ids.size).toBe(added);
  });

  test('an empty id and an hour that is none are refused', () => {
    expect(() => seenIds().add('', 1)).toThrow('empty id');
    expect(() => seenIds().add(guid(1), Number.NaN)).toThrow('hours since 1970');
    expect(() => seenIds().add(guid(1), -1)).toThrow('hours since 1970');
    expect(() => seenIds().load(1, new Uint8Array(17))).toThrow('whole entries');
  });

  test('the oldest hours go first until the rest fits', () => {
    const ids = seenIds();
    for (let n = 0; n < 300; n++) ids.add(guid(n), 102 - Math.trunc(n / 100));
    expect(ids.evictToSize(300)).toEqual({ evicted: 0, oldestHour: 100 });
    expect(ids.evictToSize(250)).toEqual({ evicted: 100, oldestHour: 101 });
    expect(ids.has(guid(299))).toBe(false);
    expect(ids.has(guid(0))).toBe(true);
    expect(ids.evictToSize(0)).toEqual({ evicted: 200, oldestHour: undefined });
    expect(ids.size).toBe(0);
  });

  test('an hour that begins anew after its eviction has another serial', () => {
    const ids = seenIds();
    ids.add(guid(1), 5);
    ids.evictBefore(6);
    ids.add(guid(2), 5);
    expect(ids.hours()).toEqual([{ hour: 5, serial: 1, count: 1 }]);
  });

  // A weak hash makes one long run of such ids, and each look-up walks it: minutes instead of a fraction of a second.
  test.for([
    ['count up at the end', (n: number) => guid(n)],
    ['count up at the front', (n: number) => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`],
    [
      'differ in the high bits of every word',
      (n: number) => {
        const hex = n.toString(16).padStart(5, '0');
        return `${hex.slice(0, 2)}000000-${hex[2]}000-4000-${hex[3]}000-0000${hex[4]}0000000`;
      },
    ],
  ] as const)('200,000 ids that %s are told apart in time', ([, toId], { expect }) => {
    const ids = seenIds();
    const started = performance.now();
    for (let n = 0; n < 200_000; n++) ids.add(toId(n), n % 24);
    for (let n = 0; n < 200_000; n++) if (!ids.has(toId(n))) throw new Error(`${toId(n)} is lost`);
    expect(ids.size).toBe(200_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('steady adding and evicting keeps what is young and forgets what is old', () => {
    const ids = seenIds();
    for (let hour = 0; hour < 400; hour++) {
      for (let n = 0; n < 500; n++) ids.add(guid(hour * 500 + n), hour);
      ids.evictBefore(hour - 9);
    }
    expect(ids.size).toBe(5000);
    for (let n = 0; n < 200_000; n += 7) expect(ids.has(guid(n))).toBe(n >= 195_000);
  });

  test('behaves as a Map through any sequence of adding, evicting and restarting', () => {
    const id = fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(guid),
      fc.integer({ min: 0, max: 50 }).map((n) => `blob$${n}`),
    );
    const hour = fc.integer({ min: 0, max: 12 });
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          does: fc.constant('add' as const),
          ids: fc.array(id, { maxLength: 150, size: 'max' }),
          hour,
        }),
      },
      { weight: 1, arbitrary: fc.record({ does: fc.constant('evict' as const), hour }) },
      {
        weight: 1,
        arbitrary: fc.record({ does: fc.constant('shrink' as const), max: fc.integer({ min: 0, max: 300 }) }),
      },
      { weight: 1, arbitrary: fc.record({ does: fc.constant('restart' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25, size: 'max' }), (steps) => {
        let ids = seenIds();
        const model = new Map<string, number>();
        const forget = (gone: (hour: number) => boolean): number => {
          const before = model.size;
          for (const [known, at] of model) if (gone(at)) model.delete(known);
          return before - model.size;
        };
        for (const taken of steps) {
          if (taken.does === 'add') {
            for (const added of taken.ids) {
              assert.equal(ids.add(added, taken.hour), !model.has(added));
              if (!model.has(added)) model.set(added, taken.hour);
            }
          } else if (taken.does === 'evict') {
            const evicted = ids.evictBefore(taken.hour);
            assert.equal(
              evicted,
              forget((at) => at < taken.hour),
            );
          } else if (taken.does === 'shrink') {
            const { evicted, oldestHour } = ids.evictToSize(taken.max);
            assert.equal(
              evicted,
              forget((at) => oldestHour === undefined || at < oldestHour),
            );
            assert.ok(model.size <= taken.max);
          } else ids = reloaded(ids);
          expect(ids.size).toBe(model.size);
        }
        for (let n = 0; n <= 300; n++) expect(ids.has(guid(n))).toBe(model.has(guid(n)));
        for (let n = 0; n <= 50; n++) expect(ids.has(`blob$${n}`)).toBe(model.has(`blob$${n}`));
        const counts = Map.groupBy(model.values(), (at) => at);
        expect(ids.hours().map(({ hour: at, count }) => [at, count])).toEqual(
          [...counts].map(([at, all]) => [at, all.length]).toSorted(([a = 0], [b = 0]) => a - b),
        );
      }),
      { numRuns: 150 },
    );
  });
});
