/** Tiles over a handful of rows, where the simulated tenant does not show the case. */
import { describe, expect, it } from 'vitest';
import type { JsonRow } from '../../kql/engine/json-rows.ts';
import { initialValues } from '../../kql/workbook/parameters.ts';
import { substitute } from '../../kql/workbook/substitute.ts';
import { queriesOf } from '../../kql/workbook/walk.ts';
import { ask, auditRow, interaction, now, type Tables } from '../unit/kql/stored-functions/workspace-of.ts';
import { shippedWorkbooks } from './shipped.ts';

/** What a tile answers as its workbook opens. */
function tile(file: string, name: string, tables: Tables): ReturnType<typeof ask> {
  const workbook = shippedWorkbooks.find((one) => one.file === file);
  const query = workbook && queriesOf(workbook).find((one) => one.name === name && one.parameter === undefined);
  if (workbook === undefined || query === undefined) throw new Error(`no tile ${file}/${name}`);
  return ask(substitute(query.query, initialValues(workbook), now).text, tables);
}

describe('sign-ins to Security Copilot', () => {
  const CopilotAudit_CL = [
    auditRow(
      interaction(
        1,
        { AppHost: 'Security Copilot' },
        { AppIdentity: 'Copilot.Security.SecurityCopilot', RecordType: 261 },
      ),
    ),
  ];
  const TimeGenerated = '2026-09-01T09:00:00Z';
  const SigninLogs = [
    {
      TimeGenerated,
      UserPrincipalName: 'megan@contoso.example',
      ResultType: '0',
      AppDisplayName: 'Portal',
      Location: 'FR',
    },
  ];
  const IdentityLogonEvents = [
    {
      TimeGenerated,
      AccountUpn: 'megan@contoso.example',
      ActionType: 'LogonSuccess',
      Application: 'Portal',
      Location: 'FR',
    },
  ];
  const successes = (tables: Tables): unknown =>
    tile('security-copilot', 'sign-in-figures', { CopilotAudit_CL, ...tables }).find(
      ({ Name }) => Name === 'Successful',
    )?.Value;

  it('count once where both tables hold them, and from either alone', () => {
    expect(successes({ SigninLogs })).toBe(1);
    expect(successes({ IdentityLogonEvents })).toBe(1);
    expect(successes({ SigninLogs, IdentityLogonEvents })).toBe(1);
  });
});

describe('the calendar of gaps', () => {
  const ledger = (Hour: string): JsonRow => ({
    TimeGenerated: Hour,
    HealthKind: 'ledger',
    Source: 'activity-feed',
    Hour,
    Revision: 1,
    ...Object.fromEntries(
      ['Listed', 'Fetched', 'Expired', 'Parked', 'Pending', 'Seen', 'Foreign', 'Selected', 'Unparsable'].map((name) => [
        name,
        0,
      ]),
    ),
    ...Object.fromEntries(['Accepted', 'Duplicate', 'DeadLettered'].map((name) => [name, 0])),
  });
  const told = (columns: JsonRow): JsonRow => ({ Source: 'activity-feed', ItemId: '', Reason: '', ...columns });
  const states = (rows: readonly JsonRow[], day: string): string => {
    const row = tile('collector-health', 'calendar', { CopilotHealth_CL: rows }).find(({ Day }) => Day === day) ?? {};
    return Array.from({ length: 13 }, (_, hour) => {
      const state = row[`H${String(hour).padStart(2, '0')}`];
      return typeof state === 'string' && state !== '' ? state : '-';
    }).join(' ');
  };
  const heartbeat = told({ TimeGenerated: '2026-09-02T09:10:00Z', HealthKind: 'heartbeat', LagSeconds: 600 });

  it('tells hours that nobody has read from hours in which nothing was announced', () => {
    const rows = [ledger('2026-09-02T07:00:00Z'), heartbeat];
    // Read up to 09:00; the clock stands at 12:00.
    expect(states(rows, '09-02')).toBe('- - - - - - - ok - - unread unread unread');
  });

  it('marks the hours of a lost span, and not the one that begins where it ends', () => {
    const gap = told({
      TimeGenerated: '2026-09-02T09:00:00Z',
      HealthKind: 'gap',
      ItemId: '2026-09-02T03:00:00Z to 2026-09-02T05:00:00Z',
    });
    expect(states([gap, heartbeat], '09-02')).toBe('- - - lost lost - - - - - unread unread unread');
  });

  it('tells by the feed what is read, not by an import or by a source that is read to its end', () => {
    const others = ['import', 'storage-export'].map((Source) =>
      told({ Source, TimeGenerated: '2026-09-02T11:50:00Z', HealthKind: 'heartbeat', LagSeconds: null }),
    );
    const rows = [ledger('2026-09-02T07:00:00Z'), heartbeat, ...others];
    expect(states(rows, '09-02')).toBe('- - - - - - - ok - - unread unread unread');
  });

  it('has no row where the collector has told nothing, so that the tile says so', () => {
    expect(tile('collector-health', 'calendar', {})).toEqual([]);
  });
});

