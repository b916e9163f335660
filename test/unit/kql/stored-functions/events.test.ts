import { describe, expect, it, test } from 'vitest';
import { replayArchive } from '../../../../collector/commands/replay-archive.ts';
import { engine } from '../../../../kql/engine/engine.ts';
import { readFunctions } from '../../../../kql/functions.ts';
import { shippedTables } from '../../../../kql/tables/shipped-tables.ts';
import { workspaceFunctions } from '../../../../kql/tables/workspace-functions.ts';
import { shippedFunctions, workspaceTables } from '../../../../workspace/workspace.ts';
import { blobOf, idOf as archivedId, keepingSink, record, rig, signal } from '../../archive/archive-rig.ts';
import {
  activityRow,
  ask,
  auditRow,
  cloudAppRow,
  entityRow,
  fixture,
  idOf,
  interaction,
  type Tables,
  typesOf,
  valuesOf,
} from './workspace-of.ts';

const functions = readFunctions(shippedFunctions);

describe('CopilotEvents', () => {
  it('makes copies of a record one row: first arrival, columns of the newest copy', () => {
    const raw = interaction(1);
    const copies = [
      auditRow(raw, { received: '2026-09-01T11:00:00Z', columns: { UserDepartment: 'newest' } }),
      auditRow(raw, { received: '2026-09-01T10:00:00Z', columns: { UserDepartment: 'first' } }),
      auditRow(raw, { received: '2026-09-01T10:30:00Z', columns: { UserDepartment: 'second' } }),
    ];
    expect(
      ask('CopilotEvents | project RecordId, IngestedAt, UserDepartment, IsOurs', { CopilotAudit_CL: copies }),
    ).toEqual([{ RecordId: idOf(1), IngestedAt: '2026-09-01T10:00:00Z', UserDepartment: 'newest', IsOurs: true }]);
  });

  it('stays in time when it is sent again as backfill, or what rules compare with would be gone after a replay', () => {
    const raws = [1, 2, 3].map((id) => interaction(id));
    const first = raws.map((raw, n) => auditRow(raw, { columns: { IsBackfill: [false, true, null][n] ?? null } }));
    const again = raws.map((raw) =>
      auditRow(raw, { received: '2026-09-02T11:00:00Z', columns: { IsBackfill: true, UserDepartment: 'newest' } }),
    );
    const query = 'CopilotEvents | project IsBackfill, IngestedAt, UserDepartment | sort by IsBackfill asc';
    const IngestedAt = '2026-09-01T09:31:00Z';
    const UserDepartment = 'newest';
    const wanted = [false, false, true].map((IsBackfill) => ({ IsBackfill, IngestedAt, UserDepartment }));
    expect(ask(query, { CopilotAudit_CL: [...first, ...again] })).toEqual(wanted);
    // Of a record that only the replay shows, nothing else is known.
    expect(ask('CopilotEvents | project IsBackfill', { CopilotAudit_CL: again.slice(0, 1) })).toEqual([
      { IsBackfill: true },
    ]);
  });

  const arrivals: readonly {
    readonly name: string;
    readonly tables: readonly ('ours' | 'activity' | 'cloud')[];
    readonly expected: string;
  }[] = [
    { name: 'ours and CopilotActivity', tables: ['ours', 'activity'], expected: '2026-09-01T11:55:00Z' },
    { name: 'ours and CloudAppEvents', tables: ['ours', 'cloud'], expected: '2026-09-01T11:55:00Z' },
    { name: 'all three', tables: ['ours', 'activity', 'cloud'], expected: '2026-09-01T11:55:00Z' },
    { name: 'both of Microsoft', tables: ['activity', 'cloud'], expected: '2026-09-01T09:37:00Z' },
    { name: 'CopilotActivity', tables: ['activity'], expected: '2026-09-01T09:37:00Z' },
    { name: 'CloudAppEvents', tables: ['cloud'], expected: '2026-09-01T09:32:00Z' },
  ];
  test.for(arrivals)('is new when the row arrived whose columns it has: $name', ({ tables, expected }) => {
    const raw = interaction(1);
    const rows: Tables = {
      CopilotAudit_CL: tables.includes('ours')
        ? [
            auditRow(raw, { received: '2026-09-01T12:30:00Z' }),
            auditRow(raw, { received: '2026-09-01T11:55:00Z', columns: { PolicyOutcome: 'blocked' } }),
          ]
        : [],
      CopilotActivity: tables.includes('activity') ? [activityRow(raw)] : [],
      CloudAppEvents: tables.includes('cloud')
        ? [cloudAppRow(raw, 'object', { _TimeReceived: '2026-09-01T09:32:00Z' })]
        : [],
    };
    expect(ask('CopilotEvents | project IngestedAt', rows)).toEqual([{ IngestedAt: expected }]);
  });

  it('is found by a rule that selects what came since its last run, though Microsoft had it hours before', () => {
    const raw = interaction(1);
    const tables = {
      CopilotAudit_CL: [auditRow(raw, { received: '2026-09-01T11:55:00Z', columns: { PolicyOutcome: 'blocked' } })],
      CopilotActivity: [activityRow(raw)],
    };
    const rule =
      'CopilotEvents(datetime(2026-08-20)) | where IngestedAt >= datetime(2026-09-01T11:50) and PolicyOutcome == "blocked"';
    expect(ask(rule, tables)).toHaveLength(1);
  });

  it('is pruned by the time of arrival in the table, with an hour for clocks that differ', () => {
    const raw = interaction(1, {}, { CreationTime: '2026-09-01T09:00:00' });
    const query = 'CopilotEvents(datetime(2026-09-01T09:00), datetime(2026-09-01T10:00))';
    for (const [TimeGenerated, count] of [
      ['2026-09-01T08:59:59.9Z', 1],
      ['2026-09-01T07:59:00Z', 0],
    ] as const)
      for (const tables of [
        { CloudAppEvents: [cloudAppRow(raw, 'object', { TimeGenerated })] },
        { CopilotAudit_CL: [auditRow(raw, { columns: { TimeGenerated } })] },
      ])
        expect(ask(query, tables)).toHaveLength(count);
  });

  it('finds a late row by when it happened', () => {
    const late = auditRow(interaction(1, {}, { CreationTime: '2026-08-27T09:30:00' }), {
      received: '2026-09-01T10:00:00Z',
    });
    expect(late).toMatchObject({ TimeGenerated: '2026-09-01T10:00:00Z', EventTime: '2026-08-27T09:30:00Z' });
    const query = 'CopilotEvents(datetime(2026-08-27), datetime(2026-08-28)) | project RecordId, IngestedAt';
    expect(ask(query, { CopilotAudit_CL: [late] })).toEqual([
      { RecordId: idOf(1), IngestedAt: '2026-09-01T10:00:00Z' },
    ]);
  });

  it('takes the start and leaves out the end, of every table', () => {
    const at = (id: number, time: string) => interaction(id, {}, { CreationTime: time });
    const raws = [
      at(1, '2026-09-01T08:59:59'),
      at(2, '2026-09-01T09:00:00'),
      at(3, '2026-09-01T09:59:59'),
      at(4, '2026-09-01T10:00:00'),
    ];
    const query = 'CopilotEvents(datetime(2026-09-01T09:00), datetime(2026-09-01T10:00))';
    for (const tables of [
      { CopilotAudit_CL: raws.map((raw) => auditRow(raw)) },
      { CopilotActivity: raws.map((raw) => activityRow(raw)) },
      { CloudAppEvents: raws.map((raw) => cloudAppRow(raw)) },
    ])
      expect(valuesOf(ask(query, tables), 'RecordId')).toEqual([idOf(2), idOf(3)]);
  });

  const event = interaction(1);
  // Microsoft's tables may spell ids in capitals.
  const capitals = { RecordId: idOf(1).toUpperCase() };
  const cases: readonly { readonly name: string; readonly tables: Tables; readonly expected: readonly object[] }[] = [
    {
      name: 'our row before that of CopilotActivity, however new that is',
      tables: {
        CopilotAudit_CL: [auditRow(event)],
        CopilotActivity: [activityRow(event, { ...capitals, _TimeReceived: '2026-09-02T00:00:00Z' })],
      },
      expected: [{ RecordId: idOf(1), IsOurs: true, Source: 'activity-feed' }],
    },
    {
      name: 'CopilotActivity before CloudAppEvents',
      tables: { CopilotActivity: [activityRow(event, capitals)], CloudAppEvents: [cloudAppRow(event)] },
      expected: [{ RecordId: idOf(1), IsOurs: false, Source: 'CopilotActivity' }],
    },
    {
      name: 'one event in three tables once',
      tables: {
        CopilotAudit_CL: [auditRow(event)],
        CopilotActivity: [activityRow(event)],
        CloudAppEvents: [cloudAppRow(event, 'text')],
      },
      expected: [{ RecordId: idOf(1), IsOurs: true, Source: 'activity-feed' }],
    },
    {
      name: 'one event in three tables once, where CopilotActivity has ids of its own',
      tables: {
        CopilotAudit_CL: [auditRow(event)],
        CopilotActivity: [activityRow(event, { RecordId: 'own' })],
        CloudAppEvents: [cloudAppRow(event)],
      },
      expected: [{ RecordId: idOf(1), IsOurs: true, Source: 'activity-feed' }],
    },
    {
      name: 'one event of CloudAppEvents and CopilotActivity once, where that has ids of its own',
      tables: { CopilotActivity: [activityRow(event, { RecordId: 'own' })], CloudAppEvents: [cloudAppRow(event)] },
      expected: [{ RecordId: idOf(1), IsOurs: false, Source: 'CloudAppEvents' }],
    },
  ];
  test.for(cases)('takes $name', ({ tables, expected }) => {
    expect(ask('CopilotEvents | project RecordId, IsOurs, Source', tables)).toEqual(expected);
  });

  it('takes actor, thread and second for the event only where no id of CopilotActivity is one of ours', () => {
    const other = interaction(2, { ThreadId: '19:thread-1@thread.v2' });
    const ours = { CopilotAudit_CL: [auditRow(event), auditRow(interaction(3))] };
    expect(valuesOf(ask('CopilotEvents', { ...ours, CopilotActivity: [activityRow(other)] }), 'RecordId')).toEqual([
      idOf(1),
      idOf(3),
    ]);
    const agreeing = { ...ours, CopilotActivity: [activityRow(other), activityRow(interaction(3))] };
    expect(valuesOf(ask('CopilotEvents', agreeing), 'RecordId')).toEqual([idOf(1), idOf(2), idOf(3)]);
  });

  it('never takes an empty actor for the same one', () => {
    const tables = {
      CopilotAudit_CL: [auditRow(interaction(2, {}, { UserId: null }))],
      CopilotActivity: [activityRow(interaction(4, { ThreadId: '19:thread-2@thread.v2' }), { ActorName: null })],
    };
    expect(valuesOf(ask('CopilotEvents', tables), 'RecordId')).toEqual([idOf(2), idOf(4)]);
  });

  const at = (seconds: string, event: object = {}, changes: object = {}, id = 1) =>
    interaction(
      id,
      { ThreadId: '19:one@thread.v2', ...event },
      { CreationTime: `2026-09-01T09:30:${seconds}`, ...changes },
    );
  const ownId = (raw: ReturnType<typeof at>, number = 0) => activityRow(raw, { RecordId: `own-${number}` });
  const desk = { AgentId: '7c7c7c7c-0000-4000-8000-00000000000a' };
  const admin = (seconds: string, name = 'plugin-disable-style-b', id = 1) =>
    fixture(name, { CreationTime: `2026-09-01T09:30:${seconds}`, Id: idOf(id) });
  const sameEvents: readonly (readonly [
    name: string,
    ours: readonly ReturnType<typeof at>[],
    activity: readonly ReturnType<typeof at>[],
    count: number,
  ])[] = [
    ['the same second', [at('10')], [at('10')], 1],
    ['a fraction that is rounded up', [at('10.9')], [at('11')], 1],
    ['a fraction that is cut', [at('10.9')], [at('10')], 1],
    ['two seconds apart', [at('10')], [at('12')], 2],
    ['two seconds before and after', [at('10')], [at('08'), at('12')], 3],
    ['another thread', [at('10')], [at('10', { ThreadId: '19:two@thread.v2' })], 2],
    ['another application', [at('10')], [at('10', { AppHost: 'Excel' })], 2],
    ['another agent', [at('10')], [at('10', {}, desk)], 2],
    ['the same agent', [at('10', {}, desk)], [at('10', {}, desk)], 1],
    ['two for one', [at('10')], [at('10'), at('10')], 2],
    ['two for two', [at('10'), at('11', {}, {}, 2)], [at('10'), at('11')], 2],
    ['no thread', [at('10', { ThreadId: null })], [at('10', { ThreadId: null })], 1],
    ['an admin operation', [admin('10')], [admin('10')], 1],
    ['an admin operation in the other style', [admin('10')], [admin('10', 'plugin-disable-style-a')], 1],
    ['two admin operations', [admin('10')], [admin('10', 'promptbook-delete-style-b')], 2],
    ['admin operations apart', [admin('10')], [admin('13')], 2],
  ];
  test.for(sameEvents)('under an id of its own is the same event or not: %s', ([, ours, activity, count]) => {
    const rows = activity.map((raw, number) => ownId(raw, number));
    expect(
      ask('CopilotEvents', { CopilotAudit_CL: ours.map((raw) => auditRow(raw)), CopilotActivity: rows }),
    ).toHaveLength(count);
    // Copies of our row stand for no second event.
    const twice = [...ours, ...ours].map((raw) => auditRow(raw));
    expect(ask('CopilotEvents', { CopilotAudit_CL: twice, CopilotActivity: rows })).toHaveLength(count);
  });

  it('loses no row of CopilotActivity that has no id, and doubles none that we have', () => {
    const none = { RecordId: null };
    const alone = [
      activityRow(event, none),
      activityRow(interaction(2), none),
      activityRow(event, { ...none, AppHost: 'Excel' }),
    ];
    expect(ask('CopilotEvents', { CopilotActivity: alone })).toHaveLength(3);
    expect(ask('CopilotEvents', { CopilotActivity: alone, CopilotAudit_CL: [auditRow(event)] })).toHaveLength(3);
    const mixed = [activityRow(interaction(2)), activityRow(event, none)];
    const ours = [auditRow(event), auditRow(interaction(2))];
    expect(ask('CopilotEvents', { CopilotActivity: mixed, CopilotAudit_CL: ours })).toHaveLength(2);
  });

  it('has the columns of CopilotAudit_CL once, each of one type', () => {
    const types = typesOf('CopilotEvents');
    const table = shippedTables.find(({ name }) => name === 'CopilotAudit_CL')?.columns ?? [];
    expect(types).toMatchObject(Object.fromEntries(table.map(({ name, type }) => [name, type])));
    const own = new Set(table.map(({ name }) => name));
    expect(
      Object.keys(types)
        .filter((name) => !own.has(name))
        .sort(),
    ).toEqual(['IngestedAt', 'IsOurs']);
  });
});

