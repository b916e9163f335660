import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ActivityRecord } from '../../../collector/activity-records/activity-record.ts';
import { type ActivityWriter, jsonArrays, jsonLines } from '../../../collector/activity-records/writers.ts';
import { toBounds } from '../../../collector/commands/collection-span.ts';
import { exportActivities, type ExportOptions } from '../../../collector/commands/export.ts';
import { silentLog } from '../../../collector/log.ts';
import { blobOf, foreign, idOf, record, rejected, rig, signal } from '../archive/archive-rig.ts';

const silent = { show: () => undefined, end: () => undefined };
const always = { fromMs: -Infinity, toMs: Infinity };

/** Keeps what is written. */
function keeper(): ActivityWriter & { readonly records: ActivityRecord[] } {
  const records: ActivityRecord[] = [];
  return { records, write: async (more) => void records.push(...more), close: async () => 0 };
}
async function exported(input: ExportOptions['input'], more: Partial<ExportOptions> = {}) {
  const writer = keeper();
  const result = await exportActivities(
    {
      input,
      span: always,
      writer,
      parsing: { contentFields: 'drop' },
      seenIdsMax: 1000,
      log: silentLog(),
      ...more,
    },
    signal,
    silent,
  );
  return { ...result, records: writer.records };
}
async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'copilot-sentinel-export-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}
async function fileOf(name: string, bytes: string | Buffer): Promise<string> {
  const path = join(await directory(), name);
  await writeFile(path, bytes);
  return path;
}
const activity = (n: number, What = 'x'): ActivityRecord => ({
  Who: 'megan@contoso.example',
  Action: 'Read',
  What,
  When: '2026-11-18T09:00:00Z',
  Where: 'Word',
  ObjectType: 'docx',
  RID: String(n),
  DetailList: [],
});

describe('export --format activity-records', () => {
  it('reads what import reads, whatever its form, and each record once', async () => {
    const array = await fileOf('a.json', JSON.stringify([record(1), foreign]));
    const lines = await fileOf('b.gz', gzipSync(`${JSON.stringify(record(2))}\n${JSON.stringify(record(1))}\n`));
    const { records, summary, isComplete } = await exported({ kind: 'files', paths: [array, lines] });
    expect(records.map(({ RID, Who, Action }) => [RID, Who, Action])).toEqual(
      [1, 2].map((n) => [idOf(n), 'megan@contoso.example', 'Prompt']),
    );
    expect(summary).toMatchObject({ seen: 4, foreign: 1, selected: 3, duplicate: 1, accepted: 2, activities: 2 });
    expect(isComplete).toBe(true);
  });

  it('reads the archive, and gives the same as from the file', async () => {
    const one = await rig();
    const raws = [record(1), record(2, { CopilotEventData: { AccessedResources: [{ Name: 'a' }, { Name: 'b' }] } })];
    await one.pass(blobOf(raws));
    const file = await fileOf('a.json', JSON.stringify(raws));
    const ofArchive = await exported({ kind: 'archive', place: one.place });
    expect(ofArchive.records).toEqual((await exported({ kind: 'files', paths: [file] })).records);
    expect(ofArchive.summary).toMatchObject({ accepted: 2, activities: 3 });
  });

  it('takes events from the first time on up to the second', async () => {
    const one = await rig();
    const at = (n: number, CreationTime: string) => record(n, { CreationTime });
    const raws = [at(1, '2026-11-18T08:59:59'), at(2, '2026-11-18T09:00:00'), at(3, '2026-11-18T10:00:00')];
    await one.pass(blobOf(raws));
    const span = toBounds({ from: '2026-11-18T09:00:00Z', to: '2026-11-18T10:00Z' }, { from: '--from', to: '--to' });
    const { records, summary } = await exported({ kind: 'archive', place: one.place }, { span });
    expect(records.map(({ RID }) => RID)).toEqual([idOf(2)]);
    expect(summary).toMatchObject({ seen: 3, selected: 1, accepted: 1 });
  });

  it('finds an event that was collected days after it happened', async () => {
    const one = await rig();
    await one.pass(blobOf([record(1, { CreationTime: '2026-05-01T09:00:00' })]));
    const span = toBounds({ from: '2026-05-01', to: '2026-05-02' }, { from: '--from', to: '--to' });
    expect((await exported({ kind: 'archive', place: one.place }, { span })).records.length).toBe(1);
  });

  it('counts what it cannot read, and is then not complete', async () => {
    const broken = await fileOf('a.json', `${JSON.stringify([record(1), rejected(2)]).slice(0, -1)}, {"Id":`);
    const none = join(await directory(), 'none.json');
    const { records, summary, isComplete } = await exported({ kind: 'files', paths: [broken, none] });
    expect(records.length).toBe(1);
    expect(summary).toMatchObject({ accepted: 1, deadLettered: 1, gaps: 2 });
    expect(isComplete).toBe(false);
  });

  it('makes records of what its mask leaves, where people are pseudonymised', async () => {
    const file = await fileOf('a.json', JSON.stringify([record(1)]));
    const mask = (raw: unknown): unknown => JSON.parse(JSON.stringify(raw).replaceAll('megan', 'p-0'));
    const { records } = await exported({ kind: 'files', paths: [file] }, { mask });
    expect(records.map(({ Who }) => Who)).toEqual(['p-0@contoso.example']);
  });

  it('writes no text that people wrote', async () => {
    const file = await fileOf('a.json', JSON.stringify([record(1)]));
    expect(JSON.stringify((await exported({ kind: 'files', paths: [file] })).records)).not.toContain('the-secret-plan');
  });
});

