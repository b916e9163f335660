/** Alerts about the collector that need neither Sentinel nor the collector. */
import { describe, expect, it } from 'vitest';
import { engine } from '../../kql/engine/engine.ts';
import { fromJsonRows, type JsonRow } from '../../kql/engine/json-rows.ts';
import { workspaceTables } from '../../workspace/workspace.ts';
import { capQuery, heartbeatQuery, ingestionErrorsQuery, silenceMinutes } from '../../infra/monitoring.ts';
import type { Plan } from '../../infra/plan/plan.ts';
import { configurations } from './configurations.ts';
import { planned, TENANT_A, TENANT_B } from './runs.ts';

const ALERT_TYPES = /:(?:ActionGroup|MetricAlert|ScheduledQueryRule)$/;
const alertsOf = (plan: Plan): Plan['registrations'] => plan.registrations.filter(({ type }) => ALERT_TYPES.test(type));
const withEmail = (config: Readonly<Record<string, unknown>>) => ({
  config: { ...config, 'alerts.email': 'soc@contoso.example' },
});

describe('alerts', { timeout: 120_000 }, () => {
  it('are none without an address', async () => {
    expect(alertsOf(await planned(configurations.new))).toEqual([]);
  });

  it('cover replica, rule, cap and silence, and tell the one address', async () => {
    const plan = await planned(configurations.alerts);
    const [group, ...alerts] = alertsOf(plan).toSorted((a, b) => (a.type < b.type ? -1 : 1));
    expect(group?.inputs).toMatchObject({
      enabled: true,
      emailReceivers: [{ emailAddress: 'soc@contoso.example', useCommonAlertSchema: true }],
    });
    expect(String(group?.inputs['groupShortName']).length).toBeLessThanOrEqual(12);
    const kinds = alerts.map(({ name }) => name.replace(/-[0-9a-f]{8}$/, '').replace('alert-', ''));
    expect(kinds.toSorted()).toEqual([
      'collector-silent',
      'ingestion-errors',
      'ingestion-stopped-by-cap',
      'replica-gone',
      'replica-restarting',
      'rows-dropped',
      'transformation-errors',
    ]);
    for (const { inputs, name } of alerts) {
      expect(inputs['enabled'], name).toBe(true);
      expect(JSON.stringify(inputs), name).toContain(String(group?.id));
      expect(inputs['description'], name).toMatch(/\. (?:See|Its|Read|Raise)|: /);
    }
  });

  it('on metrics look at the app and at the rule', async () => {
    const plan = await planned(configurations.alerts);
    const idOf = (type: string): unknown => plan.registrations.find((one) => one.type.endsWith(type))?.id;
    const watched = alertsOf(plan)
      .filter(({ type }) => type.endsWith(':MetricAlert'))
      .map(({ inputs }) => {
        const { allOf } = inputs['criteria'] as { allOf: readonly Readonly<Record<string, unknown>>[] };
        const [{ metricName, operator, threshold, timeAggregation } = {}] = allOf;
        return [metricName, timeAggregation, operator, threshold, (inputs['scopes'] as readonly unknown[])[0]];
      });
    expect(watched.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['Replicas', 'Maximum', 'LessThan', 1, idOf(':ContainerApp')],
      ['RestartCount', 'Maximum', 'GreaterThan', 5, idOf(':ContainerApp')],
      ['RowsDropped_Count', 'Total', 'GreaterThan', 0, idOf(':DataCollectionRule')],
      ['TransformationErrors_Count', 'Count', 'GreaterThan', 0, idOf(':DataCollectionRule')],
    ]);
  });

  it('on logs look at four times the time between two looks, for rows that arrive late, and resolve themselves', async () => {
    const rules = alertsOf(await planned(configurations.alerts)).filter(({ type }) => type.endsWith('QueryRule'));
    const times = rules.map(({ name, inputs }) => [
      name.replace(/-[0-9a-f]{8}$/, ''),
      inputs['windowSize'],
      inputs['evaluationFrequency'],
      inputs['autoMitigate'],
    ]);
    expect(times.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['alert-collector-silent', 'PT2H', 'PT15M', true],
      ['alert-ingestion-errors', 'PT1H', 'PT15M', true],
      ['alert-ingestion-stopped-by-cap', 'PT1H', 'PT15M', true],
    ]);
  });

  it('on a metric that may be missing name the alert that does not need it', async () => {
    const [gone] = alertsOf(await planned(configurations.alerts)).filter(({ name }) => name.includes('replica-gone'));
    expect(gone?.inputs['description']).toContain('collector-silent');
  });

  it('on logs lie where the workspace is, after its tables', async () => {
    const plan = await planned(withEmail(configurations.adopted.config));
    const rules = alertsOf(plan).filter(({ type }) => type.endsWith(':ScheduledQueryRule'));
    expect(rules).toHaveLength(3);
    const tables = plan.registrations.filter(({ type }) => type.endsWith('operationalinsights:Table'));
    for (const rule of rules) {
      expect(rule.inputs).toMatchObject({ resourceGroupName: 'rg-soc', location: plan.around.workspaceLocation });
      expect(rule.provider).toBe(tables[0]?.provider);
      expect(rule.dependencies).toEqual(expect.arrayContaining(tables.map(({ urn }) => urn)));
    }
  });

  it('are one set for each tenant and for each workspace', async () => {
    const plan = await planned(withEmail(configurations.tenants.config));
    const count = (part: string): number => alertsOf(plan).filter(({ name }) => name.includes(part)).length;
    expect([count('replica-gone'), count('collector-silent'), count('rows-dropped'), count('by-cap')]).toEqual([
      2, 2, 2, 2,
    ]);
    expect(alertsOf(plan).filter(({ type }) => type.endsWith(':ActionGroup'))).toHaveLength(1);
  });
});

