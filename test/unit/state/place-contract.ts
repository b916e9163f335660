import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { TakenError, type Place } from '../../../collector/state/place.ts';
import type { Bench } from './bench.ts';

const first = 'records/2026-10-01T12.ids';
const second = 'dead-letters/2026-10-01.ndjson';
const bytes = (text: string): Buffer => Buffer.from(text);

async function read(place: Place, segment: string, offset: number, length: number): Promise<string> {
  const into = Buffer.alloc(length, '.');
  return into.toString('utf8', 0, await place.read(segment, offset, into));
}

/** What every place promises; `bench` gives a new one each time. */
export function placeContract(kind: string, bench: () => Promise<Bench>): void {
  const opened = async (): Promise<{ at: Bench; place: Place; lost: AbortSignal }> => {
    const at = await bench();
    const place = at.place();
    return { at, place, lost: await place.open() };
  };
  /** Another process becomes the writer, and the first one is not told. */
  const seized = async (at: Bench): Promise<Place> => {
    await at.restart();
    const other = at.place();
    await other.open();
    return other;
  };

  describe(`a place: ${kind}`, () => {
    test('is empty at first', async () => {
      const { place, lost } = await opened();
      expect(await place.readCheckpoint()).toBeUndefined();
      expect(await place.list()).toEqual([]);
      expect(lost.aborted).toBe(false);
    });

    test('gives the checkpoint that was put last, to the next process, too', async () => {
      const { at, place, lost } = await opened();
      await place.replaceCheckpoint('first');
      await place.replaceCheckpoint('zweiter ä 漢\n');
      expect(await place.readCheckpoint()).toBe('zweiter ä 漢\n');
      await place.close();
      expect(lost.aborted).toBe(false);
      const next = at.place();
      await next.open();
      expect(await next.readCheckpoint()).toBe('zweiter ä 漢\n');
      await next.replaceCheckpoint('third');
      expect((await at.files()).get('checkpoint.json')?.toString()).toBe('third');
    });

    test.for([
      ['the beginning', 0, 3, 'abc'],
      ['the middle', 2, 2, 'cd'],
      ['more than there is', 4, 100, 'ef'],
      ['what is behind the end', 6, 4, ''],
      ['what is far behind the end', 60, 4, ''],
      ['nothing', 2, 0, ''],
    ] as const)('reads %s', async ([, offset, length, expected], { expect }) => {
      const { place } = await opened();
      await place.append(first, 0, bytes('abc'));
      await place.append(first, 3, bytes('def'));
      expect(await read(place, first, offset, length)).toBe(expected);
    });

    test.for([
      ['a segment that is there already', 0],
      ['before its end', 2],
      ['behind its end', 4],
    ] as const)('refuses to append to %s, and leaves it as it is', async ([, offset], { expect }) => {
      const { at, place } = await opened();
      await place.append(first, 0, bytes('abc'));
      await expect(place.append(first, offset, bytes('xyz'))).rejects.toThrow(first);
      expect((await at.files()).get(first)?.toString()).toBe('abc');
    });

    test('keeps a segment of many megabytes as it was given', async () => {
      const { at, place } = await opened();
      const large = randomBytes((9 << 20) + 1);
      await place.append(first, 0, large.subarray(0, 7));
      await place.append(first, 7, large.subarray(7));
      expect(large.equals((await at.files()).get(first) ?? Buffer.alloc(0))).toBe(true);
      expect(await place.list()).toEqual([{ name: first, length: large.length }]);
    });

    test('lists segments and nothing else', async () => {
      const { at, place } = await opened();
      await place.replaceCheckpoint('text');
      for (const other of ['notes.txt', 'records/notes.txt', 'Pictures.blobs/a.ids', 'photos/a.ids'])
        await at.put(other, bytes('mine'));
      await place.append(second, 0, bytes('ab'));
      await place.append('activity-feed.blobs/2026-10-01T12.2.ids', 0, bytes('abc'));
      await place.append(first, 0, bytes('a'));
      expect((await place.list()).toSorted((a, b) => a.length - b.length)).toEqual([
        { name: first, length: 1 },
        { name: second, length: 2 },
        { name: 'activity-feed.blobs/2026-10-01T12.2.ids', length: 3 },
      ]);
    });

    test('removes a segment that it made or found, and one that is gone without a word', async () => {
      const { at, place } = await opened();
      await at.put(second, bytes('found'));
      await place.append(first, 0, bytes('abc'));
      expect(await place.list()).toHaveLength(2);
      for (const segment of [first, second, first]) await place.remove(segment);
      expect(await place.list()).toEqual([]);
      await place.append(first, 0, bytes('anew'));
      expect(await read(place, first, 0, 9)).toBe('anew');
    });

    test('is for one process at a time', async () => {
      const { at, place } = await opened();
      const other = at.place();
      const refusal = await other.open().then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).toBeInstanceOf(TakenError);
      expect(String(refusal)).toMatch(/is in use by .*process.*: .*stop that process/);
      expect(String(refusal)).toContain(place.name);
      await other.close();
      await place.append(first, 0, bytes('still ours'));
      await place.replaceCheckpoint('still ours');
      await place.close();
      await other.open();
      await other.replaceCheckpoint('theirs');
    });

    test('says that it is lost when it finds out, replaces nothing from then on, and lets go of nothing', async () => {
      const { at, place, lost } = await opened();
      await place.replaceCheckpoint('ours');
      const other = await seized(at);
      await expect(place.replaceCheckpoint('late')).rejects.toThrow(TakenError);
      expect(lost.aborted).toBe(true);
      expect(lost.reason).toBeInstanceOf(TakenError);
      await expect(place.replaceCheckpoint('later')).rejects.toBe(lost.reason);
      expect((await at.files()).get('checkpoint.json')?.toString()).toBe('ours');
      await place.close();
      await expect(at.place().open()).rejects.toThrow(TakenError);
      await other.replaceCheckpoint('theirs');
      await other.close();
      // In line again.
      expect((await place.open()).aborted).toBe(false);
      expect(await place.readCheckpoint()).toBe('theirs');
    });

    test('removes nothing that another process made under the same name', async () => {
      const { at, place } = await opened();
      await place.append(first, 0, bytes('ours'));
      const other = await seized(at);
      await other.remove(first);
      await other.append(first, 0, bytes('theirs'));
      await expect(place.remove(first)).rejects.toThrow(place.name);
      await expect(place.append(first, 4, bytes('!'))).rejects.toThrow(place.name);
      await expect(place.append(first, 0, bytes('!'))).rejects.toThrow(place.name);
      await expect(place.remove(first)).rejects.toThrow(place.name);
      expect((await at.files()).get(first)?.toString()).toBe('theirs');
    });
  });
}