describe('the sources', () => {
  const beat = (Source: string): JsonRow => ({
    TimeGenerated: '2026-09-01T10:00:00Z',
    HealthKind: 'heartbeat',
    Source,
    ItemId: '',
    Reason: '',
    LagSeconds: 4_000_000,
  });

  it('are silent a day after a pass, but for commands, which end', () => {
    const CopilotHealth_CL = ['activity-feed', 'audit-query', 'audit-query-backfill', 'import'].map(beat);
    const states = tile('collector-health', 'source-matrix', { CopilotHealth_CL }).map(
      ({ Source, State }) => `${String(Source)} ${String(State)}`,
    );
    expect(states).toEqual([
      'activity-feed silent',
      'audit-query silent',
      'audit-query-backfill healthy',
      'import healthy',
    ]);
  });

  it('do not live by what a command told', () => {
    const alive = (...sources: readonly string[]): unknown =>
      tile('collector-health', 'figures', { CopilotHealth_CL: sources.map(beat) }).find(
        ({ Name }) => Name === 'Last sign of life',
      )?.Value;
    expect(alive('activity-feed')).toBe('26 h');
    expect(alive('import', 'audit-query-backfill')).toBe('none');
  });
});

describe('rows beside the ledger', () => {
  const Hour = '2026-09-01T09:00:00Z';
  const counts = { Listed: 0, Fetched: 0, Expired: 0, Parked: 0, Pending: 0, Foreign: 0, Unparsable: 0, Duplicate: 0 };
  const delivered = (Source: string): JsonRow => ({
    ...counts,
    TimeGenerated: Hour,
    HealthKind: 'ledger',
    Source,
    Hour,
    Revision: 1,
    DeadLettered: 0,
    Seen: 1,
    Selected: 1,
    Accepted: 1,
  });
  const columns = { Source: 'audit-query', ContentCreated: null };
  const differing = (CopilotAudit_CL: readonly JsonRow[], ...sources: readonly string[]): unknown =>
    tile('collector-health', 'rows-unlike-ledger', { CopilotAudit_CL, CopilotHealth_CL: sources.map(delivered) }).map(
      ({ Source, Rows }) => `${String(Source)} ${String(Rows)}`,
    );

  it('are counted by the hour of the event where a query gave them, else by that of the content', () => {
    const rows = [auditRow(interaction(1)), auditRow(interaction(2), { columns })];
    expect(differing(rows, 'activity-feed', 'audit-query')).toEqual([]);
    expect(differing([], 'activity-feed', 'audit-query')).toEqual(['activity-feed 0', 'audit-query 0']);
  });

  it('are not compared for imports and usage reports, which name no hour', () => {
    expect(differing([], 'import', 'usage-report')).toEqual([]);
  });
});

describe('the activity feed and the audit query, by day', () => {
  const compared = (Hour: string, Detail: JsonRow, Reason = ''): JsonRow => ({
    TimeGenerated: '2026-09-02T00:40:00Z',
    HealthKind: 'reconciliation',
    Source: 'audit-query',
    ItemCount: 0,
    Hour,
    Detail,
    Reason,
  });
  const both = { isComparable: true, queried: 9, given: 9, repaired: 0, feedOnly: 0 };
  const days = (...CopilotHealth_CL: readonly JsonRow[]): unknown =>
    tile('collector-health', 'reconciliation', { CopilotHealth_CL }).map(
      ({ State, Repaired, QueryOnly, FeedOnly }) =>
        `${String(State)} ${String(Repaired)} ${String(QueryOnly)} ${String(FeedOnly)}`,
    );

  it('agree, differ in what was repaired, in what another source had brought, or cannot be compared', () => {
    const [one, two] = ['2026-08-29T09:00:00Z', '2026-08-29T10:00:00Z'];
    expect(days(compared(one, both), compared(two, both))).toEqual(['agree 0 0 0']);
    expect(days(compared(one, both), compared(two, { ...both, given: 8, repaired: 1 }))).toEqual(['differ 1 1 0']);
    expect(days(compared(one, both), compared(two, { ...both, given: 8 }))).toEqual(['differ 0 1 0']);
    expect(days(compared(one, both), compared(two, { ...both, given: 10, feedOnly: 1 }))).toEqual(['differ 0 0 1']);
    expect(days(compared(one, both), compared(two, { isComparable: false, queried: 9 }, 'x'))).toEqual([
      'not comparable null null null',
    ]);
  });
});
