/** The connector's page under Data connectors: status, permissions, steps; its queries run in the project's KQL engine. */
import { describe, expect, test } from 'vitest';
import { fromJsonRows } from '../../kql/engine/json-rows.ts';
import { schemaOf, workspaceEngine } from '../../workspace/workspace.ts';
import { permissions } from '../../collector/permissions.ts';
import { tables } from '../../collector/schema/index.ts';
import { connectorUiConfig } from '../../infra/content/connector-definition.ts';
import { contentPlan, dependencies, resource } from '../fixtures/infra-content/runs.ts';

describe('the connector page', () => {
  test('is one resource, after the tables that its status reads', async () => {
    const plan = await contentPlan();
    expect(resource(plan, 'connector-page').inputs).toEqual({
      resourceGroupName: 'rg-fixture',
      workspaceName: 'log-fixture',
      dataConnectorDefinitionName: 'CopilotSentinel',
      kind: 'Customizable',
      connectorUiConfig: connectorUiConfig(),
    });
    expect(dependencies(plan, 'connector-page')).toEqual([
      'sentinel',
      'table-CopilotAudit_CL',
      'table-CopilotHealth_CL',
      'workspace',
    ]);
  });

  test('tells the last data of every table', () => {
    expect(connectorUiConfig().dataTypes.map(({ name }) => name)).toEqual(tables.map(({ name }) => name));
  });

  test('names every permission and what is lost without it', () => {
    const text = JSON.stringify(connectorUiConfig().permissions.customs);
    expect(permissions.length).toBeGreaterThan(0);
    for (const { role, withoutIt, buys } of permissions) {
      expect(text).toContain(role);
      expect(text).toContain(buys);
      expect(text).toContain(withoutIt);
    }
  });

  const now = new Date('2026-11-20T12:00:00Z');
  const answer = (query: string, reportedAt: readonly string[]) =>
    workspaceEngine()
      .prepare(query)
      .run({
        now,
        tables: {
          CopilotHealth_CL: fromJsonRows(
            schemaOf('CopilotHealth_CL'),
            reportedAt.map((TimeGenerated) => ({ TimeGenerated })),
          ),
        },
      });

  test.for([
    { reportedAt: ['2026-11-18T12:00:00Z', '2026-11-20T11:00:00Z'], connected: true },
    { reportedAt: ['2026-11-18T12:00:00Z'], connected: false },
  ])('says connected=$connected after reports at $reportedAt', ({ reportedAt, connected }) => {
    const [query = ''] = connectorUiConfig().connectivityCriteria.flatMap(({ value }) => value);
    const { columns, rows } = answer(query, reportedAt);
    expect([columns.map(({ name }) => name), rows]).toEqual([['IsConnected'], [[connected]]]);
  });

  test('without any report it is not connected', () => {
    const [query = ''] = connectorUiConfig().connectivityCriteria.flatMap(({ value }) => value);
    expect(answer(query, []).rows.flat()).not.toContain(true);
  });

  test('its other queries bind to the tables', () => {
    const { graphQueries, dataTypes } = connectorUiConfig();
    for (const query of [
      ...graphQueries.map((one) => one.baseQuery),
      ...dataTypes.map((one) => one.lastDataReceivedQuery),
    ])
      expect(workspaceEngine().diagnose(query), query).toEqual([]);
  });

  test('is connected by a query, since there is no connector resource to count', () => {
    expect(connectorUiConfig().connectivityCriteria.map(({ type }) => type)).toEqual(['IsConnectedQuery']);
  });
});
