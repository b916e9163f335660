import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { toCheckpointText } from '../../../collector/state/checkpoint.ts';
import type { CollectorState } from '../../../collector/state/held-state.ts';
import { state, type State } from '../../../collector/state/state.ts';
import { memoryPlace, type Fault, type MemoryPlace } from './memory-place.ts';
import { dump, note } from './state-dump.ts';

const day = 86_400_000;
const start = Date.parse('2026-10-01T12:00:00Z');

const open = async (
  place: MemoryPlace,
  { now = () => start, entitiesMax = 200_000 } = {},
): Promise<{ store: State; held: CollectorState }> => {
  place.restart();
  const store = state(place, { now, entitiesMax });
  return { store, held: await store.load() };
};
const logs = (place: MemoryPlace): ReadonlyMap<string, number> =>
  new Map(
    [...place.files].filter(([name]) => name.startsWith('entities/')).map(([name, { length }]) => [name, length]),
  );
const setFiles = (held: CollectorState, count: number, n: number): void => {
  for (let file = 0; file < count; file++) held.entities.set('file', `file ${file}`, note(file + n));
};

test('a save appends what changed, whatever there is', async () => {
  const place = memoryPlace();
  const { store, held } = await open(place);
  setFiles(held, 1000, 0);
  await store.save(held);
  expect([...logs(place).values()]).toEqual([43_000]);
  held.entities.set('file', 'file 7', note(9999));
  held.entities.set('file', 'file 8', note(8));
  await store.save(held);
  expect([...logs(place).values()]).toEqual([43_043]);
  await store.save(held);
  expect([...logs(place).values()]).toEqual([43_043]);
});

test('each day begins a segment, so that none has more appends than an append blob takes; 16 become one', async () => {
  const place = memoryPlace();
  let now = start;
  const { store, held } = await open(place, { now: () => now });
  setFiles(held, 10, 0);
  for (let n = 1; n <= 16; n++) {
    held.entities.set('file', 'file 0', note(n));
    await store.save(held);
    await store.save(held);
    expect(logs(place).size).toBe(n);
    now += day;
  }
  held.entities.set('file', 'file 0', note(50));
  await store.save(held);
  expect(logs(place)).toEqual(new Map([['entities/2026-10-17.notes', 430]]));
  const back = await open(place);
  expect(back.held.entities.get('file', 'file 0')).toEqual(note(50));
  expect(back.held.entities.get('file', 'file 9')).toEqual(note(9));
});

test('a log of more than twice its notes and a megabyte is written anew', async () => {
  const place = memoryPlace();
  const { store, held } = await open(place);
  const lengths: number[] = [];
  for (let n = 0; n < 5; n++) {
    setFiles(held, 30_000, n);
    await store.save(held);
    lengths.push([...logs(place).values()].reduce((sum, length) => sum + length, 0) / 43 / 30_000);
  }
  expect(lengths).toEqual([1, 2, 3, 1, 2]);
  const back = await open(place);
  expect(await dump(back.store, back.held, [])).toBe(await dump(store, held, []));
});

for (const fault of ['before', 'partial', 'after'] as const satisfies readonly Fault[]) {
  test.for(['on', 'off'] as const)(
    `a log that is written anew and fails (${fault}, power %s) at any step leaves the old notes or the new ones`,
    async (power, { expect }) => {
      for (let step = 0; step < 4; step++) {
        const place = memoryPlace();
        let now = start;
        const clock = { now: () => now };
        let { store, held } = await open(place, clock);
        for (let n = 1; n <= 16; n++, now += day) {
          setFiles(held, 3, n);
          await store.save(held);
        }
        const before = await dump(store, held, []);
        held.entities.set('file', 'file 0', note(50));
        held.entities.delete('file', 'file 1');
        const after = await dump(store, held, []);
        place.failAt(step, fault, power);
        const isSaved = await store.save(held).then(
          () => true,
          () => false,
        );
        expect(isSaved).toBe(step > 1);
        const copy = memoryPlace();
        for (const [name, bytes] of place.files) copy.files.set(name, bytes);
        const found = await open(copy, clock);
        const loaded = await dump(found.store, found.held, []);
        expect(isSaved ? [after] : [before, after], `step ${step}`).toContain(loaded);
        if (power === 'off') {
          ({ store, held } = await open(place, clock));
          held.entities.set('file', 'file 0', note(50));
          held.entities.delete('file', 'file 1');
        }
        await store.save(held);
        await store.save(held);
        const last = await open(place, clock);
        expect(await dump(last.store, last.held, []), `after step ${step}`).toBe(after);
        expect(logs(place).size).toBeLessThanOrEqual(2);
      }
    },
  );
}

test('those that left because there were too many do not come back', async () => {
  const place = memoryPlace();
  const { store, held } = await open(place, { entitiesMax: 100 });
  setFiles(held, 100, 0);
  await store.save(held);
  held.entities.set('user', 'user', note(1));
  expect(held.entities.evictedCount).toBe(2);
  await store.save(held);
  const back = await open(place);
  expect(back.held.entities.size).toBe(99);
  expect(back.held.entities.get('file', 'file 1')).toBeUndefined();
  expect(back.held.entities.get('file', 'file 2')).toEqual(note(2));
});

test('a lower maximum holds from the next load on', async () => {
  const place = memoryPlace();
  const { store, held } = await open(place);
  setFiles(held, 100, 0);
  await store.save(held);
  const back = await open(place, { entitiesMax: 10 });
  expect([back.held.entities.size, back.held.entities.evictedCount]).toEqual([9, 91]);
  await back.store.save(back.held);
  expect((await open(place)).held.entities.size).toBe(9);
});

test.for([
  ['bytes that end within a note', Buffer.alloc(50)],
  ['less than a note', Buffer.alloc(9)],
  ['a kind that never was', Buffer.alloc(43, 7)],
  [
    'a key that ends after its note',
    Buffer.concat([Buffer.alloc(16), Buffer.from([4, 0]), Buffer.alloc(25), Buffer.from([4, 0, 65, 0])]),
  ],
  ['half a length', Buffer.concat([Buffer.alloc(16), Buffer.from([1, 0]), Buffer.alloc(25), Buffer.from([4])])],
] as const)('%s are refused although their checksum is right', async ([, bytes], { expect }) => {
  const place = memoryPlace();
  const name = 'entities/2026-10-01.notes';
  const segment = { name, length: bytes.length, crc32: crc32(bytes) };
  const content = { written: '', records: [], sources: {}, deadLetters: [], entities: [segment] };
  place.files.set('checkpoint.json', Buffer.from(toCheckpointText(content, '1.2.3')));
  place.files.set(name, bytes);
  await expect(open(place)).rejects.toThrow(`state: memory/${name} holds what is no note of an entity: restore`);
});