describe('silence', () => {
  it.for([
    [1, 120],
    [300, 120],
    [2400, 120],
    [2401, 180],
    [7200, 360],
    [10_000, 1440],
    [86_400, 2880],
  ] as const)('with a poll of %i s is %i minutes', ([pollSeconds, minutes]) => {
    expect(silenceMinutes(pollSeconds)).toBe(minutes);
  });
});

describe('queries of alerts', () => {
  const columns = ['TimeGenerated', 'Category', 'Detail', 'Level', 'Operation'].map((name) => ({
    name,
    type: name === 'TimeGenerated' ? ('datetime' as const) : ('string' as const),
  }));
  // A function of every workspace, over Operation.
  const schemas = [...workspaceTables, { name: '_LogOperation', columns }];
  const kql = engine({ tables: schemas });
  const count = (query: string, table: string, row: JsonRow): number => {
    const schema = schemas.find(({ name }) => name === table);
    if (schema === undefined) throw new Error(`no table ${table}`);
    const tables = { [table]: fromJsonRows(schema, [row]) };
    return kql.prepare(query).run({ now: new Date('2026-11-18T15:00:00Z'), tables }).rows.length;
  };

  it('find heartbeats of the tenant and nothing else', () => {
    const heartbeat = { HealthKind: 'heartbeat', OrganizationId: TENANT_A };
    const found = (row: JsonRow): number => count(heartbeatQuery(TENANT_A.toUpperCase()), 'CopilotHealth_CL', row);
    expect(found(heartbeat)).toBe(1);
    expect(found({ ...heartbeat, OrganizationId: TENANT_B })).toBe(0);
    expect(found({ ...heartbeat, HealthKind: 'source-error' })).toBe(0);
  });

  it('find no errors where there is no rule', () => {
    expect(count(ingestionErrorsQuery([]), 'DCRLogErrors', { _ResourceId: 'x' })).toBe(0);
  });

  it('find errors of the rule and of no other', () => {
    const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/dataCollectionRules/dcr';
    const found = (_ResourceId: string): number =>
      count(ingestionErrorsQuery([`${id}-of-another-tenant`, id]), 'DCRLogErrors', { _ResourceId });
    expect(found(id.toLowerCase())).toBe(1);
    expect(found(`${id}2`)).toBe(0);
  });

  it('find the cap, and no other trouble of ingestion', () => {
    const found = (Detail: string): number => count(capQuery, '_LogOperation', { Category: 'Ingestion', Detail });
    expect(found('Data collection stopped due to daily limit. Ingestion status = OverQuota')).toBe(1);
    expect(found('Data ingestion volume rate crossed the threshold')).toBe(0);
  });
});