describe('after a replay of the archive', () => {
  it('has the columns of the better parser, and the time of the first arrival', async () => {
    const { pass, place, pipeline } = await rig();
    await pass(blobOf([record(1)]));
    const sink = keepingSink();
    await replayArchive(
      { sink, log: pipeline.log, pipeline: { ...pipeline, sink } },
      { place, span: { fromMs: -Infinity, toMs: Infinity } },
      { reading: signal, writing: signal },
      { show: () => undefined, end: () => undefined },
    );
    const today = JSON.parse(JSON.stringify(sink.rows[0])) as Record<string, never>;
    // What a parser of yesterday made of the record: it did not know where host and messages stand.
    const yesterday = { ...today, AppHost: null, AppHostNormalized: null, MessageCount: null };
    const rows = [
      { ...yesterday, _TimeReceived: '2026-11-18T12:00:00Z' },
      { ...today, _TimeReceived: '2026-11-18T13:00:00Z' },
    ];
    const query = 'CopilotEvents | project RecordId, AppHost, MessageCount, IngestedAt';
    expect(ask(query, { CopilotAudit_CL: rows })).toEqual([
      { RecordId: archivedId(1), AppHost: 'Word', MessageCount: 1, IngestedAt: '2026-11-18T12:00:00Z' },
    ]);
  });
});

describe('every function', () => {
  // Microsoft Sentinel has watchlists everywhere.
  const lists = workspaceTables.filter(({ name }) => name === 'Watchlist');
  const bare = engine({ tables: [...shippedTables, ...lists], functions: [...workspaceFunctions, ...functions] });
  const one = {
    CopilotAudit_CL: [auditRow(interaction(1))],
    CopilotEntities_CL: [entityRow('user', 'megan@contoso.example', {})],
  };
  // CopilotRuleCoverage has a row for each rule, and tells which tables are missing: see its own tests.
  const names = functions.map(({ name }) => name).filter((name) => name !== 'CopilotRuleCoverage');

  test.for(names)('answers without rows: %s', (name) => expect(ask(name)).toEqual([]));

  test.for(names)('binds and runs where Microsoft has neither table: %s', (name) => {
    expect(workspaceTables.length).toBeGreaterThan(shippedTables.length + lists.length);
    expect(bare.diagnose(`${name}\n| take 1`)).toEqual([]);
    expect(ask(name, one, bare)).toEqual(ask(name, one));
    expect(typesOf(name, bare)).toEqual(typesOf(name));
  });
});
