import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Batch, Source } from '../../../collector/contracts.ts';
import type { Enrichment } from '../../../collector/enrich/contract.ts';
import { healthRows } from '../../../collector/health-rows.ts';
import { silentLog } from '../../../collector/log.ts';
import { metrics } from '../../../collector/metrics.ts';
import { drain } from '../../../collector/pipeline.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { diskPlace } from '../../../collector/state/disk-place.ts';
import { state } from '../../../collector/state/state.ts';

const now = (): number => Date.parse('2026-11-20T10:00:00Z');

it('tells by a health row that look-ups were given up', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-given-up-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const store = state(diskPlace(directory), { now });
  const rows: Row[] = [];
  const enrichment: Enrichment = {
    enrich: () => Promise.reject(new Error('there are no records')),
    refresh: () => undefined,
    settled: () => Promise.resolve(),
    // Without a key nothing can be remembered.
    takeLate: () => [
      {
        entity: { kind: 'user', key: '', aliases: [], facts: null, observedMs: now() },
        firstEventMs: now(),
        lookUp: 'pending',
        owedAs: '',
        namedAs: [],
      },
    ],
    takeTroubles: () => [],
  };
  const source: Source = {
    name: 'activity-feed',
    async *read() {
      yield { kind: 'position', cursor: 'one', readUpTo: null } satisfies Batch;
    },
  };
  const never = new AbortController().signal;
  await drain(
    source,
    await store.load(),
    {
      state: store,
      sink: {
        write: async (_table, given) => {
          rows.push(...given);
          return [];
        },
        close: () => Promise.resolve(),
      },
      enrichment,
      health: healthRows({ organizationId: undefined, version: '0.0.0' }),
      metrics: metrics(),
      log: silentLog(),
      contentFields: 'drop',
      now,
      organizationId: undefined,
      seenIdsMax: 1_000,
    },
    { reading: never, writing: never },
  );
  await store.close();
  expect(rows).toContainEqual(
    expect.objectContaining({
      HealthKind: 'enrichment',
      ItemId: 'entities',
      ItemCount: 1,
      Reason: expect.stringMatching(/^given-up: /),
    }),
  );
});
