import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { healthRows } from '../../../collector/health-rows.ts';
import { silentLog } from '../../../collector/log.ts';
import { metrics } from '../../../collector/metrics.ts';
import { drain } from '../../../collector/pipeline.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { diskPlace } from '../../../collector/state/disk-place.ts';
import { state } from '../../../collector/state/state.ts';
import { offlineEnrichment } from '../offline-enrichment.ts';
import { exportRig, idOf, pathOf, record, row } from './storage-export-rig.ts';

const all = exportRig();

it('exports and a broken file become rows once, health rows for what is lost, and books that balance', async () => {
  const dump = await all.dump();
  await dump.append(pathOf(9), `${row(1)}\r\n${row(2)}\r\n${row(2)}\r\nno json\r\n`);
  await dump.put('again.json', `[${record(1)},${record(3)},{"Id":"x","Workload":"Exchange"}]`);
  await dump.put('no-time.json', `[${JSON.stringify({ ...JSON.parse(record(4)), CreationTime: 'soon' })}]`);
  const gzip = gzipSync(record(5));
  await dump.put('truncated.gz', gzip.subarray(0, gzip.length - 10));
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-export-'));
  const written: { readonly table: string; readonly row: Row }[] = [];
  const signal = new AbortController().signal;
  try {
    const store = state(diskPlace(directory));
    const held = await store.load();
    const { summary, error } = await drain(
      dump.source(),
      held,
      {
        health: healthRows({ organizationId: undefined, version: '0.0.0' }),
        metrics: metrics(),
        log: silentLog(),
        contentFields: 'drop',
        now: Date.now,
        seenIdsMax: 1000,
        enrichment: offlineEnrichment(),
        organizationId: undefined,
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
    expect(summary).toMatchObject({ unparsable: 1, duplicate: 2, deadLettered: 1, foreign: 1, gaps: 1 });
    const audit = written.filter(({ table }) => table === 'CopilotAudit_CL').map(({ row: each }) => each);
    expect(new Set(audit.map((each) => each['RecordId']))).toEqual(new Set([1, 2, 3].map(idOf)));
    expect(audit).toHaveLength(3);
    expect(audit.find((each) => each['RecordId'] === idOf(2))).toMatchObject({
      Source: 'storage-export',
      ContentCreated: '2026-11-18T09:00:00.000Z',
    });
    const gap = written.find(({ row: each }) => each['HealthKind'] === 'gap')?.row;
    expect(gap).toMatchObject({
      ItemId: `${dump.url}/truncated.gz`,
      Reason: expect.stringMatching(/unexpected end of file/),
    });
    await store.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
