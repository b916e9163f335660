import { describe, expect, it } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { ask } from './workspace-of.ts';

describe('CopilotHealthEvents', () => {
  const told = (columns: JsonRow = {}): JsonRow => ({
    TimeGenerated: '2026-09-01T10:00:00Z',
    HealthKind: 'dead-letter',
    Source: 'activity-feed',
    ItemId: 'record-1',
    Reason: 'no operation; kept for 30 days',
    ItemCount: 1,
    ...columns,
  });
  const rowsOf = (...rows: readonly JsonRow[]) => ({ CopilotHealth_CL: rows });

  it('has everything but the snapshots of the ledger and comparisons', () => {
    const query = 'CopilotHealthEvents | project HealthKind, Source, ItemId, ItemCount';
    const others = ['ledger', 'reconciliation'].map((kind) => told({ HealthKind: kind, Hour: '2026-09-01T09:00:00Z' }));
    expect(ask(query, rowsOf(told(), ...others))).toEqual([
      { HealthKind: 'dead-letter', Source: 'activity-feed', ItemId: 'record-1', ItemCount: 1 },
    ]);
  });

  it('has a row that was sent again once, and rows that differ in anything each', () => {
    const others = [
      told({ ItemId: 'record-2' }),
      told({ Reason: 'another reason' }),
      told({ Source: 'audit-query' }),
      told({ TimeGenerated: '2026-09-01T10:01:00Z' }),
      told({ Detail: { AppId: 2 } }),
    ];
    expect(ask('CopilotHealthEvents | count', rowsOf(told(), told(), ...others))).toEqual([{ Count: 6 }]);
  });

  it('counts a row that says no number as one item', () => {
    const query = 'CopilotHealthEvents | project HealthKind, ItemCount, LagSeconds';
    expect(ask(query, rowsOf(told({ HealthKind: 'heartbeat', ItemCount: null, LagSeconds: 12.5 })))).toEqual([
      { HealthKind: 'heartbeat', ItemCount: 1, LagSeconds: 12.5 },
    ]);
  });

  it('takes the start and leaves out the end', () => {
    const rows = [9, 10, 11].map((hour) =>
      told({ TimeGenerated: `2026-09-01T${String(hour).padStart(2, '0')}:00:00Z` }),
    );
    const call = 'CopilotHealthEvents(datetime(2026-09-01T10:00), datetime(2026-09-01T11:00)) | project EventTime';
    expect(ask(call, rowsOf(...rows))).toEqual([{ EventTime: '2026-09-01T10:00:00Z' }]);
  });
});
