import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { archive } from '../../../collector/archive/archive.ts';
import { type ArchivedRecord, toLine } from '../../../collector/archive/archived-record.ts';
import { diskArchive } from '../../../collector/archive/disk-archive.ts';
import { objectName, objectsOf } from '../../../collector/archive/place.ts';
import { type ArchivePart, readArchive } from '../../../collector/archive/read-archive.ts';
import { directory, idOf, idsOf, nowMs, record, signal, textOf } from './archive-rig.ts';

const always = { fromMs: -Infinity, toMs: Infinity };
const kept = (n: number, more: object = {}): ArchivedRecord => ({
  id: idOf(n),
  source: 'activity-feed',
  contentCreated: null,
  collectedTime: '2026-11-18T12:00:00.000Z',
  record: record(n, more),
});
const all = (place: ReturnType<typeof diskArchive>, span = always): Promise<readonly ArchivePart[]> =>
  Array.fromAsync(readArchive(place, span, signal));

describe('the archive', () => {
  it('writes one object per commit, of all that was added, in the folder of its hour', async () => {
    const place = diskArchive(await directory());
    const made = archive(place, { now: () => nowMs });
    await made.add([kept(1), kept(2)], signal);
    await made.add([kept(3)], signal);
    expect(await place.list(signal)).toEqual([]);
    await made.save(signal);
    await made.save(signal);
    const names = await place.list(signal);
    expect(names).toEqual([expect.stringMatching(/^2026\/11\/18\/12\/20261118T120000000Z-[0-9a-f]{64}\.ndjson\.gz$/)]);
    expect(idsOf(await textOf(place))).toEqual([idOf(1), idOf(2), idOf(3)]);
  });

  it('names an object by the hash of its bytes, and takes the right to write from it', async () => {
    const at = await directory();
    const place = diskArchive(at);
    const made = archive(place, { now: () => nowMs });
    await made.add([kept(1)], signal);
    await made.save(signal);
    const [name = ''] = await place.list(signal);
    const hash = createHash('sha256')
      .update(await readFile(join(at, name)))
      .digest('hex');
    expect(name).toContain(hash);
    expect((await stat(join(at, name))).mode & 0o777).toBe(0o400);
  });

  it('can be read with zcat, several members in one object', async (context) => {
    const at = await directory();
    const place = diskArchive(at);
    const made = archive(place, { now: () => nowMs });
    await made.add([kept(1)], signal);
    await made.add([kept(2)], signal);
    await made.save(signal);
    const [name = ''] = await place.list(signal);
    const { stdout, error } = spawnSync('zcat', [join(at, name)], { encoding: 'utf8' });
    context.skip(error !== undefined, 'there is no zcat here');
    expect(
      stdout
        .split('\n')
        .slice(0, 2)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([kept(1), kept(2)]);
  });

  it('writes before a commit when an object is full, so that memory stays bounded', async () => {
    const place = diskArchive(await directory());
    const stored: number[] = [];
    const made = archive(place, { now: () => nowMs, onStored: (n) => void stored.push(n), objectBytes: 40_000 });
    // Text of random bytes: 20 KB of it do not get shorter than 15 KB.
    const noise = randomBytes(15_000).toString('base64');
    for (let n = 1; n <= 4; n++) await made.add([kept(n, { Noise: `${n}${noise}` })], signal);
    expect(stored).toEqual([3]);
    await made.save(signal);
    expect(stored).toEqual([3, 1]);
    expect((await all(place)).flatMap(({ records }) => records.map(({ id }) => id)).toSorted()).toEqual(
      [1, 2, 3, 4].map(idOf),
    );
  });

  it('leaves out hours outside of a span, and files that are not its own', async () => {
    const at = await directory();
    const place = diskArchive(at);
    for (const [n, hours] of [0, 1, 2].entries()) {
      const made = archive(place, { now: () => nowMs + hours * 3_600_000 });
      await made.add([kept(n)], signal);
      await made.save(signal);
    }
    await writeFile(join(at, '2026/11/18/12/notes.txt'), 'x');
    await mkdir(join(at, 'elsewhere'));
    await writeFile(join(at, 'elsewhere/a.ndjson.gz'), 'x');
    const found = await all(place, { fromMs: nowMs + 3_600_000, toMs: nowMs + 2 * 3_600_000 });
    expect(found.flatMap(({ records }) => records.map(({ id }) => id))).toEqual([idOf(1)]);
    expect((await all(place)).length).toBe(3);
  });

  it('gives of a damaged object what comes before the damage, says so, and goes on with the next', async () => {
    const at = await directory();
    const place = diskArchive(at);
    for (const hours of [0, 1]) {
      const made = archive(place, { now: () => nowMs + hours * 3_600_000 });
      for (let n = 1; n <= 3; n++) await made.add([kept(hours * 10 + n)], signal);
      await made.save(signal);
    }
    const [first = ''] = await place.list(signal);
    const whole = await readFile(join(at, first));
    const cut = first.replace(/-.*/, `-${'0'.repeat(64)}.ndjson.gz`);
    await mkdir(dirname(join(at, cut)), { recursive: true });
    await writeFile(join(at, cut), whole.subarray(0, whole.length - 20));
    const parts = await all(place);
    expect(parts.map(({ records, problem }) => [records.map(({ id }) => id), problem !== undefined])).toEqual([
      [[idOf(1), idOf(2)], true],
      [[idOf(1), idOf(2), idOf(3)], false],
      [[idOf(11), idOf(12), idOf(13)], false],
    ]);
  });

  it('counts lines that are no records', async () => {
    const place = diskArchive(await directory());
    const bytes = gzipSync(`{"a":1}\nnot json\n${JSON.stringify(kept(1))}\n`);
    await place.put(objectName(bytes, nowMs), bytes, signal);
    const [part, ...more] = await all(place);
    expect(part).toMatchObject({ unreadable: 2, records: [{ id: idOf(1) }] });
    expect([part?.problem, more]).toEqual([undefined, []]);
  });

  it('notices that whole members are gone, which gzip does not', async () => {
    const at = await directory();
    const place = diskArchive(at);
    const made = archive(place, { now: () => nowMs });
    await made.add([kept(1)], signal);
    const firstMember = gzipSync(toLine(kept(1))).length;
    await made.add([kept(2)], signal);
    await made.save(signal);
    const [name = ''] = await place.list(signal);
    const whole = await readFile(join(at, name));
    await rm(join(at, name));
    await writeFile(join(at, name), whole.subarray(0, firstMember));
    const parts = await all(place);
    expect(parts.flatMap(({ records }) => records.map(({ id }) => id))).toEqual([idOf(1)]);
    expect(parts.map(({ problem }) => problem)).toEqual([expect.stringContaining('SHA-256')]);
  });

  it('takes no name for an object whose folder is no hour', () => {
    const name = (folder: string): string => `${folder}/20261118T120000000Z-${'1'.repeat(64)}.ndjson.gz`;
    const folders = ['2026/13/18/12', '1969/12/31/23', '2026/11/18/12'];
    expect(objectsOf(folders.map(name))).toEqual([name('2026/11/18/12')]);
  });

  it('is empty where nothing was written yet, and says what is wrong with a place that cannot be used', async () => {
    const at = await directory();
    expect(await diskArchive(join(at, 'none')).list(signal)).toEqual([]);
    await writeFile(join(at, 'file'), '');
    const made = archive(diskArchive(join(at, 'file')), { now: () => nowMs });
    await made.add([kept(1)], signal);
    await expect(made.save(signal)).rejects.toThrow(/^archive: .*: .*remove the file.*or point ARCHIVE_URL elsewhere/);
  });
});
