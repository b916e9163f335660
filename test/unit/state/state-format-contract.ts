import { describe, test } from 'vitest';
import { checkpointName } from '../../../collector/state/place.ts';
import { state } from '../../../collector/state/state.ts';
import type { Bench } from './bench.ts';
import { format1 } from './format-1.ts';
import { format2 } from './format-2.ts';
import { fill, hour, opened, reopened, sources } from './state-case.ts';
import { deadLetter, dump, guid } from './state-dump.ts';

const older = [
  ['format 1', format1],
  ['format 2', format2],
] as const;

/** What state is read at every place, and what is refused; `bench` gives a new one each time. */
export function stateFormatContract(kind: string, bench: () => Promise<Bench>): void {
  describe(`the saved state: ${kind}`, () => {
    describe('refuses to start', () => {
      const segment = 'records/2026-10-01T12.ids';
      const edited =
        (edit: (text: string) => string, name = checkpointName) =>
        async (at: Bench): Promise<void> =>
          at.put(name, Buffer.from(edit((await at.files()).get(name)?.toString('latin1') ?? ''), 'latin1'));
      const damages: readonly (readonly [string, (at: Bench) => Promise<void>, RegExp])[] = [
        [
          'a newer format',
          edited((text) => text.replace('"format":3,"version":"1.2.3"', '"format":4,"version":"7.8.9"')),
          /checkpoint\.json has format 4, written by version 7\.8\.9 of the collector; this version reads formats 1 to 3: run version 7\.8\.9 or a newer one, or point STATE_URL at an empty place/,
        ],
        [
          'a newer format with nothing else that is known',
          edited(() => '{"format":9}'),
          /has format 9; this version reads formats 1 to 3: run the version of the collector that wrote it or a newer one/,
        ],
        [
          'a format that never was',
          edited((text) => text.replace('"format":3', '"format":0')),
          /has format 0, .*1\.2\.3/,
        ],
        [
          'a checkpoint that is cut off',
          edited((text) => text.slice(0, -9)),
          /checkpoint\.json is not valid JSON: restore/,
        ],
        // Blob Storage makes an empty one when there is none.
        [
          'an empty checkpoint',
          edited(() => ''),
          /checkpoint\.json is not valid JSON|has segments but no checkpoint\.json/,
        ],
        ['a checkpoint without format', edited(() => '{}'), /no format version/],
        ['a checkpoint without content', edited(() => '{"format":1}'), /no content/],
        [
          'a cursor that was edited',
          edited((text) => text.replace('cursor 0', 'cursor 9')),
          /checkpoint\.json was changed after/,
        ],
        [
          'a checkpoint that is gone',
          (at) => at.erase(checkpointName),
          /has segments but no checkpoint\.json: restore/,
        ],
        ['a segment that is gone', (at) => at.erase(segment), /records\/2026-10-01T12\.ids is missing: restore/],
        [
          'a segment that is short',
          (at) => at.put(segment, Buffer.alloc(32)),
          /2026-10-01T12\.ids ends after 32 bytes where the checkpoint has \d+: restore/,
        ],
        [
          'a segment that was changed',
          edited((text) => `${text.slice(0, 3)}\xff${text.slice(4)}`, segment),
          /2026-10-01T12\.ids was changed after/,
        ],
        [
          'dead letters that were changed',
          edited((text) => text.replace('letter', 'Xetter'), 'dead-letters/2026-10-01.ndjson'),
          /dead-letters\/2026-10-01\.ndjson was changed after/,
        ],
        [
          'notes of entities that were changed',
          edited((text) => `${text.slice(0, 30)}\xff${text.slice(31)}`, 'entities/2026-10-01.notes'),
          /entities\/2026-10-01\.notes was changed after/,
        ],
        [
          'notes of entities that are cut off',
          edited((text) => text.slice(0, -1), 'entities/2026-10-01.notes'),
          /entities\/2026-10-01\.notes ends after \d+ bytes where the checkpoint has \d+/,
        ],
        [
          'notes of entities that are gone',
          (at) => at.erase('entities/2026-10-01.notes'),
          /entities\/2026-10-01\.notes is missing/,
        ],
      ];
      test.for(damages)('on %s', async ([, damage, message], { expect }) => {
        const at = await bench();
        const { held, store } = await opened(at);
        fill(held, 0);
        await store.save(held);
        await damage(at);
        await at.put('records/2026-09-30T01.ids', Buffer.alloc(16));
        const before = await at.files();
        await expect(reopened(at)).rejects.toThrow(message);
        // Evidence stays, and the place is free for the next try.
        const after = await at.files();
        // An empty checkpoint may be shown or not.
        expect([...after].filter(([, bytes]) => bytes.length > 0)).toEqual(
          [...before].filter(([, bytes]) => bytes.length > 0),
        );
        await expect(state(at.place()).load()).rejects.toThrow(message);
      });
    });

    describe('of an older format', () => {
      test.for(older)('is read as it was meant, and saved in the format of today: %s', async ([, old], { expect }) => {
        const at = await bench();
        for (const [name, bytes] of old) await at.put(name, bytes);
        const { held, store } = await reopened(at);
        const feed = held.source('activity-feed');
        expect(feed.cursor).toBe('cursor of format 1');
        expect([...feed.parked.keys()]).toEqual(['blob 1']);
        expect(feed.blobs.has('blob 0')).toBe(true);
        expect([0, 1, 2, 3, 4, 5].map((n) => held.records.has(guid(n)))).toEqual([true, true, true, true, true, false]);
        expect(await store.deadLetters()).toEqual([deadLetter('letter 1')]);
        expect(held.entities.size).toBe(0);
        held.records.add(guid(5), hour);
        await store.save(held);
        const saved = await dump(store, held, sources);
        const files = await at.files();
        expect(files.get(checkpointName)?.toString()).toMatch(/^\{"format":3,"version":"1\.2\.3",/);
        // The old segments are gone on with, not written anew.
        expect([...files.keys()].toSorted()).toEqual([...old.keys()].toSorted());
        const back = await reopened(at);
        expect(await dump(back.store, back.held, sources)).toBe(saved);
      });

      test.for(older)('is refused when its checksum does not match: %s', async ([, old], { expect }) => {
        const at = await bench();
        for (const [name, bytes] of old) await at.put(name, bytes);
        const text = old.get(checkpointName)?.toString() ?? '';
        await at.put(checkpointName, Buffer.from(text.replace('"cursor of', '"cursor off')));
        await expect(reopened(at)).rejects.toThrow('was changed after it was written');
      });
    });
  });
}