describe('arrays of activity records', () => {
  it('hold no more records, nor more bytes, than one request may carry', async () => {
    const at = await directory();
    const writer = jsonArrays(at, { records: 3, bytes: 2000 });
    const wide = 'x'.repeat(900);
    const given = [1, 2, 3, 4].map((n) => activity(n)).concat([5, 6, 7].map((n) => activity(n, wide)));
    await writer.write(given);
    expect(await writer.close()).toBe(4);
    const names = (await readdir(at)).toSorted();
    expect(names[0]).toBe('activity-records-000001.json');
    const texts = await Promise.all(names.map((name) => readFile(join(at, name), 'utf8')));
    const arrays = texts.map((text) => JSON.parse(text) as readonly ActivityRecord[]);
    expect(arrays.map((one) => one.length)).toEqual([3, 2, 1, 1]);
    expect(arrays.flat()).toEqual(given);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2000);
  });

  it('replace no file', async () => {
    const at = await directory();
    for (const _time of [1, 2]) {
      const writer = jsonArrays(at);
      await writer.write([activity(1)]);
      if (_time === 1) await writer.close();
      else await expect(writer.close()).rejects.toThrow('exists already: give --out an empty directory');
    }
  });

  it('are no files where there are no records', async () => {
    const at = join(await directory(), 'none');
    expect(await jsonArrays(at).close()).toBe(0);
  });
});

describe('lines of activity records', () => {
  it('wait for a reader that is slow', async () => {
    const lines: string[] = [];
    const slow = new Writable({
      highWaterMark: 10,
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        setImmediate(done);
      },
    });
    const writer = jsonLines(slow);
    for (let n = 0; n < 20; n++) {
      await writer.write([activity(n)]);
      expect(slow.writableLength).toBe(0);
    }
    expect(lines.map((line) => (JSON.parse(line) as ActivityRecord).RID)).toEqual(
      Array.from({ length: 20 }, (_, n) => String(n)),
    );
  });
});

describe('bounds', () => {
  const names = { from: '--from', to: '--to' };
  it.for([
    [{ from: 'yesterday' }, '--from yesterday is no time: give UTC as 2026-05-01'],
    [{ to: '2026-13-01' }, '--to 2026-13-01 is no time'],
    [{ from: '2026-05-02', to: '2026-05-01' }, '--to 2026-05-01 is not after --from 2026-05-02'],
  ] as const)('of %o are refused', ([given, message]) => {
    expect(() => toBounds(given, names)).toThrow(message);
  });
});
