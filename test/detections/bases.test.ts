/** The bases that cases start from: records that the collector takes, rows that their tables can hold. */
import { describe, expect, it } from 'vitest';
import { isCopilotRecord } from '../../collector/records/is-copilot-record.ts';
import { schemaOf } from '../../workspace/workspace.ts';
import { recordBase, recordBases, rowBase, rowBases } from './bases.ts';
import { auditRow } from './given-rows.ts';

const complete = (name: string) => ({ ...recordBase(name), Id: name, CreationTime: '2026-09-02T11:50:00' });
const row = (name: string) => auditRow(complete(name), Date.parse('2026-09-02T11:55:00Z'), {});

describe('a record', () => {
  it.each(recordBases)('is one of Copilot: %s', (name) => {
    expect(isCopilotRecord(complete(name))).toBe(true);
    expect(row(name)).toMatchObject({ RecordId: name, TimeGenerated: '2026-09-02T11:50:00Z' });
    expect(row(name)).not.toHaveProperty('UnknownFields', expect.anything());
  });

  it.each(
    recordBases.filter((name) =>
      /^(?:plugin|promptbook|settings|file|bot|agent-(?:deployed|settings)|tenant)-/.test(name),
    ),
  )('is an operation that has a name of ours: %s', (name) => {
    expect(row(name)).toMatchObject({ AdminAction: expect.any(String), AdminObject: expect.any(String) });
  });

  it('is what its name says', () => {
    expect(row('chat-with-file')).toMatchObject({ LabelIds: ['d1d1d1d1-0000-4000-8000-000000000003'] });
    expect(row('meeting')).toMatchObject({ InteractionType: 'meeting' });
    expect(row('autonomous')).toMatchObject({ SurfaceGroup: 'Autonomous', IsSyntheticActor: true });
    expect(row('studio-client')).toMatchObject({ TwinRole: 'client' });
    expect(row('studio-runtime')).toMatchObject({ TwinRole: 'runtime' });
    expect(row('declarative-agent')).toMatchObject({ AgentKind: 'declarative' });
    expect(row('settings-update')).toMatchObject({ AdminAction: 'settings' });
    expect(row('scheduled-prompt')).toMatchObject({ RecordType: 'Microsoft365CopilotScheduledPrompt' });
    expect(row('interactions-export')).toMatchObject({ AdminAction: 'export' });
  });
});

describe('a row', () => {
  it.each(rowBases)('has columns of its table only: %s', (table) => {
    const columns = new Set(schemaOf(table).columns.map(({ name }) => name));
    expect(Object.keys(rowBase(table)).filter((name) => !columns.has(name))).toEqual([]);
  });
});
