import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { activityRow, ask, auditRow, cloudAppRow, entityRow, half, idOf, valuesOf } from './workspace-of.ts';

const agent = '7c7c7c7c-0000-4000-8000-00000000000a';
const title = 'T_8d8d8d8d-0000-4000-8000-00000000000b';

describe('any set of records', () => {
  const record = fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    role: fc.constantFrom('runtime', 'client'),
    seconds: fc.integer({ min: 0, max: 900 }),
    user: fc.constantFrom('megan@contoso.example', 'Alex@contoso.example', null, ''),
    agent: fc.constantFrom(agent, `${title}.${agent}`, title, '', null),
    conversation: fc.constantFrom('a', 'b', '', null),
    table: fc.constantFrom('CopilotAudit_CL', 'CopilotActivity', 'CloudAppEvents'),
    copies: fc.integer({ min: 1, max: 3 }),
  });
  const entities = ['megan@contoso.example', 'MEGAN@contoso.example', '', agent, title].flatMap((key) => [
    entityRow('user', key, { Department: key }, { aliases: ['', 'alex@contoso.example'] }),
    entityRow('agent', key, { Name: key }, { aliases: [agent, title] }),
    entityRow('label', key, { Name: key }, { aliases: null }),
  ]);

  it('loses no row and doubles none', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 25 }), (drawn) => {
        const tables: Record<string, JsonRow[]> = {
          CopilotAudit_CL: [],
          CopilotActivity: [],
          CloudAppEvents: [],
          CopilotEntities_CL: entities,
        };
        // One record is the same wherever it lies, and ids of CopilotActivity agree in this workspace.
        const first = new Map(drawn.map((item) => [item.id, item]));
        const agreed = half('client', 99, 5000);
        tables.CopilotAudit_CL?.push(auditRow(agreed));
        tables.CopilotActivity?.push(activityRow(agreed));
        for (const { id, table, copies } of drawn) {
          const item = first.get(id);
          if (item === undefined) continue;
          const raw = half(
            item.role,
            id,
            item.seconds,
            { ConversationId: item.conversation },
            { UserId: item.user, AgentId: item.agent },
          );
          for (let copy = 0; copy < copies; copy += 1)
            tables[table]?.push(
              table === 'CopilotAudit_CL'
                ? auditRow(raw, {
                    received: new Date(Date.parse('2026-09-01T10:00:00Z') + copy * 60_000).toISOString(),
                  })
                : table === 'CopilotActivity'
                  ? activityRow(raw)
                  : cloudAppRow(raw, copy === 0 ? 'object' : 'text'),
            );
        }
        const ids = [...new Set(drawn.map(({ id }) => idOf(id))), idOf(99)].sort();
        expect(valuesOf(ask('CopilotEvents | project RecordId', tables), 'RecordId')).toEqual(ids);
        expect(valuesOf(ask('CopilotInteractions | project RecordId', tables), 'RecordId')).toEqual(ids);
        const turns = ask('CopilotTurns | project RecordId, TwinRecordId', tables);
        const twins = turns.flatMap(({ TwinRecordId }) => (TwinRecordId === '' ? [] : [TwinRecordId]));
        expect(
          [...turns.map(({ RecordId }) => RecordId), ...twins].map(String).toSorted((a, b) => a.localeCompare(b)),
        ).toEqual(ids);
        const agents = ask(
          'CopilotAgents | summarize Events = sum(EventCount), Rows = count(), Keys = dcount(AgentKey)',
          tables,
        )[0];
        const named = ask('CopilotEvents | where isnotempty(AgentIdNormalized) | count', tables)[0];
        expect([agents?.Events, agents?.Rows]).toEqual([named?.Count, agents?.Keys]);
      }),
      { numRuns: 40, seed: 4711 },
    );
  });

  it('is counted once, too, where CopilotActivity has ids of its own or none', () => {
    const held = fc.record({
      role: fc.constantFrom('runtime', 'client'),
      user: fc.constantFrom('megan@contoso.example', 'Alex@contoso.example', ''),
      agent: fc.constantFrom(agent, `${title}.${agent}`, ''),
      thread: fc.constantFrom('19:a@thread.v2', '', null),
      host: fc.constantFrom('Word', 'Excel', ''),
      rounded: fc.constantFrom(-1, 0, 1),
      where: fc.constantFrom('ours', 'theirs', 'both'),
      hasId: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(held, { maxLength: 20 }), (drawn) => {
        const tables: Record<string, JsonRow[]> = { CopilotAudit_CL: [], CopilotActivity: [] };
        let expected = 0;
        for (const [index, item] of drawn.entries()) {
          // Events that lie apart: within one second only their number is right.
          const made = (seconds: number) =>
            half(
              item.role,
              index + 1,
              seconds,
              { ThreadId: item.thread, AppHost: item.host },
              { UserId: item.user, AgentId: item.agent },
            );
          if (item.where !== 'theirs') tables.CopilotAudit_CL?.push(auditRow(made(index * 4)));
          if (item.where !== 'ours')
            tables.CopilotActivity?.push(
              activityRow(made(index * 4 + item.rounded), { RecordId: item.hasId ? `own-${index}` : null }),
            );
          // Nobody's events cannot be told apart, so they stay two.
          expected += item.where === 'both' && item.user === '' ? 2 : 1;
        }
        expect(ask('CopilotEvents', tables)).toHaveLength(expected);
      }),
      { numRuns: 40, seed: 4712 },
    );
  });
});
