/** Blobs that change between passes in ways that are not growth, and passes that end in the middle of one. */
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Batch } from '../../../collector/contracts.ts';
import type { ExportContainer } from '../../../collector/sources/storage-export/blobs.ts';
import { storageExport } from '../../../collector/sources/storage-export/storage-export.ts';
import { idOf, row } from './storage-export-rig.ts';
import { nothing, readPass } from './source-contract.ts';

interface Content {
  name?: string;
  text: string;
  etag: string;
  /** Since it was last written. */
  ageMs?: number;
}

/** A container with one append blob, as it is at the time of asking; a range that begins at its end is refused. */
function growing(content: Content) {
  const asked: number[] = [];
  const container: ExportContainer = {
    url: 'https://logs.example/dump',
    async *list() {
      const { name = 'PT1H.json', text, etag, ageMs = 0 } = content;
      const id = `https://logs.example/dump/${name}`;
      const rest = {
        isAppend: true,
        isArchived: false,
        length: Buffer.byteLength(text),
        modifiedMs: Date.now() - ageMs,
      };
      yield { id, key: 'k', name, etag, ...rest };
    },
    async open(_blob, { offset, count }) {
      asked.push(offset);
      const bytes = Buffer.from(content.text).subarray(offset, count === undefined ? undefined : offset + count);
      if (bytes.length === 0) return { ok: false, reason: 'InvalidRange (416)' };
      return { ok: true, etag: content.etag, bytes: Readable.from([bytes]) };
    },
  };
  return {
    source: storageExport({ containers: [container], now: Date.now, positionEveryMs: 0, pollSeconds: 0 }),
    asked,
  };
}

const line = (number: number): string => `${row(number)}\r\n`;
const endings = (batches: readonly Batch[]) => batches.filter(({ kind }) => kind === 'ended');

it('a growing blob whose properties alone changed has nothing new, and nothing of it is lost', async () => {
  const content = { text: line(1), etag: 'a' };
  const { source } = growing(content);
  const first = await readPass(source);
  content.etag = 'b';
  const second = await readPass(source, first.last);
  expect([second.error, new Set(second.batches.map(({ kind }) => kind))]).toEqual([undefined, new Set(['position'])]);
  content.text += line(2);
  content.etag = 'c';
  const third = await readPass(source, { ...second.last, ids: new Set() });
  expect([...third.last.ids]).toEqual([idOf(2)]);
});

it('a blob that was made anew under its name and time of creation, and is longer now, is read from its beginning', async () => {
  const content = { text: line(1), etag: 'a' };
  const { source, asked } = growing(content);
  const first = await readPass(source);
  content.text = `${JSON.stringify({ pad: 'x'.repeat(line(1).length) })}\r\n${line(2)}${line(3)}`;
  content.etag = 'b';
  const second = await readPass(source, { ...first.last, ids: new Set() });
  expect([...second.last.ids]).toEqual([2, 3].map(idOf));
  expect(endings(second.batches)).toMatchObject([{ outcome: { kind: 'fetched' }, unread: undefined }]);
  content.text += line(4);
  content.etag = 'c';
  await readPass(source, second.last);
  // What is known is not read again.
  expect(asked.at(-1)).toBeGreaterThan(line(1).length);
});

it('half a line that was taken for one after a day is read whole when the rest comes after all', async () => {
  const half = row(2).slice(0, 90);
  const content: Content = { text: `${line(1)}${half}`, etag: 'a', ageMs: 2 * 86_400_000 };
  const { source } = growing(content);
  const first = await readPass(source);
  expect(endings(first.batches)).toMatchObject([{ unread: { count: 1, from: line(1).length } }]);
  content.text = `${line(1)}${line(2)}${line(3)}`;
  content.etag = 'b';
  const second = await readPass(source, first.last);
  expect([...second.last.ids]).toEqual([1, 2, 3].map(idOf));
  expect(endings(second.batches)).toMatchObject([{ unread: undefined }]);
});

it('whenever a pass ends in a growing blob, what it could not read is named by this pass or the next', async () => {
  const many = Array.from({ length: 3000 }, (_, n) => line(n)).join('');
  const content = { text: `${line(1)}no json\r\n${many}${line(5000)}`, etag: 'a' };
  const { source } = growing(content);
  const whole = await readPass(source);
  const named = (batches: readonly Batch[]): number =>
    batches.reduce((sum, batch) => sum + (batch.kind === 'ended' ? (batch.unread?.count ?? 0) : 0), 0);
  expect(named(whole.batches)).toBe(1);
  expect(whole.batches.filter(({ kind }) => kind === 'records').length).toBeGreaterThan(2);
  for (const [done, memory] of whole.memories.entries()) {
    const rest = await readPass(source, { ...memory, ids: new Set() });
    expect(named(whole.batches.slice(0, done)) + named(rest.batches), `after ${done} batches`).toBeGreaterThanOrEqual(
      1,
    );
  }
});

it.for(['y=0001/m=01/d=01/h=00', 'y=0100/m=1/d=1/h=1', 'y=1969/m=12/d=31/h=23'])(
  'an hour before there were any, as an unset time is written, is not the hour of a blob: %s',
  async (path) => {
    const { source } = growing({ name: `${path}/PT1H.json`, text: line(1), etag: 'a' });
    const { batches, error } = await readPass(source);
    expect(error).toBe(undefined);
    const hours = batches.flatMap((batch) => ('hour' in batch ? [batch.hour] : []));
    expect(Math.min(...hours)).toBeGreaterThan(Date.parse('2026-01-01T00:00:00Z') / 3_600_000);
  },
);

it('a line that holds several rows is read as that', async () => {
  const { source } = growing({ text: `${line(1)}[${row(2)},${row(3)}]\r\n`, etag: 'a' });
  expect([...(await readPass(source, nothing)).last.ids]).toEqual([1, 2, 3].map(idOf));
});
