import { expect, test } from 'vitest';
import type { Cell } from '../../../../workspace/console/api.ts';
import { figureOf } from '../../../../workspace/console/page/overview/figures.ts';
import { usageQuery } from '../../../../workspace/console/page/overview/queries.ts';
import { overviewSpan } from '../../../../workspace/console/page/overview/span.ts';
import { ask, auditRow, interaction } from '../../kql/stored-functions/workspace-of.ts';

const agent = { AgentId: 'T_1.helpdesk', AgentName: 'Helpdesk' };
const turn = (id: number, UserId: string, CreditsBillable: number, IsSyntheticActor = false) =>
  auditRow(interaction(id, agent, { UserId }), { columns: { CreditsBillable, IsSyntheticActor } });
const usage = (column: string) => {
  const rows = ask(usageQuery(overviewSpan(null)), {
    CopilotAudit_CL: [
      turn(1, 'megan@contoso.example', 2),
      turn(2, 'MEGAN@contoso.example', 3),
      turn(3, 'helpdesk@contoso.example', 40, true),
    ],
  });
  return figureOf(rows as readonly Readonly<Record<string, Cell>>[], column);
};

test('people are those who asked, each once', () => {
  expect(usage('People')).toEqual({ total: 1, days: [1] });
  expect(usage('Interactions').total).toBe(2);
});

test('what agents spend on their own is spent', () => {
  expect(usage('Credits')).toEqual({ total: 45, days: [45] });
});
