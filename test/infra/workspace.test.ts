import { describe, expect, it } from 'vitest';
import { tables as definitions } from '../../collector/schema/index.ts';
import { keyOf } from '../../infra/names.ts';
import type { Plan } from '../../infra/plan/plan.ts';
import { configurations } from './configurations.ts';
import { ADOPTED_ID, IMAGE, planned, runOf, TENANT_A, TENANT_B } from './runs.ts';

const IMAGED = { 'image.ref': IMAGE };
const CAPPED = { ...IMAGED, 'workspace.retentionInDays': 180, 'workspace.dailyCapGb': 20 };
const ADOPTED = { ...IMAGED, 'workspace.resourceId': ADOPTED_ID };
// runOf sets a region; undefined takes it away again.
const NO_REGION = { 'azure-native:location': undefined };

const typed = (plan: Plan, end: string) => plan.registrations.filter(({ type }) => type.endsWith(`:${end}`));
const named = (plan: Plan, name: string) => {
  const found = plan.registrations.find((one) => one.name === name);
  if (found === undefined) throw new Error(`nothing is named ${name}`);
  return found;
};
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf('::') + 2);
const azure = (plan: Plan) => plan.registrations.filter(({ type }) => /^azure(?:-native|ad):/.test(type));

/** Names of everything that a resource comes after, near or far. */
function before(plan: Plan, name: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const urn of named(plan, next).dependencies)
      if (!seen.has(nameOf(urn))) {
        seen.add(nameOf(urn));
        open.push(nameOf(urn));
      }
  return seen;
}

describe('a new workspace', () => {
  it('has the price, retention and cap of the configuration, and no keys', async () => {
    const plan = await planned({ config: CAPPED });
    expect(named(plan, 'workspace').inputs).toMatchObject({
      workspaceName: 'log-copilot-dev',
      location: 'westeurope',
      sku: { name: 'PerGB2018' },
      retentionInDays: 180,
      workspaceCapping: { dailyQuotaGb: 20 },
      features: { disableLocalAuth: true },
    });
  });

  it('has no cap and no commitment unless asked, and says so: what is left out of an update stays', async () => {
    const { inputs } = named(await planned({ config: IMAGED }), 'workspace');
    expect(inputs).toMatchObject({ sku: { name: 'PerGB2018' }, workspaceCapping: { dailyQuotaGb: -1 } });
  });

  it('gets Sentinel before any table, and everything of Sentinel comes after that', async () => {
    const plan = await planned({ config: IMAGED });
    const after = plan.registrations.filter(
      ({ type, name }) =>
        name !== 'sentinel' && /:securityinsights:|:operationalinsights:(?:Table|SavedSearch)/.test(type),
    );
    expect(after.length).toBeGreaterThan(10);
    for (const { name } of after) expect([name, before(plan, name).has('sentinel')]).toEqual([name, true]);
    expect(named(plan, 'sentinel').inputs).toMatchObject({ sentinelOnboardingStateName: 'default' });
  });

  const KEPT = ['group', 'workspace', 'sentinel', 'state', 'state-recovery'];
  const holdsData = (name: string): boolean =>
    KEPT.includes(name) || name.startsWith('table-') || name.startsWith('state-');

  it('outlives pulumi destroy with Sentinel, tables, state and their group', async () => {
    const plan = await planned({ config: IMAGED });
    const kept = azure(plan).filter(
      (one) => one.retainOnDelete && (one.protect || one.type.endsWith(':BlobContainer')),
    );
    expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining(KEPT));
    expect(kept.filter(({ type }) => type.endsWith(':Table'))).toHaveLength(definitions.length);
    const rest = azure(plan).filter(({ name }) => holdsData(name) && !kept.some((one) => one.name === name));
    expect(rest).toEqual([]);
  });

  it('goes with its data only when deleteData says so', async () => {
    const plan = await planned({ config: { ...IMAGED, deleteData: true } });
    const held = azure(plan).filter(({ name }) => holdsData(name));
    expect(held.length).toBeGreaterThan(8);
    expect(held.filter((one) => one.protect || one.retainOnDelete)).toEqual([]);
  });

  it('keeps every name and URN from run to run', async () => {
    const urns = (plan: Plan): readonly string[] => plan.registrations.map(({ urn }) => urn).sort();
    expect(urns(await planned({ config: CAPPED }))).toEqual(urns(await planned({ config: IMAGED })));
  });
});

