import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntityKind, EntityNote } from '../../../collector/entities/entity-note.ts';
import { entityTable, type EntityTable } from '../../../collector/state/entity-table.ts';
import { note } from './state-dump.ts';

const kinds: readonly EntityKind[] = ['user', 'agent', 'label', 'site', 'file', 'meeting'];

describe('the notes of entities', () => {
  it.for(kinds)('give back what was set: %s', (kind, { expect }) => {
    const table = entityTable(100);
    const notes: readonly EntityNote[] = [
      { firstSeenMs: null, written: null, owedAs: null },
      { firstSeenMs: 0, written: { ms: 0, hash: '0000000000000000' }, owedAs: null },
      { firstSeenMs: -1, written: { ms: 8.64e15, hash: 'fedcba9876543210' }, owedAs: '' },
      { firstSeenMs: 1_790_000_000_000.5, written: null, owedAs: '{"url":"ä 漢"}' },
    ];
    for (const one of notes) {
      table.set(kind, 'key', one);
      expect(table.get(kind, 'key')).toEqual(one);
    }
    expect(table.size).toBe(1);
    for (const other of kinds) if (other !== kind) expect(table.get(other, 'key')).toBeUndefined();
    expect(table.get(kind, 'Key')).toBeUndefined();
  });

  it.for(['', 'abc', '0123456789abcdeg', '0123456789abcdef0'])(
    'refuse a hash of another form: %j',
    (hash, { expect }) => {
      const table = entityTable(10);
      expect(() => table.set('user', 'key', { firstSeenMs: 1, written: { ms: 1, hash }, owedAs: null })).toThrow(
        'is not 16 hex digits',
      );
      expect(table.size).toBe(0);
    },
  );

  it('behave as a Map through any changes, and a log of the changes brings them back', () => {
    const step = fc.record({
      does: fc.constantFrom('set' as const, 'set' as const, 'delete' as const, 'log' as const, 'rewrite' as const),
      kind: fc.constantFrom(...kinds),
      key: fc.constantFrom('a', 'b', 'ä 漢', '\ud800'),
      n: fc.integer({ min: 0, max: 3 }),
      isOwed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const table = entityTable(1000);
        const model = new Map<string, EntityNote>();
        let log: Buffer = Buffer.alloc(0);
        for (const { does, kind, key, n, isOwed } of steps) {
          if (does === 'set') {
            table.set(kind, key, note(n, isOwed));
            model.set(`${kind} ${key}`, note(n, isOwed));
          } else if (does === 'delete') {
            table.delete(kind, key);
            model.delete(`${kind} ${key}`);
          } else {
            const changes = table.takeChanged();
            log = does === 'log' ? Buffer.concat([log, table.records(changes)]) : table.records();
          }
        }
        log = Buffer.concat([log, table.records(table.takeChanged())]);
        const back = entityTable(1000);
        // In pieces of any length.
        for (let at = 0, end = 50; at < log.length; end += 50) at += back.apply(log.subarray(at, end));
        for (const one of [table, back]) {
          expect(one.size).toBe(model.size);
          for (const kind of kinds)
            for (const key of ['a', 'b', 'ä 漢', '\ud800'])
              expect(one.get(kind, key)).toEqual(model.get(`${kind} ${key}`));
          const owed = [...model].filter(([, { owedAs }]) => owedAs !== null).map(([name]) => name);
          expect([...one.owed()].map(({ kind, key }) => `${kind} ${key}`).toSorted()).toEqual(owed.toSorted());
          expect(one.owedCount).toBe(owed.length);
          expect(one.logBytes).toBe(one.records().length);
        }
        expect(back.takeChanged().size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('take no place in a log when they are set as they were', () => {
    const table = entityTable(10);
    table.set('user', 'key', note(1, true));
    table.takeChanged();
    table.set('user', 'key', note(1, true));
    expect(table.takeChanged().size).toBe(0);
    table.set('user', 'key', { ...note(1, true), owedAs: null });
    expect(table.takeChanged().size).toBe(1);
  });

  it('leave when there are too many: files and meetings first, then sites, users, agents; the least recently set first', () => {
    const table = entityTable(400);
    const all = ['agent', 'user', 'site', 'meeting', 'file'] as const;
    for (const kind of all) for (let n = 0; n < 80; n++) table.set(kind, `${n}`, note(n));
    expect([table.size, table.evictedCount]).toEqual([400, 0]);
    table.set('meeting', '0', note(0));
    table.takeChanged();
    const counts = (): readonly number[] =>
      all.map((kind) => Array.from({ length: 400 }, (_, n) => table.get(kind, `${n}`)).filter(Boolean).length);

    table.set('user', '80', note(80));
    expect(counts()).toEqual([80, 81, 80, 75, 80]);
    expect(table.evictedCount).toBe(5);
    expect(table.get('meeting', '0')).toBeDefined();
    expect(table.get('meeting', '1')).toBeUndefined();
    // A log forgets them, too.
    expect(table.takeChanged().size).toBe(6);

    for (let n = 81; n < 320; n++) table.set('user', `${n}`, note(n));
    expect(counts()).toEqual([80, 320, 0, 0, 0].map((n) => expect.toSatisfy((found: number) => found >= n * 0.98)));
    for (let n = 80; n < 400; n++) table.set('agent', `${n}`, note(n));
    expect(table.size).toBeLessThanOrEqual(400);
    expect(table.get('agent', '0')).toBeDefined();
    expect(table.get('user', '0')).toBeUndefined();
  });

  it('are at most as many as may be when a log has more', () => {
    const large = entityTable(1000);
    for (let n = 0; n < 1000; n++) large.set('file', `${n}`, note(n));
    const small = entityTable(100);
    small.apply(large.records());
    small.fit();
    expect([small.size, small.evictedCount]).toEqual([99, 901]);
    expect(small.get('file', '999')).toEqual(note(999));
    expect(small.takeChanged().size).toBe(901);
  });

  const owed = { firstSeenMs: null, written: null, owedAs: '' };
  const keysOf = (table: EntityTable): readonly string[] => Array.from(table.owed(), ({ key }) => key);

  it('know at most 50,000 that are owed, and none by an empty or endless key', () => {
    const table = entityTable(60_000);
    for (let n = 0; n < 50_010; n++) table.set('file', `${n}`, owed);
    expect([table.size, table.owedCount, table.givenUpCount]).toEqual([50_010, 50_000, 10]);
    expect(table.get('file', '50009')?.owedAs).toBeNull();
    for (const [key, owedAs] of [
      ['', ''],
      ['x'.repeat(40_000), ''],
      ['x', 'x'.repeat(40_000)],
    ] as const) {
      const one = entityTable(10);
      one.set('file', key, { ...owed, owedAs });
      expect([one.size, one.owedCount, one.givenUpCount]).toEqual([1, 0, 1]);
    }
    const longest = entityTable(10);
    longest.set('file', 'x'.repeat(30_000), { ...owed, owedAs: 'y'.repeat(2_766) });
    const back = entityTable(10);
    back.apply(longest.records());
    expect([...back.owed()]).toEqual([...longest.owed()]);
    expect(back.owedCount).toBe(1);
  });

  it('give up look-ups of files for those of users when there are too many, and a log forgets them', () => {
    const table = entityTable(60_000);
    for (let n = 0; n < 49_999; n++) table.set(n % 2 === 0 ? 'file' : 'agent', `${n}`, owed);
    table.set('user', 'first', owed);
    table.takeChanged();
    table.set('user', 'anna@contoso.example', owed);
    expect(table.get('user', 'anna@contoso.example')?.owedAs).toBe('');
    expect(table.get('agent', '1')?.owedAs).toBe('');
    expect(table.get('file', '0')).toEqual({ ...owed, owedAs: null });
    expect([table.owedCount, table.givenUpCount]).toEqual([49_501, 500]);
    expect(table.takeChanged().size).toBe(501);
    // None is left that could give way.
    const crowd = entityTable(60_000);
    for (let n = 0; n < 50_000; n++) crowd.set('user', `${n}`, owed);
    crowd.set('user', 'one more', owed);
    expect([crowd.owedCount, crowd.givenUpCount]).toEqual([50_000, 1]);
  });

  it('give in turn what is owed: the one first that was not given for longest', () => {
    const table = entityTable(10);
    for (const key of ['a', 'b', 'c']) table.set('user', key, owed);
    for (const { key } of table.owed()) if (key === 'b') break;
    expect(keysOf(table)).toEqual(['c', 'a', 'b']);
    expect(keysOf(table)).toEqual(['c', 'a', 'b']);
    // A new one comes last, and what was set again keeps its turn.
    table.set('user', 'd', owed);
    table.set('user', 'c', { ...owed, owedAs: '["more"]' });
    expect([...table.owed()].map(({ key, owedAs }) => key + owedAs)).toEqual(['c["more"]', 'a', 'b', 'd']);
    expect(table.takeChanged().size).toBe(4);
    keysOf(table);
    expect(table.takeChanged().size).toBe(0);
  });

  it('take less than 200 bytes each, whatever their keys, also when others took the place of most', () => {
    const count = 50_000;
    const table = entityTable(count);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = (): number => {
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = used();
    for (let n = 0; n < count * 5; n++)
      table.set('file', `https://contoso.sharepoint.com/${'x'.repeat(80)}/${n}`, note(n));
    table.takeChanged();
    const bytes = (used() - before) / count;
    expect(table.size).toBeGreaterThan(count * 0.98);
    expect(bytes).toBeLessThan(200);
  });
});
