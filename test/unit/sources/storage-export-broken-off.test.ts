import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { ExportBlob, ExportContainer } from '../../../collector/sources/storage-export/blobs.ts';
import { BrokenOff, readBody } from '../../../collector/sources/storage-export/body.ts';
import { storageExport } from '../../../collector/sources/storage-export/storage-export.ts';
import { idOf, record, row } from './storage-export-rig.ts';
import { nothing, readPass } from './source-contract.ts';

/** A container whose blobs are in memory; the first answer for each name breaks off after so many bytes. */
function containerOf(files: Readonly<Record<string, string>>, breaks: Map<string, number>): ExportContainer {
  return {
    url: 'https://logs.example/dump',
    async *list(): AsyncGenerator<ExportBlob, void> {
      for (const [name, text] of Object.entries(files)) {
        const isAppend = name.startsWith('append');
        const common = {
          id: `https://logs.example/dump/${name}`,
          key: name,
          name,
          isAppend,
          isArchived: false,
          etag: 'e',
        };
        yield { ...common, length: Buffer.byteLength(text), modifiedMs: Date.now() };
      }
    },
    async open({ name }, { offset }) {
      const bytes = Buffer.from(files[name] ?? '').subarray(offset);
      const cut = breaks.get(name);
      breaks.delete(name);
      const chunks = function* (): Generator<Buffer, void> {
        yield bytes.subarray(0, cut);
        if (cut !== undefined) throw new Error('socket hang up\nauthorization: Bearer x');
      };
      return { ok: true, etag: 'e', bytes: Readable.from(chunks()) };
    },
  };
}

it('a growing blob that breaks off keeps the lines that came, and goes on after them', async () => {
  const text = `${row(1)}\r\n${row(2)}\r\n${row(3)}\r\n`;
  const container = containerOf({ append: text, 'b.json': `[${record(4)}]` }, new Map([['append', row(1).length + 9]]));
  const source = storageExport({ containers: [container], now: Date.now, positionEveryMs: 0, concurrency: 1 });
  const first = await readPass(source);
  expect([...first.last.ids].toSorted()).toEqual([1, 4].map(idOf));
  expect(String(first.error)).toMatch(/^SourceError: storage-export: .*append: broke off \(socket hang up\): goes on/);
  expect(String(first.error)).not.toContain('Bearer');
  const second = await readPass(source, { ...first.last, ids: new Set() });
  expect([second.error, [...second.last.ids].toSorted()]).toEqual([undefined, [2, 3].map(idOf)]);
});

it('what could not be read before a growing blob broke off is named once', async () => {
  const before = `${row(1)}\r\nno json\r\n`;
  const container = containerOf({ append: `${before}${row(2)}\r\n` }, new Map([['append', before.length + 9]]));
  const source = storageExport({ containers: [container], now: Date.now, positionEveryMs: 0 });
  const first = await readPass(source);
  const second = await readPass(source, first.last);
  const named = [first, second].map(({ batches }) =>
    batches.flatMap((batch) => (batch.kind === 'ended' ? [batch.unread?.count] : [])),
  );
  expect(named).toEqual([[1], [undefined]]);
});

it('a file that breaks off is no broken file: it is read whole at the next pass', async () => {
  const container = containerOf({ 'a.json': `[${record(1)},${record(2)}]` }, new Map([['a.json', 150]]));
  const source = storageExport({ containers: [container], now: Date.now, positionEveryMs: 0 });
  const first = await readPass(source);
  expect(String(first.error)).toContain('broke off');
  expect(first.batches.some(({ kind }) => kind === 'ended')).toBe(false);
  const second = await readPass(source, { ...nothing, cursor: first.last.cursor });
  expect([...second.last.ids]).toEqual([1, 2].map(idOf));
});

it('the point up to which everything is read stays where it was while something is not', async () => {
  const container = containerOf({ 'a.json': `[${record(1)}]` }, new Map([['a.json', 5]]));
  const source = storageExport({ containers: [container], now: Date.now });
  const first = await readPass(source);
  expect(first.batches.at(-1)).toMatchObject({ kind: 'position', readUpTo: null });
  const second = await readPass(source, first.last);
  expect(second.batches.at(-1)).toMatchObject({ kind: 'position', readUpTo: expect.stringMatching(/^20/) });
});

it('a body that sends nothing breaks off, but not because nobody reads it', async () => {
  const { signal } = new AbortController();
  const silent = new Readable({ read: () => undefined });
  await expect(readBody(silent, { signal, stallMs: 20 })).rejects.toThrow(BrokenOff);
  const slowly = await readBody(Readable.from([Buffer.from('a'), Buffer.from('b')]), { signal, stallMs: 20 });
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(Buffer.concat(await Array.fromAsync(slowly.bytes)).toString()).toBe('ab');
});
