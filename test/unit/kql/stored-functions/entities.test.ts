import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { ask, auditRow, entityRow, interaction } from './workspace-of.ts';

const objectId = '3e3e3e3e-0000-4000-8000-000000000001';
const agent = '7c7c7c7c-0000-4000-8000-00000000000a';
const packageId = 'P_9e9e9e9e-0000-4000-8000-00000000000c';

const firstSeen = (row: JsonRow, FirstSeenTime: string | null): JsonRow => ({ ...row, FirstSeenTime });
/** A row that says only that events name the entity. */
const bare = (row: JsonRow): JsonRow => ({ ...row, Facts: null });
const inTenant = (row: JsonRow, OrganizationId: string): JsonRow => ({ ...row, OrganizationId });

describe('CopilotEntities', () => {
  const query = 'CopilotEntities | sort by Key asc | project Key, Name = tostring(Facts.Name), FirstSeenTime';

  it('has the newest facts and the earliest first sight of the rows of one entity, in any casing', () => {
    const rows = [
      firstSeen(
        entityRow('label', 'D1D1', { Name: 'old' }, { observed: '2026-08-25T00:00:00Z' }),
        '2026-03-01T00:00:00Z',
      ),
      firstSeen(
        entityRow('label', 'd1d1', { Name: 'new' }, { observed: '2026-08-30T00:00:00Z' }),
        '2026-08-20T00:00:00Z',
      ),
      entityRow('label', 'd1d1', { Name: 'too old' }, { observed: '2026-08-10T00:00:00Z' }),
    ];
    for (const CopilotEntities_CL of [rows, rows.toReversed()])
      expect(ask(query, { CopilotEntities_CL })).toEqual([
        { Key: 'd1d1', Name: 'new', FirstSeenTime: '2026-03-01T00:00:00Z' },
      ]);
  });

  it('does not lose facts to a later row without', () => {
    const rows = [
      entityRow('agent', agent, { Name: 'Desk' }, { observed: '2026-08-25T00:00:00Z' }),
      bare(entityRow('agent', agent, {}, { observed: '2026-08-30T00:00:00Z' })),
    ];
    expect(ask(query, { CopilotEntities_CL: rows })).toMatchObject([{ Key: agent, Name: 'Desk' }]);
  });

  const user = (key: string, facts: JsonRow | null, aliases: readonly string[] = []): JsonRow => {
    const row = entityRow('user', key, facts ?? {}, { aliases });
    return facts === null ? bare(row) : row;
  };
  const upn = 'megan@contoso.example';
  const overlaps: readonly (readonly [name: string, rows: readonly JsonRow[], expected: readonly string[][]])[] = [
    [
      'an agent and its package, whose row has the facts',
      [
        firstSeen(entityRow('agent', packageId, { Name: 'Desk' }), null),
        bare(entityRow('agent', agent, {}, { aliases: [packageId] })),
      ],
      [[agent, 'Desk']],
    ],
    [
      'a package under two ids',
      [
        entityRow('agent', packageId, { Name: 'Desk' }),
        bare(entityRow('agent', agent, {}, { aliases: [packageId] })),
        bare(entityRow('agent', 'spo_x', {}, { aliases: [packageId] })),
      ],
      [[agent, 'Desk']],
    ],
    [
      'a user under an object id and a name',
      [user(objectId, null), user(upn, { Name: 'Megan', UserPrincipalName: upn }, [objectId.toUpperCase()])],
      [[upn, 'Megan']],
    ],
    [
      'a user whose facts came under the object id',
      [user(objectId, { Name: 'Megan', UserPrincipalName: upn }), user(upn, null, [objectId])],
      [[upn, 'Megan']],
    ],
    [
      'a user whose two rows name each other',
      [user(objectId, { Name: 'Megan', UserPrincipalName: upn }, [upn]), user(upn, null, [objectId])],
      [[upn, 'Megan']],
    ],
    [
      'an agent under two ids that name each other',
      [
        entityRow('agent', agent, { Name: 'Desk' }, { aliases: [packageId] }),
        bare(entityRow('agent', packageId, {}, { aliases: [agent] })),
      ],
      [[agent, 'Desk']],
    ],
    [
      'two users of whom one has the mail address of the other stay two',
      [
        user(upn, { Name: 'Megan', UserPrincipalName: upn }),
        user('alex@contoso.example', { Name: 'Alex', UserPrincipalName: 'alex@contoso.example' }, [upn]),
      ],
      [
        ['alex@contoso.example', 'Alex'],
        [upn, 'Megan'],
      ],
    ],
    [
      'a user and an agent of one id stay two',
      [user(agent, { Name: 'Megan' }), entityRow('agent', 'x', { Name: 'Desk' }, { aliases: [agent] })],
      [
        [agent, 'Megan'],
        ['x', 'Desk'],
      ],
    ],
  ];
  test.for(overlaps)('makes one row of one thing: %s', ([, rows, expected]) => {
    for (const CopilotEntities_CL of [rows, rows.toReversed()])
      expect(ask(query, { CopilotEntities_CL }).map(({ Key, Name }) => [Key, Name])).toEqual(expected);
  });

  it('keeps all names and the earliest first sight of what it joins', () => {
    const rows = [
      firstSeen(entityRow('user', objectId, {}), '2026-01-01T00:00:00Z'),
      firstSeen(entityRow('user', upn, {}, { aliases: [objectId, 'M.Smith@contoso.example'] }), '2026-08-01T00:00:00Z'),
    ];
    const found = ask(
      'CopilotEntities("user") | project Key, FirstSeenTime, Names = array_sort_asc(Names), Aliases = array_sort_asc(Aliases)',
      { CopilotEntities_CL: rows },
    );
    const aliases = [objectId, 'M.Smith@contoso.example'];
    const Names = [objectId, 'm.smith@contoso.example', upn];
    expect(found).toEqual([{ Key: upn, FirstSeenTime: '2026-01-01T00:00:00Z', Names, Aliases: aliases }]);
  });
});

