import { describe, expect, it } from 'vitest';
import { ask, auditRow, entityRow, interaction } from './workspace-of.ts';

const agent = 'T_5d5d5d5d-0000-4000-8000-00000000000b';
const [objectId, strangerId] = ['3d3d3d3d-0000-4000-8000-00000000000a', '3d3d3d3d-0000-4000-8000-00000000000b'];
const turn = (id: number, UserId: string, UserKey: string, changes: object = {}) =>
  auditRow(interaction(id, {}, { AgentId: agent, UserId, UserKey, ...changes }));

describe('CopilotAgents', () => {
  const tables = {
    CopilotAudit_CL: [
      turn(1, 'Megan@contoso.example', objectId),
      turn(2, 'Megan Bowen', objectId.toUpperCase(), { CreationTime: '2026-08-31T09:30:00' }),
      turn(3, `8:orgid:${objectId}`, objectId),
      turn(4, 'guest@fabrikam.example', strangerId),
      turn(5, 'A Guest', strangerId),
      turn(6, 'alex@contoso.example', 'N/A'),
      turn(7, 'bianca@contoso.example', 'N/A'),
    ],
    CopilotEntities_CL: [
      entityRow('user', 'megan@contoso.example', { DisplayName: 'Megan Bowen' }, { aliases: [objectId] }),
    ],
  };
  const counts = (call: string, rows: Parameters<typeof ask>[1] = tables) =>
    ask(`${call} | project AgentKey, EventCount, UserCount`, rows);

  it('counts a person once, however records spell the name', () => {
    expect(counts('CopilotAgents')).toEqual([{ AgentKey: agent, EventCount: 7, UserCount: 4 }]);
  });

  it('counts no makers in the test pane and no administrators as users, but all events', () => {
    const rows = [
      ...tables.CopilotAudit_CL.slice(0, 1),
      { ...turn(8, 'maker@contoso.example', strangerId), IsTestPane: true },
      { ...turn(9, 'admin@contoso.example', strangerId), AdminAction: 'update' },
      { ...turn(10, 'agent-account', strangerId), IsSyntheticActor: true },
    ];
    expect(counts('CopilotAgents', { CopilotAudit_CL: rows })).toEqual([
      { AgentKey: agent, EventCount: 4, UserCount: 1 },
    ]);
  });

  it('keeps to the bounds, the end left out', () => {
    expect(counts('CopilotAgents(datetime(2026-08-31), datetime(2026-09-01))')).toEqual([
      { AgentKey: agent, EventCount: 1, UserCount: 1 },
    ]);
    expect(counts('CopilotAgents(endTime = datetime(2026-09-01T09:30:00Z))')).toEqual([
      { AgentKey: agent, EventCount: 1, UserCount: 1 },
    ]);
  });
});