describe('an adopted workspace', () => {
  it('is read, never registered: nothing of it can be changed, offboarded or removed', async () => {
    const plan = await planned({ config: ADOPTED });
    expect(typed(plan, 'Workspace')).toEqual([]);
    expect(typed(plan, 'SentinelOnboardingState')).toEqual([]);
    expect(plan.reads).toEqual([]);
    expect(plan.invokes.map(({ token }) => token)).toEqual(
      expect.arrayContaining([
        'azure-native:operationalinsights:getWorkspace',
        'azure-native:securityinsights:getSentinelOnboardingState',
      ]),
    );
  });

  it('gets the tables and content in its own group and subscription', async () => {
    const plan = await planned({ config: ADOPTED });
    const inside = azure(plan).filter(({ inputs }) => 'workspaceName' in inputs);
    expect(inside.length).toBeGreaterThan(10);
    for (const { inputs, provider, id } of inside) {
      expect(inputs).toMatchObject({ workspaceName: 'log-soc', resourceGroupName: 'rg-soc' });
      expect(provider).toContain('pulumi:providers:azure-native::subscription-');
      expect(id.toLowerCase()).toContain(ADOPTED_ID.toLowerCase());
    }
    const [provider] = plan.registrations.filter(({ type }) => type === 'pulumi:providers:azure-native');
    expect(provider?.inputs).toMatchObject({ subscriptionId: '00000000-0000-4000-8000-000000000002' });
  });

  it('needs no provider of its own in the subscription of the deployment', async () => {
    const own = ADOPTED_ID.replace(/0002(?=\/)/, '0001');
    // The region as people write it is the same region.
    const plan = await planned({
      config: { ...IMAGED, 'workspace.resourceId': own, 'azure-native:location': 'West Europe' },
    });
    expect(plan.registrations.filter(({ type }) => type === 'pulumi:providers:azure-native')).toEqual([]);
    expect(named(plan, 'table-CopilotAudit_CL').id).toContain(own);
  });

  it('gives its region to the data collection rule and the rest', async () => {
    const plan = await planned({ config: { ...ADOPTED, ...NO_REGION }, around: { workspaceLocation: 'uksouth' } });
    const rule = typed(plan, 'DataCollectionRule').map(({ name }) => name);
    for (const name of ['group', 'endpoint', ...rule, 'state'])
      expect(named(plan, name).inputs).toMatchObject({ location: 'uksouth' });
  });

  it('in another region than the stack is refused before anything is registered in Azure', async () => {
    const plan = await runOf({ config: ADOPTED, around: { workspaceLocation: 'uksouth' } });
    expect(plan.exitCode).not.toBe(0);
    expect(plan.logs.map(({ message }) => message).join('\n')).toContain(
      'azure-native:location is westeurope, but workspace log-soc is in uksouth',
    );
    expect(azure(plan)).toEqual([]);
  });

  it('is not read with a wrong configuration: the problems come first', async () => {
    const plan = await runOf({ config: { ...ADOPTED, network: 'x', cloud: 'mars' } });
    expect(plan.exitCode).not.toBe(0);
    const said = plan.logs.map(({ message }) => message).join('\n');
    expect(said).toContain('copilot-sentinel:network is "x"');
    expect(said).toContain('copilot-sentinel:cloud is "mars"');
    expect(azure(plan)).toEqual([]);
    expect(plan.invokes.map(({ token }) => token)).not.toContain('azure-native:operationalinsights:getWorkspace');
  });
});

describe('several workspaces', () => {
  const federated = { credential: 'federated', clientId: '00000000-0000-4000-8000-0000000000c3' };
  const config = {
    ...IMAGED,
    'entra.mode': 'manual',
    tenants: [
      { id: TENANT_A, ...federated },
      { id: TENANT_B, ...federated, workspaceResourceId: ADOPTED_ID },
    ],
  };

  it('have tables, endpoint and rule each, and a tenant writes to its own only', async () => {
    const plan = await planned({ config });
    expect(typed(plan, 'Table')).toHaveLength(2 * definitions.length);
    expect(typed(plan, 'DataCollectionRule')).toHaveLength(2);
    const rules = typed(plan, 'DataCollectionRule').map(({ id }) => id);
    const grants = typed(plan, 'RoleAssignment').filter(({ name }) => name.startsWith('role-rule-'));
    expect(grants.map(({ inputs }) => String(inputs['scope'])).sort()).toEqual([...rules].sort());
    const names = typed(plan, 'Table').map(({ name }) => name);
    expect(names).toContain('table-CopilotAudit_CL');
    expect(names.filter((name) => /^table-CopilotAudit_CL-[0-9a-f]{8}$/.test(name))).toHaveLength(1);
  });

  it('that tenants share have a rule for each of them, and each collector may write through its own only', async () => {
    const plan = await planned(configurations.registered);
    const ids = typed(plan, 'DataCollectionRule').map(({ outputs }) => String(outputs['immutableId']));
    expect(ids).toHaveLength(2);
    for (const tenant of [TENANT_A, TENANT_B]) {
      const key = keyOf(tenant);
      const rule = named(plan, `ingestion-rule-${key}`);
      expect(rule.inputs).toMatchObject({ tags: { tenant } });
      expect(named(plan, `role-rule-${key}`).inputs).toMatchObject({
        scope: rule.id,
        principalId: named(plan, `identity-${key}`).outputs['principalId'],
      });
      const app = JSON.stringify(named(plan, `collector-${key}`).inputs);
      expect(ids.filter((id) => app.includes(id))).toEqual([rule.outputs['immutableId']]);
    }
    expect(typed(plan, 'DataCollectionEndpoint')).toHaveLength(1);
  });

  it('keep the URNs of one workspace when another tenant comes before it', async () => {
    const turned = await planned({ config: { ...config, tenants: [...config.tenants].reverse() } });
    const urns = (plan: Plan): readonly string[] => plan.registrations.map(({ urn }) => urn).sort();
    expect(urns(turned)).toEqual(urns(await planned({ config })));
  });

  it('are all the customers’ when every tenant has one: then none is made', async () => {
    const plan = await planned({
      config: { ...config, tenants: config.tenants.map((one) => ({ ...one, workspaceResourceId: ADOPTED_ID })) },
    });
    expect(typed(plan, 'Workspace')).toEqual([]);
    expect(typed(plan, 'Table')).toHaveLength(definitions.length);
    expect(typed(plan, 'DataCollectionRule')).toHaveLength(2);
  });
});
