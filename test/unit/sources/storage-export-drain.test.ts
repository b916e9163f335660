import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../../collector/contracts.ts';
import { drain } from '../../../collector/pipeline.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { diskPlace } from '../../../collector/state/disk-place.ts';
import { state } from '../../../collector/state/state.ts';
import { exportRig, idOf, pathOf, record, row } from './storage-export-rig.ts';
import { offlinePipeline } from '../offline-pipeline.ts';

const all = exportRig();

/** One pass of a source over an empty state: rows, dead letters, summary and books. */
async function drained(source: Source) {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-export-'));
  const written: { readonly table: string; readonly row: Row }[] = [];
  const signal = new AbortController().signal;
  try {
    const store = state(diskPlace(directory));
    const held = await store.load();
    const { summary, error } = await drain(
      source,
      held,
      {
        ...offlinePipeline(Date.now),
        state: store,
        sink: {
          write: async (table, rows) => {
            for (const each of rows) written.push({ table: table.name, row: each });
            return [];
          },
          close: async () => undefined,
        },
      },
      { reading: signal, writing: signal },
    );
    expect(error).toBe(undefined);
    expect(held.source('storage-export').ledger.problems()).toEqual([]);
    await store.close();
    // As another process finds it.
    const again = state(diskPlace(directory));
    await again.load();
    const letters = await again.deadLetters();
    await again.close();
    const rowsOf = (table: string): readonly Row[] =>
      written.filter((one) => one.table === table).map(({ row: each }) => each);
    return { summary, letters, audit: rowsOf('CopilotAudit_CL'), health: rowsOf('CopilotHealth_CL') };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

it('exports and a broken file become rows once, health rows for what is lost, and books that balance', async () => {
  const dump = await all.dump();
  await dump.append(pathOf(9), `${row(1)}\r\n${row(2)}\r\n${row(2)}\r\nno json\r\n`);
  await dump.put('again.json', `[${record(1)},${record(3)},{"Id":"x","Workload":"Exchange"}]`);
  await dump.put('no-time.json', `[${JSON.stringify({ ...JSON.parse(record(4)), CreationTime: 'soon' })}]`);
  const gzip = gzipSync(record(5));
  await dump.put('truncated.gz', gzip.subarray(0, gzip.length - 10));
  const { summary, audit, health } = await drained(dump.source());
  expect(summary).toMatchObject({ unparsable: 1, duplicate: 2, deadLettered: 1, foreign: 1, gaps: 1 });
  expect(new Set(audit.map((each) => each['RecordId']))).toEqual(new Set([1, 2, 3].map(idOf)));
  expect(audit).toHaveLength(3);
  expect(audit.find((each) => each['RecordId'] === idOf(2))).toMatchObject({
    Source: 'storage-export',
    ContentCreated: '2026-11-18T09:00:00.000Z',
  });
  expect(health.find((each) => each['HealthKind'] === 'gap')).toMatchObject({
    ItemId: `${dump.url}/truncated.gz`,
    Reason: expect.stringMatching(/unexpected end of file/) as string,
  });
});

describe('what cannot be read is a dead letter that names it and holds nothing of it', () => {
  const gzip = gzipSync(Array.from({ length: 3000 }, (_, n) => record(n)).join('\n'));
  const secret = 'invented-secret-of-somebody';
  it.for<[string, string | Buffer, RegExp]>([
    ['truncated.gz', gzip.subarray(0, gzip.length - 200), /unexpected end of file/],
    [
      'broken.csv',
      `RecordId,AuditData\n1,"${record(1).replaceAll('"', '""')}"\n2,${secret} "b"\n`,
      /line 3 \(INVALID_OPENING_QUOTE\)/,
    ],
    ['foreign.html', `<html>${secret}</html>\n<p>\n`, /neither JSON nor an audit export/],
    ['truncated.json', `[${record(1)},{"${secret}":`, /truncated/],
  ])('a whole file: %s', async ([name, bytes, reason]) => {
    const dump = await all.dump();
    await dump.put(name, bytes);
    const { letters, health, summary } = await drained(dump.source());
    const blob = `${dump.url}/${name}`;
    const place = { etag: expect.stringMatching(/^0x/) as string, from: 0, to: Buffer.byteLength(bytes) };
    expect(letters).toMatchObject([
      { kind: 'unreadable', source: 'storage-export', record: { blob, ...place, count: null } },
    ]);
    expect(letters[0]?.reason).toMatch(reason);
    expect(JSON.stringify([letters, health])).not.toContain(secret);
    expect(health.filter((each) => each['HealthKind'] === 'dead-letter')).toMatchObject([{ ItemId: blob }]);
    // A file is no record: the sum over records holds without it.
    expect(summary).toMatchObject({ gaps: 1, deadLettered: 0 });
  });

  it('lines of a growing blob, by their bytes', async () => {
    const dump = await all.dump();
    const [first, last] = [`${row(1)}\r\n`, `${row(2)}\r\n`];
    const broken = `{"${secret}\r\n{"x":"${secret}\r\n`;
    await dump.append(pathOf(9), `${first}${broken}${last}`);
    const { letters, audit } = await drained(dump.source());
    expect(audit).toHaveLength(2);
    expect(letters.map((letter) => letter.record)).toMatchObject([
      // The line feed ends the line and is none of it.
      { blob: `${dump.url}/${pathOf(9)}`, from: first.length, to: first.length + broken.length - 1, count: 2 },
    ]);
    expect(JSON.stringify(letters)).not.toContain(secret);
  });

  it('rows of a format that was not chosen: one letter for a blob, however many they are', async () => {
    const dump = await all.dump();
    const lines = Array.from({ length: 900 }, (_, n) => `${row(n)}\r\n`);
    await dump.append(pathOf(9), lines.join(''));
    const { letters, summary, audit } = await drained(dump.source({ format: 'copilot-activity' }));
    expect([summary.unparsable, audit.length]).toEqual([900, 0]);
    expect(letters.map((letter) => [letter.kind, letter.reason])).toEqual([
      ['unreadable', '900 rows not read, the first: not a row of copilot-activity: see STORAGE_EXPORT_FORMAT'],
    ]);
  });

  it('and nothing at all where everything was read', async () => {
    const dump = await all.dump();
    await dump.append(pathOf(9), `${row(1)}\r\n{"category":"x","properties":{"Workload":"Exchange"}}\r\n`);
    expect((await drained(dump.source())).letters).toEqual([]);
  });
});
