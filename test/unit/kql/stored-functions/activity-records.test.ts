import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toActivityRecords } from '../../../../collector/activity-records/activity-record.ts';
import { parseRecord } from '../../../../collector/records/parse-record.ts';
import { toAuditRow } from '../../../../collector/rows/to-audit-row.ts';
import { ask, auditRow, interaction } from './workspace-of.ts';

const folder = fileURLToPath(new URL('../../../fixtures/records/', import.meta.url));

/** Every fixture that can be parsed, under an id of its own: some share one. */
const raws = globSync('*.json', { cwd: folder })
  .filter((name) => !name.endsWith('.rows.json'))
  .toSorted()
  .map((name, n) => {
    const raw = JSON.parse(readFileSync(`${folder}${name}`, 'utf8')) as Record<string, unknown>;
    const id = `f0f0f0f0-0000-4000-8000-${String(n).padStart(12, '0')}`;
    return { name: basename(name, '.json'), raw: { ...raw, Id: id, id: undefined, ID: undefined } };
  })
  .filter(({ raw }) => parseRecord(raw, { contentFields: 'drop' }).ok);

/** What the export makes of a raw record. */
function exported(raw: unknown): ReturnType<typeof toActivityRecords> {
  const parsed = parseRecord(raw, { contentFields: 'drop' });
  if (!parsed.ok) throw new Error(parsed.reason);
  const origin = { source: 'activity-feed', contentCreated: null, collectedTime: '2026-09-01T09:31:00Z' };
  return toActivityRecords(toAuditRow(parsed.record, origin));
}

const mandatory = ['Who', 'Action', 'What', 'When', 'Where', 'ObjectType'] as const;
const seconds = (time: unknown): number => Date.parse(String(time));

describe('CopilotActivityRecords', () => {
  it('says the same as the export, for every fixture', () => {
    const tables = { CopilotAudit_CL: raws.map(({ raw }) => auditRow(raw)) };
    const answers = ask('CopilotActivityRecords | sort by RID asc', tables).map((answer) => ({
      Who: answer.Who,
      Action: answer.Action,
      What: answer.What,
      When: seconds(answer.When),
      Where: answer.Where,
      ObjectType: answer.ObjectType,
      Workstation: answer.Workstation,
      Item: answer.Item,
      RID: answer.RID,
      DetailList: answer.DetailList,
    }));
    const wanted = raws
      .flatMap(({ raw }) => exported(raw))
      .map((one) => ({
        ...one,
        When: seconds(one.When),
        Workstation: one.Workstation ?? '',
        Item: one.Item?.Name ?? '',
      }))
      .toSorted((a, b) => (a.RID < b.RID ? -1 : 1));
    expect(raws.length).toBeGreaterThan(50);
    expect(answers.length).toBe(wanted.length);
    for (const [n, answer] of answers.entries()) expect(answer, String(answer.RID)).toEqual(wanted[n]);
  });

  it('leaves no mandatory member empty, and no record out', () => {
    const tables = { CopilotAudit_CL: raws.map(({ raw }) => auditRow(raw)) };
    const answers = ask('CopilotActivityRecords', tables);
    for (const answer of answers) for (const name of mandatory) expect(answer[name], name).toMatch(/\S/);
    expect(new Set(answers.map(({ RecordId }) => RecordId)).size).toBe(raws.length);
  });

  it('tells a read from one that a policy stopped', () => {
    const AccessedResources = [
      {
        Id: 'a',
        Name: 'plan.docx',
        SiteUrl: 'https://contoso.example/sites/a/plan.docx',
        Type: 'docx',
        Action: 'Read',
      },
      { Name: 'pay.xlsx', Type: 'xlsx', Status: 'failure' },
      null,
      {},
    ];
    const row = auditRow(interaction(1, { AccessedResources }, { ClientIP: '192.0.2.7' }));
    const answers = ask(
      'CopilotActivityRecords | project Action, What, Where, ObjectType, Workstation, RID | sort by RID asc',
      {
        CopilotAudit_CL: [row],
      },
    );
    const id = 'e0e0e0e0-0000-4000-8000-000000000001';
    expect(answers).toEqual([
      {
        Action: 'Read',
        What: 'https://contoso.example/sites/a/plan.docx',
        Where: 'Word',
        ObjectType: 'docx',
        Workstation: '192.0.2.7',
        RID: `${id}-0`,
      },
      {
        Action: 'Read (Failed Attempt)',
        What: 'pay.xlsx',
        Where: 'Word',
        ObjectType: 'xlsx',
        Workstation: '192.0.2.7',
        RID: `${id}-1`,
      },
      {
        Action: 'Read',
        What: 'Unnamed resource',
        Where: 'Word',
        ObjectType: 'Resource',
        Workstation: '192.0.2.7',
        RID: `${id}-3`,
      },
    ]);
  });

  it('keeps a record whose list of resources is empty, absent or holds nulls only, as one prompt', () => {
    const lists = [[], undefined, [null], [null, null]];
    const rows = lists.map((AccessedResources, n) => auditRow(interaction(n + 1, { AccessedResources })));
    const answers = ask('CopilotActivityRecords | summarize Rows = count() by Action, What, ObjectType', {
      CopilotAudit_CL: rows,
    });
    expect(answers).toEqual([{ Action: 'Prompt', What: 'Microsoft Copilot', ObjectType: 'application', Rows: 4 }]);
  });

  it('has one row for a record that was sent twice, within the bounds of the call', () => {
    const row = auditRow(interaction(1, { AccessedResources: [{ Name: 'a' }, { Name: 'b' }] }));
    const count = (call: string): unknown =>
      ask(`${call} | count`, { CopilotAudit_CL: [row, { ...row, _TimeReceived: '2026-09-01T10:00:00Z' }] })[0]?.Count;
    expect(count('CopilotActivityRecords')).toBe(2);
    expect(count('CopilotActivityRecords(datetime(2026-09-01), datetime(2026-09-02))')).toBe(2);
    expect(count('CopilotActivityRecords(datetime(2026-09-02))')).toBe(0);
    expect(count('CopilotActivityRecords(datetime(null), datetime(2026-09-01))')).toBe(0);
  });
});
