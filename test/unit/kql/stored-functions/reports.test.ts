import { describe, expect, it, test } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { ask } from './workspace-of.ts';

describe('CopilotHealth', () => {
  const snapshot = (Revision: number, columns: JsonRow = {}): JsonRow => ({
    TimeGenerated: '2026-09-01T10:00:00Z',
    HealthKind: 'ledger',
    Source: 'activity-feed',
    Hour: '2026-09-01T09:00:00Z',
    Revision,
    Listed: 4,
    Fetched: 4,
    Expired: 0,
    Parked: 0,
    Pending: 0,
    Seen: 10,
    Foreign: 6,
    Selected: 4,
    Unparsable: 0,
    Accepted: 3,
    Duplicate: 1,
    DeadLettered: 0,
    ...columns,
  });
  const query = 'CopilotHealth | project Revision, IsBalanced, IsComplete, MissingBlobs';

  it('takes the newest revision of an hour, whenever it came', () => {
    const rows = [
      snapshot(9),
      snapshot(10, { TimeGenerated: '2026-09-01T09:50:00Z', Accepted: 2 }),
      snapshot(2),
      snapshot(1, { HealthKind: 'heartbeat' }),
    ];
    expect(ask(query, { CopilotHealth_CL: rows })).toEqual([
      { Revision: 10, IsBalanced: false, IsComplete: false, MissingBlobs: 0 },
    ]);
  });

  it('takes the start and leaves out the end, and prunes by when the snapshot came', () => {
    const rows = [8, 9, 10].map((hour, index) =>
      snapshot(index, { Hour: `2026-09-01T${String(hour).padStart(2, '0')}:00:00Z` }),
    );
    const call = 'CopilotHealth(datetime(2026-09-01T09:00), datetime(2026-09-01T10:00)) | project Hour';
    expect(ask(call, { CopilotHealth_CL: rows })).toEqual([{ Hour: '2026-09-01T09:00:00Z' }]);
    const before = rows.map((row) => ({ ...row, TimeGenerated: '2026-09-01T08:59:00Z' }));
    expect(ask(call, { CopilotHealth_CL: before })).toEqual([]);
  });

  const cases: readonly (readonly [string, JsonRow, boolean, boolean])[] = [
    ['all is read', {}, true, true],
    ['something is pending', { Fetched: 3, Pending: 1 }, true, false],
    ['something is parked', { Fetched: 3, Parked: 1 }, true, false],
    ['something expired', { Fetched: 3, Expired: 1 }, true, false],
    ['blobs do not add up', { Fetched: 3 }, false, false],
    ['records do not add up', { Foreign: 5 }, false, false],
    ['rows do not add up', { Duplicate: 0 }, false, false],
    ['a number is missing', { Duplicate: null }, false, false],
  ];
  test.for(cases)('tells whether %s', ([, columns, IsBalanced, IsComplete]) => {
    expect(ask(query, { CopilotHealth_CL: [snapshot(1, columns)] })).toMatchObject([{ IsBalanced, IsComplete }]);
  });
});

