import { describe, expect, it, test } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { ask, auditRow, entityRow, fixture, half, interaction, valuesOf } from './workspace-of.ts';

const objectId = '3e3e3e3e-0000-4000-8000-000000000007';
const turn = (id: number, UserId: string, UserKey: string, event: JsonRow = {}, columns: JsonRow = {}) =>
  auditRow(interaction(id, event, { UserId, UserKey }), { columns });
const megan = entityRow(
  'user',
  'megan@contoso.example',
  { DisplayName: 'Megan Bowen', Department: 'Legal', Country: 'France', HasCopilotLicense: true },
  { aliases: ['megan.old@contoso.example', objectId] },
);
const keysOf = (rows: readonly JsonRow[], entities: readonly JsonRow[] = [megan]) =>
  valuesOf(
    ask('CopilotPersonTurns | distinct UserKey', { CopilotAudit_CL: rows, CopilotEntities_CL: entities }),
    'UserKey',
  );

describe('a person has one key', () => {
  test.for<readonly [name: string, actor: string, id: string]>([
    ['in other capitals', 'MEGAN@Contoso.example', '10032000AAAAAAAA'],
    ['under an old name', 'megan.old@contoso.example', '10032000AAAAAAAA'],
    ['under the object id', objectId, '10032000AAAAAAAA'],
    ['under a name that only the id explains', '8:orgid:7', objectId.toUpperCase()],
  ])('%s', ([, actor, id]) => {
    expect(keysOf([turn(1, 'megan@contoso.example', 'N/A'), turn(2, actor, id)])).toEqual(['megan@contoso.example']);
  });

  it('that other turns with the same id tell, where the directory does not', () => {
    const rows = [turn(1, 'leo@contoso.example', '10032000BBBBBBBB'), turn(2, 'Leo Stone', '10032000BBBBBBBB')];
    expect(keysOf(rows)).toEqual(['leo@contoso.example']);
    expect(keysOf(rows, [])).toEqual(['leo@contoso.example']);
  });

  it('of the directory, where one name of an id is known', () => {
    const rows = [
      turn(1, 'megan@contoso.example', '10032000CCCCCCCC'),
      turn(2, 'a@contoso.example', '10032000CCCCCCCC'),
    ];
    expect(keysOf(rows)).toEqual(['megan@contoso.example']);
  });
});

test.for(['N/A', '', '00000000-0000-0000-0000-000000000000'])('%j as id makes nobody the same person', (id) => {
  const rows = [turn(1, 'leo@contoso.example', id), turn(2, 'ida@contoso.example', id)];
  expect(keysOf(rows)).toEqual(['ida@contoso.example', 'leo@contoso.example']);
});

it('has the facts of the directory under every name, and those of the row for who is not in it', () => {
  const row = { UserDisplayName: 'Somebody', UserDepartment: 'Sales' };
  const answers = ask(
    'CopilotPersonTurns | project ActorName, UserDisplayName, UserDepartment, UserCountry, UserHasCopilotLicense | sort by ActorName asc',
    {
      CopilotAudit_CL: [
        turn(1, '8:orgid:7', objectId, {}, row),
        turn(2, 'guest@partner.example', 'N/A', {}, row),
        turn(3, 'nobody@contoso.example', 'N/A'),
      ],
      CopilotEntities_CL: [megan],
    },
  );
  expect(answers.map((answer) => Object.values(answer))).toEqual([
    ['8:orgid:7', 'Megan Bowen', 'Legal', 'France', true],
    ['guest@partner.example', 'Somebody', 'Sales', 'not known', null],
    ['nobody@contoso.example', 'nobody@contoso.example', 'not known', 'not known', null],
  ]);
});

describe('what counts', () => {
  it('is a turn once, though twins are two records', () => {
    const rows = [auditRow(half('runtime', 1, 0)), auditRow(half('client', 2, 5))];
    expect(ask('CopilotPersonTurns | project AgentName', { CopilotAudit_CL: rows })).toHaveLength(1);
  });

  test.for<readonly [name: string, row: JsonRow]>([
    ['a synthetic actor', turn(1, 'N/A', 'N/A', {}, { IsSyntheticActor: true })],
    ['a test pane', turn(1, 'leo@contoso.example', 'N/A', {}, { IsTestPane: true })],
    [
      'a scheduled prompt',
      turn(1, 'leo@contoso.example', 'N/A', {}, { RecordType: 'Microsoft365CopilotScheduledPrompt' }),
    ],
    ['an AI application of others', turn(1, 'leo@contoso.example', 'N/A', {}, { RecordType: 'AIAppInteraction' })],
    ['an admin operation', auditRow(fixture('studio-authoring'))],
  ])('is not %s', ([, row]) => {
    expect(keysOf([row])).toEqual([]);
  });

  it('lies within the bounds, the end left out', () => {
    const tables = { CopilotAudit_CL: [turn(1, 'leo@contoso.example', 'N/A')] };
    const at = 'datetime(2026-09-01T09:30:00Z)';
    expect(ask(`CopilotPersonTurns(${at}, now())`, tables)).toHaveLength(1);
    expect(ask(`CopilotPersonTurns(${at} - 1d, ${at})`, tables)).toHaveLength(0);
  });
});

test.for<readonly [host: string, app: string]>([
  ['Teams', 'Microsoft Teams'],
  ['OutlookSidepane', 'Outlook'],
  ['BizChat', 'Copilot Chat'],
  ['Office', 'Copilot Chat'],
  ['Edge', 'Edge'],
  ['Word', 'Word'],
])('%s is %s in the words of the usage report', ([AppHost, app]) => {
  const rows = [turn(1, 'leo@contoso.example', 'N/A', { AppHost })];
  expect(valuesOf(ask('CopilotPersonTurns', { CopilotAudit_CL: rows }), 'App')).toEqual([app]);
});
