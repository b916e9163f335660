import { describe, expect, it } from 'vitest';
import { tables as definitions } from '../../collector/schema/index.ts';
import { checkTransform } from '../../kql/check/transform.ts';
import { toType } from '../../kql/engine/values/types.ts';
import { shippedTables } from '../../kql/tables/shipped-tables.ts';
import type { Plan } from '../../infra/plan/plan.ts';
import { IMAGE, planned } from './runs.ts';

const run = () => planned({ config: { 'image.ref': IMAGE } });
function named(plan: Plan, name: string) {
  // There is one tenant: its key is the end of some names.
  const found = plan.registrations.find((one) => one.name.replace(/-[0-9a-f]{8}$/, '') === name);
  if (found === undefined) throw new Error(`nothing is named ${name}`);
  return found;
}

describe('the data collection rule', () => {
  it('declares a stream for each table, with the columns that the collector sends', async () => {
    const { inputs } = named(await run(), 'ingestion-rule');
    const streams = inputs['streamDeclarations'] as Readonly<Record<string, { readonly columns: readonly unknown[] }>>;
    expect(Object.keys(streams).sort()).toEqual(definitions.map(({ name }) => `Custom-${name}`).sort());
    for (const { name, columns } of definitions)
      expect(streams[`Custom-${name}`]?.columns).toEqual(
        Object.entries(columns).map(([column, { type }]) => ({ name: column, type })),
      );
  });

  it('has transformations that Azure Monitor takes, and whose columns fit the tables', async () => {
    const { inputs } = named(await run(), 'ingestion-rule');
    const streams = inputs['streamDeclarations'] as Readonly<
      Record<string, { readonly columns: readonly { readonly name: string; readonly type: string }[] }>
    >;
    const flows = inputs['dataFlows'] as readonly {
      readonly streams: readonly string[];
      readonly transformKql: string;
    }[];
    expect(flows).toHaveLength(definitions.length);
    for (const {
      streams: [stream = ''],
      transformKql,
    } of flows) {
      const columns = (streams[stream]?.columns ?? []).map(({ name, type }) => ({
        name,
        type: toType(type) ?? 'dynamic',
      }));
      const table = shippedTables.find(({ name }) => `Custom-${name}` === stream);
      if (table === undefined) throw new Error(`no table for ${stream}`);
      expect(checkTransform(transformKql, { name: stream, columns }, table)).toEqual([]);
      // The check can fail: a summary is no transformation.
      expect(checkTransform(`${transformKql} | summarize count()`, { name: stream, columns }, table)).not.toEqual([]);
    }
  });

  it('writes each stream as it is to the table of the same name, in the workspace', async () => {
    const plan = await run();
    const { inputs } = named(plan, 'ingestion-rule');
    expect(inputs['destinations']).toEqual({
      logAnalytics: [{ name: 'workspace', workspaceResourceId: named(plan, 'workspace').id }],
    });
    expect(inputs['dataFlows']).toEqual(
      definitions.map(({ name }) => ({
        streams: [`Custom-${name}`],
        destinations: ['workspace'],
        transformKql: 'source',
        outputStream: `Custom-${name}`,
      })),
    );
    // A data collection rule takes ten flows (Azure Monitor service limits).
    expect(definitions.length).toBeLessThanOrEqual(10);
  });

  it('comes after every table, and the upgrade order is table, rule, collector', async () => {
    const plan = await run();
    const rule = named(plan, 'ingestion-rule');
    const tableUrns = definitions.map(({ name }) => named(plan, `table-${name}`).urn);
    expect(rule.dependencies).toEqual(expect.arrayContaining(tableUrns));
    const app = plan.registrations.find(({ type }) => type.endsWith(':ContainerApp'));
    expect(app?.dependencies).toContain(rule.urn);
  });

  it('logs its errors to the workspace', async () => {
    const plan = await run();
    expect(named(plan, 'ingestion-rule-errors').inputs).toMatchObject({
      resourceUri: named(plan, 'ingestion-rule').id,
      workspaceId: named(plan, 'workspace').id,
      logs: [{ category: 'LogErrors', enabled: true }],
    });
  });

  it('may be written through by the collector, which has that role nowhere else', async () => {
    const plan = await run();
    const identity = plan.registrations.find(({ type }) => type.endsWith(':UserAssignedIdentity'));
    const grants = plan.registrations.filter(({ inputs }) =>
      String(inputs['roleDefinitionId']).endsWith('/3913510d-42f4-4e42-8a64-420c390055eb'),
    );
    expect(grants.map(({ inputs }) => inputs)).toMatchObject([
      {
        scope: named(plan, 'ingestion-rule').id,
        principalId: identity?.outputs['principalId'],
        principalType: 'ServicePrincipal',
      },
    ]);
    const app = plan.registrations.find(({ type }) => type.endsWith(':ContainerApp'));
    expect(app?.dependencies).toEqual(expect.arrayContaining(grants.map(({ urn }) => urn)));
  });
});

describe('the data collection endpoint', () => {
  it('lies in the region of the rule and belongs to it', async () => {
    const plan = await run();
    const endpoint = named(plan, 'endpoint');
    expect(endpoint.inputs).toMatchObject({ location: 'westeurope', networkAcls: { publicNetworkAccess: 'Enabled' } });
    expect(named(plan, 'ingestion-rule').inputs).toMatchObject({
      location: 'westeurope',
      dataCollectionEndpointId: endpoint.id,
    });
  });
});