describe('CopilotUsageLatest', () => {
  const report = (user: string, ReportRefreshDate: string, columns: JsonRow = {}): JsonRow => ({
    TimeGenerated: '2026-09-01T10:00:00Z',
    RecordId: `${user} ${ReportRefreshDate} ${JSON.stringify(columns)}`,
    ReportKind: 'user',
    ReportRefreshDate,
    ReportPeriod: 'D7',
    ReportVersion: 'v2',
    UserPrincipalName: user,
    ...columns,
  });

  it('has each user of the newest report of a period once', () => {
    const rows = [
      report('a', '2026-08-30T00:00:00Z'),
      report('a', '2026-08-29T00:00:00Z'),
      report('gone', '2026-08-29T00:00:00Z'),
      report('a', '2026-08-30T00:00:00Z'),
      report('a', '2026-08-30T00:00:00Z', { ReportVersion: 'v1' }),
      report('a', '2026-08-29T00:00:00Z', { ReportPeriod: 'D30' }),
      report('b', '2026-08-30T00:00:00Z', { ReportKind: 'trend' }),
    ];
    const query = 'project UserPrincipalName, ReportPeriod, ReportVersion, IsConcealed';
    const week = { UserPrincipalName: 'a', ReportPeriod: 'D7', ReportVersion: 'v2', IsConcealed: false };
    const month = { ...week, ReportPeriod: 'D30' };
    expect(ask(`CopilotUsageLatest | sort by ReportPeriod desc | ${query}`, { CopilotUsage_CL: rows })).toEqual([
      week,
      month,
    ]);
    expect(ask(`CopilotUsageLatest("D30") | ${query}`, { CopilotUsage_CL: rows })).toEqual([month]);
  });

  it('takes the higher version, not the longer text, and its newest copy', () => {
    const latest = report('a', '2026-08-30T00:00:00Z', { ReportVersion: 'v10' });
    const rows = [
      { ...latest, UserPrincipalName: 'new', _TimeReceived: '2026-09-01T12:00:00Z' },
      { ...latest, UserPrincipalName: 'old', _TimeReceived: '2026-09-01T11:00:00Z' },
      report('a', '2026-08-30T00:00:00Z', { ReportVersion: 'v9' }),
      report('a', '2026-08-29T00:00:00Z', { ReportVersion: 'v11' }),
    ];
    for (const CopilotUsage_CL of [rows, rows.toReversed()])
      expect(ask('CopilotUsageLatest | project UserPrincipalName, ReportVersion', { CopilotUsage_CL })).toEqual([
        { UserPrincipalName: 'new', ReportVersion: 'v10' },
      ]);
  });

  it('looks back 14 days', () => {
    const rows = [
      report('recent', '2026-08-19T00:00:00Z', { TimeGenerated: '2026-08-20T00:00:00Z' }),
      report('old', '2026-08-19T00:00:00Z', { TimeGenerated: '2026-08-19T00:00:00Z' }),
    ];
    expect(ask('CopilotUsageLatest | project UserPrincipalName', { CopilotUsage_CL: rows })).toEqual([
      { UserPrincipalName: 'recent' },
    ]);
  });

  it.for([true, null])('marks concealed names, by their form where the mark is %s', (IsConcealed) => {
    const hash = '0123456789ABCDEF0123456789ABCDEF';
    const rows = [
      report(hash, '2026-08-30T00:00:00Z', { IsConcealed }),
      report('a@contoso.example', '2026-08-30T00:00:00Z'),
    ];
    const query = 'CopilotUsageLatest | sort by UserPrincipalName asc | project UserPrincipalName, IsConcealed';
    expect(ask(query, { CopilotUsage_CL: rows })).toEqual([
      { UserPrincipalName: hash, IsConcealed: true },
      { UserPrincipalName: 'a@contoso.example', IsConcealed: false },
    ]);
  });

  it('has the newest summary by product and the newest trend by day, each on demand', () => {
    const newest = '2026-08-30T00:00:00Z';
    const day = (ReportDate: string, ActiveUserCount: number, refreshed = newest) =>
      report('', refreshed, { ReportKind: 'trend', Product: 'Word', ReportDate, ActiveUserCount });
    const product = (Product: string, EnabledUserCount: number, refreshed = newest) =>
      report('', refreshed, { ReportKind: 'summary', Product, EnabledUserCount });
    const rows = [
      report('a', '2026-08-31T00:00:00Z'),
      day('2026-08-28T00:00:00Z', 4),
      day('2026-08-29T00:00:00Z', 5),
      day('2026-08-28T00:00:00Z', 3, '2026-08-29T00:00:00Z'),
      product('Word', 10),
      product('Excel', 9),
      product('Word', 8, '2026-08-29T00:00:00Z'),
    ];
    const tables = { CopilotUsage_CL: [...rows, ...rows] };
    const trend =
      'CopilotUsageLatest("D7", "trend") | sort by ReportDate asc | project ReportDate, Product, ActiveUserCount';
    expect(ask(trend, tables)).toEqual([
      { ReportDate: '2026-08-28T00:00:00Z', Product: 'Word', ActiveUserCount: 4 },
      { ReportDate: '2026-08-29T00:00:00Z', Product: 'Word', ActiveUserCount: 5 },
    ]);
    const summary =
      'CopilotUsageLatest(reportKind="summary") | sort by Product asc | project Product, EnabledUserCount';
    expect(ask(summary, tables)).toEqual([
      { Product: 'Excel', EnabledUserCount: 9 },
      { Product: 'Word', EnabledUserCount: 10 },
    ]);
    expect(ask('CopilotUsageLatest | project ReportKind', tables)).toEqual([{ ReportKind: 'user' }]);
  });
});