describe('CopilotEntityNames', () => {
  it('has each name once: of the entity whose key it is', () => {
    const rows = [
      entityRow(
        'user',
        'alex@contoso.example',
        { Name: 'Alex', UserPrincipalName: 'alex@contoso.example' },
        {
          aliases: ['megan@contoso.example', 'shared@contoso.example', ''],
        },
      ),
      entityRow(
        'user',
        'Megan@contoso.example',
        { Name: 'Megan', UserPrincipalName: 'megan@contoso.example' },
        {
          aliases: ['shared@contoso.example'],
          observed: '2026-08-31T00:00:00Z',
        },
      ),
    ];
    for (const CopilotEntities_CL of [rows, rows.toReversed()])
      expect(
        ask('CopilotEntityNames("user") | sort by Name asc | project Name, Who = tostring(Facts.Name)', {
          CopilotEntities_CL,
        }),
      ).toEqual([
        { Name: 'alex@contoso.example', Who: 'Alex' },
        { Name: 'megan@contoso.example', Who: 'Megan' },
        { Name: 'shared@contoso.example', Who: 'Alex' },
      ]);
  });
});

describe('two organisations in one workspace', () => {
  const [ours, theirs] = ['0a1b2c3d-0000-4000-8000-0000000000ff', '0a1b2c3d-0000-4000-8000-0000000000ee'];
  const upn = 'megan@contoso.example';
  const tables = {
    CopilotAudit_CL: [
      auditRow(interaction(1, {}, { AgentId: packageId })),
      auditRow(interaction(2, {}, { AgentId: packageId, OrganizationId: theirs.toUpperCase() })),
      auditRow(interaction(3, {}, { AgentId: packageId, OrganizationId: theirs, UserId: 'guest@fabrikam.example' })),
    ],
    CopilotEntities_CL: [
      inTenant(entityRow('user', upn, { Department: 'Legal', UserPrincipalName: upn }), ours),
      // A guest there, whose mail address is the name here.
      inTenant(entityRow('user', 'guest@fabrikam.example', { Department: 'Guests' }, { aliases: [upn] }), theirs),
      inTenant(entityRow('agent', packageId, { Name: 'Researcher', IsBlocked: false }), ours),
      inTenant(entityRow('agent', packageId, { Name: 'Researcher', IsBlocked: true }), theirs),
    ],
  };

  it('have users and agents of their own', () => {
    expect(ask('CopilotInteractions | sort by RecordId asc | project UserDepartment, AgentIsBlocked', tables)).toEqual([
      { UserDepartment: 'Legal', AgentIsBlocked: false },
      { UserDepartment: 'Guests', AgentIsBlocked: true },
      { UserDepartment: 'Guests', AgentIsBlocked: true },
    ]);
    expect(ask('CopilotUsers | sort by UserKey asc | project UserKey, OrganizationId, EventCount', tables)).toEqual([
      { UserKey: 'guest@fabrikam.example', OrganizationId: theirs, EventCount: 2 },
      { UserKey: upn, OrganizationId: ours, EventCount: 1 },
    ]);
    expect(
      ask(
        'CopilotAgents | sort by EventCount asc | project AgentKey, OrganizationId, EventCount, AgentIsBlocked',
        tables,
      ),
    ).toEqual([
      { AgentKey: packageId, OrganizationId: ours, EventCount: 1, AgentIsBlocked: false },
      { AgentKey: packageId, OrganizationId: theirs, EventCount: 2, AgentIsBlocked: true },
    ]);
  });

  it('share labels and files, which never multiply a row', () => {
    const label = 'd1d1d1d1-0000-4000-8000-000000000002';
    const rows = [ours, theirs].map((tenant) => inTenant(entityRow('label', label, { Name: 'Secret' }), tenant));
    const raw = interaction(1, { AccessedResources: [{ Id: 'r', SensitivityLabelId: label }] });
    const labelled = { CopilotAudit_CL: [auditRow(raw)], CopilotEntities_CL: rows };
    expect(ask('CopilotResources | project LabelName', labelled)).toEqual([{ LabelName: 'Secret' }]);
    expect(ask('CopilotInteractions | project TopLabelName', labelled)).toEqual([{ TopLabelName: 'Secret' }]);
  });

  it('are one while entities name one at most: an id that events spell otherwise hides nothing', () => {
    const one = tables.CopilotEntities_CL.slice(0, 1);
    expect(
      ask('CopilotInteractions | where RecordId endswith "2" | project UserDepartment', {
        ...tables,
        CopilotEntities_CL: one,
      }),
    ).toEqual([{ UserDepartment: 'Legal' }]);
  });
});

