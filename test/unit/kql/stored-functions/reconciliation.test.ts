import { describe, expect, it } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { ask } from './workspace-of.ts';

const compared = (columns: JsonRow = {}, detail: JsonRow = {}): JsonRow => ({
  TimeGenerated: '2026-09-01T00:40:00Z',
  HealthKind: 'reconciliation',
  Source: 'audit-query',
  OrganizationId: '0a1b2c3d-0000-4000-8000-0000000000ff',
  Hour: '2026-08-28T09:00:00Z',
  ItemCount: 2,
  Detail: { isComparable: true, queried: 9, given: 8, repaired: 2, feedOnly: 1, ...detail },
  ...columns,
});
const notComparable: JsonRow = {
  ItemCount: 5,
  Reason: 'not comparable: the feed is read up to 2026-08-30T00:00:00.000Z only',
  Detail: { isComparable: false, queried: 5, added: 5 },
};
const rowsOf = (...rows: readonly JsonRow[]) => ({ CopilotHealth_CL: rows });

describe('CopilotReconciliation', () => {
  it('has a row for each hour of events, with its counts', () => {
    expect(ask('CopilotReconciliation', rowsOf(compared(), compared({ HealthKind: 'ledger' })))).toMatchObject([
      {
        Hour: '2026-08-28T09:00:00Z',
        EventDay: '2026-08-28T00:00:00Z',
        IsComparable: true,
        Repaired: 2,
        QueryOnly: 2,
        FeedOnly: 1,
        Queried: 9,
        Given: 8,
        Added: 2,
        ComparedTime: '2026-09-01T00:40:00Z',
      },
    ]);
  });

  it('claims no numbers for an hour that cannot be compared, and says why', () => {
    const query = 'CopilotReconciliation | project IsComparable, Repaired, QueryOnly, FeedOnly, Queried, Added, Reason';
    expect(ask(query, rowsOf(compared(notComparable)))).toEqual([
      {
        IsComparable: false,
        Repaired: null,
        QueryOnly: null,
        FeedOnly: null,
        Queried: 5,
        Added: 5,
        Reason: notComparable['Reason'],
      },
    ]);
  });

  it('tells what the feed lacked, also where another source had brought it and nothing was to repair', () => {
    const query = 'CopilotReconciliation | project Repaired, QueryOnly, FeedOnly';
    const detail = { queried: 9, given: 6, repaired: 0, feedOnly: 1 };
    expect(ask(query, rowsOf(compared({}, detail)))).toEqual([{ Repaired: 0, QueryOnly: 4, FeedOnly: 1 }]);
  });

  it('counts an hour once that was told twice, or compared again', () => {
    const again = compared(
      { TimeGenerated: '2026-09-01T03:00:00Z', _TimeReceived: '2026-09-01T04:00:00Z' },
      { repaired: 3 },
    );
    const query = 'CopilotReconciliation | project Repaired, ComparedTime, IngestedAt';
    expect(ask(query, rowsOf(again, compared(), compared()))).toEqual([
      { Repaired: 3, ComparedTime: '2026-09-01T03:00:00Z', IngestedAt: '2026-09-01T04:00:00Z' },
    ]);
  });

  it('keeps a comparison though a later one, of a state that was lost, is none', () => {
    const later = compared({ ...notComparable, TimeGenerated: '2026-09-02T00:40:00Z' });
    const query = 'CopilotReconciliation | project IsComparable, Repaired';
    expect(ask(query, rowsOf(compared(), later))).toEqual([{ IsComparable: true, Repaired: 2 }]);
  });

  it('keeps organisations apart, and takes the start and leaves out the end', () => {
    const other = { OrganizationId: '0a1b2c3d-0000-4000-8000-0000000000fe' };
    const hours = ['08', '09', '10'].map((hour) => compared({ Hour: `2026-08-28T${hour}:00:00Z` }));
    const call = 'CopilotReconciliation(datetime(2026-08-28T09:00), datetime(2026-08-28T10:00))';
    expect(ask(`${call} | count`, rowsOf(...hours, compared(other)))).toEqual([{ Count: 2 }]);
  });
});
