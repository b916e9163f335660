import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import { state, type State } from '../../../collector/state/state.ts';
import { memoryPlace, type Fault } from './memory-place.ts';
import { deadLetter, dump, guid, note } from './state-dump.ts';

const now = Date.parse('2026-10-01T12:00:00Z');
const hour = Math.trunc(now / 3_600_000);
const sources = ['activity-feed'];
const faults: readonly Fault[] = ['before', 'partial', 'after'];

/** Everything a commit can hold: more in a known segment, a new segment, a segment to be removed, letters both ways. */
function change(store: State, held: CollectorState, from: number): void {
  const feed = held.source('activity-feed');
  feed.cursor = `cursor ${from}`;
  feed.ledger.count(hour, 'seen', 20);
  held.records.evictBefore(hour - 8 + from / 100);
  for (let n = from; n < from + 20; n++) held.records.add(guid(n), hour - (n % 2) * 8 + from / 100);
  feed.blobs.add(`blob ${from}`, hour);
  held.putAside(deadLetter(`letter ${from}`));
  held.entities.set('file', `file ${from}`, note(from));
  held.entities.set('user', 'user', note(from, from === 0));
  held.entities.set('agent', `agent ${from}`, note(from, true));
  held.entities.delete('file', `file ${from - 100}`);
  store.removeDeadLetters(new Set([`letter ${from - 100}`]));
}

const open = async (place: ReturnType<typeof memoryPlace>): Promise<{ store: State; held: CollectorState }> => {
  place.restart();
  const store = state(place, { now: () => now });
  return { store, held: await store.load() };
};

for (const power of ['off', 'on'] as const) {
  const what = power === 'off' ? 'a power cut' : 'a failure';
  test(`${what} at any step of a save leaves the old state or the new one, and the next save completes`, async () => {
    const seen = { old: 0, new: 0 };
    for (const fault of faults) {
      for (let step = 0, steps = 1; step < steps; step++) {
        const place = memoryPlace();
        let { store, held } = await open(place);
        change(store, held, 0);
        await store.save(held);
        const before = await dump(store, held, sources);
        change(store, held, 100);
        const after = await dump(store, held, sources);

        place.failAt(step, fault, power);
        const isSaved = await store.save(held).then(
          () => true,
          () => false,
        );
        if (step === 0) {
          // Counts the steps of a whole save once.
          const rehearsal = memoryPlace();
          const whole = await open(rehearsal);
          change(whole.store, whole.held, 0);
          await whole.store.save(whole.held);
          change(whole.store, whole.held, 100);
          rehearsal.failAt(-1, fault, 'on');
          await whole.store.save(whole.held);
          steps = rehearsal.changes;
        }
        const onDisk = memoryPlace();
        for (const [name, bytes] of place.files) onDisk.files.set(name, bytes);
        const found = await open(onDisk);
        const loaded = await dump(found.store, found.held, sources);
        expect(isSaved ? [after] : [before, after], `${fault} at step ${step}`).toContain(loaded);
        seen[loaded === after ? 'new' : 'old']++;

        // The next save: of the same object after a failure, of what was found after a power cut.
        if (power === 'off') ({ store, held } = await open(place));
        if (power === 'off' && loaded === before) change(store, held, 100);
        await store.save(held);
        const final = await open(place);
        expect(await dump(final.store, final.held, sources), `save after ${fault} at step ${step}`).toBe(after);
      }
    }
    expect(seen.old).toBeGreaterThan(8);
    expect(seen.new).toBeGreaterThan(3);
  });
}

test('through any run of changes, failures and power cuts nothing saved is forgotten and nothing unsaved appears', async () => {
  const fault = fc.option(
    fc.record({
      at: fc.integer({ min: 0, max: 7 }),
      fault: fc.constantFrom(...faults),
      power: fc.constantFrom('on' as const, 'off' as const),
    }),
    { freq: 2, nil: undefined },
  );
  const step = fc.oneof(
    fc.record({
      does: fc.constant('add' as const),
      from: fc.integer({ min: 0, max: 400 }),
      count: fc.integer({ min: 1, max: 90 }),
      at: fc.integer({ min: 0, max: 3 }),
    }),
    fc.record({ does: fc.constant('evict' as const), at: fc.integer({ min: 0, max: 4 }) }),
    fc.record({
      does: fc.constant('note' as const),
      n: fc.integer({ min: 0, max: 3 }),
      at: fc.integer({ min: 0, max: 2 }),
      isOwed: fc.boolean(),
    }),
    fc.record({ does: fc.constant('forget' as const), n: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ does: fc.constant('put aside' as const), letter: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ does: fc.constant('replay' as const), letter: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ does: fc.constant('save' as const), fault }),
    fc.record({ does: fc.constant('save' as const), fault }),
    fc.record({ does: fc.constant('restart' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const place = memoryPlace();
      let { store, held } = await open(place);
      // What a restart may find: the last save that resolved, or one that failed after it.
      let possible = [await dump(store, held, sources)];
      for (const taken of steps) {
        if (taken.does === 'add') {
          for (let n = 0; n < taken.count; n++) held.records.add(guid(taken.from + n), hour + taken.at);
          held.source('activity-feed').cursor = `${taken.from}`;
        } else if (taken.does === 'evict') held.records.evictBefore(hour + taken.at);
        else if (taken.does === 'note') held.entities.set('file', `file ${taken.n}`, note(taken.at, taken.isOwed));
        else if (taken.does === 'forget') held.entities.delete('file', `file ${taken.n}`);
        else if (taken.does === 'put aside') held.putAside(deadLetter(`letter ${taken.letter}`));
        else if (taken.does === 'replay') store.removeDeadLetters(new Set([`letter ${taken.letter}`]));
        else if (taken.does === 'save') {
          if (taken.fault !== undefined) place.failAt(taken.fault.at, taken.fault.fault, taken.fault.power);
          const current = await dump(store, held, sources);
          const isSaved = await store.save(held).then(
            () => true,
            () => false,
          );
          possible = isSaved ? [current] : [...possible, current];
          place.failAt(-1, 'before', 'on');
        } else {
          ({ store, held } = await open(place));
          const found = await dump(store, held, sources);
          assert.ok(possible.includes(found), found);
          possible = [found];
        }
      }
    }),
    { numRuns: 300 },
  );
});