describe('any set of entities', () => {
  const name = fc.constantFrom('a', 'B', 'b', 'c@x', 'd', 'e@x', 'f');
  const entity = fc.record({
    kind: fc.constantFrom('user', 'agent', 'label'),
    key: name,
    aliases: fc.array(fc.oneof(name, fc.constant('')), { maxLength: 4 }),
    ownName: fc.boolean(),
    hasFacts: fc.boolean(),
    day: fc.integer({ min: 20, max: 31 }),
    tenant: fc.constantFrom('t1', 'T1', 't2', ''),
  });

  it('has every key under one name of one row, and no name twice', () => {
    fc.assert(
      fc.property(fc.array(entity, { maxLength: 12 }), (drawn) => {
        const rows = drawn.map(({ kind, key, aliases, ownName, hasFacts, day, tenant }) => {
          const facts = ownName ? { UserPrincipalName: key } : { Name: key };
          const row = entityRow(kind, key, facts, { aliases, observed: `2026-08-${day}T00:00:00Z` });
          return inTenant(hasFacts ? row : bare(row), tenant);
        });
        const tables = { CopilotEntities_CL: rows };
        const found = ask(
          'CopilotEntities | project Kind, Key = tolower(Key), Tenant = tolower(OrganizationId)',
          tables,
        );
        const names = ask('CopilotEntityNames | project Kind, TenantKey, Name, Key = tolower(Key)', tables);
        const distinct = (items: readonly unknown[]): number => new Set(items.map((item) => JSON.stringify(item))).size;
        expect(distinct(found)).toBe(found.length);
        expect(distinct(names.map(({ Kind, TenantKey, Name }) => [Kind, TenantKey, Name]))).toBe(names.length);
        const known = new Set(names.map(({ Kind, Name }) => `${String(Kind)} ${String(Name)}`));
        for (const { kind, key } of drawn) expect(known).toContain(`${kind} ${key.toLowerCase()}`);
        // What names lead to is there.
        const keys = new Set(found.map(({ Kind, Key }) => `${String(Kind)} ${String(Key)}`));
        for (const { Kind, Key } of names) expect(keys).toContain(`${String(Kind)} ${String(Key)}`);
      }),
      { numRuns: 60, seed: 4713 },
    );
  });
});
