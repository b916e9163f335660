/** The whole graph of resources, over every configuration: protection, and what must not exist. */
import { describe, expect, test } from 'vitest';
import { toArm } from '../../infra/plan/arm.ts';
import type { Plan } from '../../infra/plan/plan.ts';
import { builtInRoles } from '../../infra/plan/required-permissions.ts';
import { hasUnknown } from '../../infra/plan/wire-values.ts';
import { type ConfigurationName, configurationNames, configurations } from './configurations.ts';
import { kindOf, ofKind, texts, workspaceOf } from './graph-reading.ts';
import { ADOPTED_ID, SECRET, planned } from './runs.ts';

const graph = (name: ConfigurationName) => planned(configurations[name]);

describe.each(configurationNames)('the graph of %s', (name) => {
  test('whatever of Sentinel is in a new workspace depends on its onboarding itself', async () => {
    const plan = await graph(name);
    for (const sentinel of ofKind(plan, 'SentinelOnboardingState')) {
      const content = plan.registrations.filter(
        (one) =>
          one.type.startsWith('azure-native:securityinsights:') &&
          one !== sentinel &&
          workspaceOf(one) === workspaceOf(sentinel),
      );
      expect(content.length).toBeGreaterThan(0);
      for (const one of content) expect(one.dependencies, one.urn).toContain(sentinel.urn);
    }
  });

  test('roles are built-in, known, and on one resource', async () => {
    const plan = await graph(name);
    const assignments = ofKind(plan, 'RoleAssignment');
    expect(assignments.length).toBeGreaterThan(1);
    for (const { inputs, name: logical } of assignments) {
      const definition = String(inputs['roleDefinitionId']).split('/').at(-1) ?? '';
      expect(Object.keys(builtInRoles), logical).toContain(definition);
      expect(inputs['scope'], logical).toMatch(/\/providers\/Microsoft\.\w+\/.+/);
      expect(inputs['principalType'], logical).toBe('ServicePrincipal');
      expect(inputs['roleAssignmentName'], logical).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
    const custom = plan.registrations.filter(({ type }) => type.endsWith(':RoleDefinition'));
    expect(custom).toEqual([]);
  });

  test('nothing that holds state can be read with a key, anonymously or without TLS', async () => {
    const plan = await graph(name);
    const state = ofKind(plan, 'StorageAccount').filter(
      ({ retainOnDelete, name: one }) => retainOnDelete || one === 'state',
    );
    expect(state).toHaveLength(1);
    expect(state[0]?.inputs).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      minimumTlsVersion: 'TLS1_2',
      enableHttpsTrafficOnly: true,
    });
    for (const { inputs } of ofKind(plan, 'StorageAccount')) expect(inputs['allowBlobPublicAccess']).toBe(false);
    for (const { inputs } of ofKind(plan, 'BlobContainer')) expect(inputs['publicAccess']).toBe('None');
    for (const { inputs } of ofKind(plan, 'Registry')) {
      expect(inputs['adminUserEnabled']).toBe(false);
      expect(inputs['anonymousPullEnabled'] ?? false).toBe(false);
    }
    for (const { inputs } of ofKind(plan, 'Workspace')) {
      expect(inputs['features']).toMatchObject({ disableLocalAuth: true });
    }
    for (const { inputs } of ofKind(plan, 'ContainerApp')) {
      expect(texts(inputs).filter(([path]) => path.includes('ingress'))).toEqual([]);
    }
    for (const { inputs } of ofKind(plan, 'ManagedEnvironment')) {
      expect(texts(inputs).filter(([path]) => /sharedKey/i.test(path))).toEqual([]);
    }
  });

  test('a secret is only where it is marked as one, and in no output', async () => {
    const plan = await graph(name);
    const encoded = Buffer.from(SECRET).toString('base64');
    for (const { inputs, secretPaths, urn } of plan.registrations) {
      const leaks = texts(inputs)
        .filter(([, text]) => text.includes(SECRET) || text.includes(encoded))
        .map(([path]) => path)
        .filter((path) => !secretPaths.some((secret) => path.startsWith(secret.replaceAll(/\[(\d+)\]/g, '.$1'))));
      expect(leaks, urn).toEqual([]);
    }
    const shown = JSON.stringify([plan.outputs, plan.logs, plan.printed]);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(encoded);
  });

  test('what the program answers is known, and every name is its own', async () => {
    const plan = await graph(name);
    const warnings = plan.logs.filter(({ severity }) => severity > 1).map(({ message }) => message);
    expect(warnings.filter((message) => !message.startsWith('The image is built by a registry task'))).toEqual([]);
    expect(hasUnknown(plan.outputs)).toBe(false);
    expect(JSON.stringify(plan.outputs)).not.toMatch(/undefined|\[object|Calling \[/);
    for (const { inputs, urn } of plan.registrations) {
      expect(hasUnknown(inputs), urn).toBe(false);
      expect(
        texts(inputs)
          .filter(([, text]) => /\bundefined\b|Calling \[/.test(text))
          .filter(([path]) => path !== 'query'),
        urn,
      ).toEqual([]);
    }
    const ids = toArm(plan).map(({ id }) => id.toLowerCase());
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('urns do not tell how the program is arranged', async () => {
    const plan = await graph(name);
    for (const { urn } of plan.registrations) expect(urn).not.toContain('$');
  });
});

test.for(['new', 'built', 'adopted', 'private', 'secret', 'tenants'] as const)(
  'a preview of %s, which knows nothing yet, registers the same resources',
  async (name) => {
    const [before, plan] = [await planned({ ...configurations[name], preview: true }), await graph(name)];
    const urns = ({ registrations }: Plan) => registrations.map(({ urn }) => urn).sort();
    expect(urns(before)).toEqual(urns(plan));
  },
);

const keptKinds = ({ registrations }: Plan) => new Set(registrations.filter((one) => one.retainOnDelete).map(kindOf));

describe('what pulumi destroy leaves', () => {
  test('workspace, onboarding, tables, watchlists and state, and the group they lie in', async () => {
    expect([...keptKinds(await graph('new'))].sort()).toEqual([
      'BlobContainer',
      'BlobServiceProperties',
      'ResourceGroup',
      'SentinelOnboardingState',
      'StorageAccount',
      'Table',
      'Watchlist',
      'Workspace',
    ]);
  });

  test('tables in an adopted workspace as well', async () => {
    expect(keptKinds(await graph('adopted'))).toContain('Table');
  });

  test('nothing with deleteData, which changes nothing else', async () => {
    const [kept, deleted] = await Promise.all([graph('new'), graph('deleteData')]);
    expect(deleted.registrations.filter((one) => one.protect || one.retainOnDelete)).toEqual([]);
    expect(toArm(deleted)).toEqual(toArm(kept));
  });

  test('what is kept is protected, but what goes with a tenant, a file or an image: its removal stops nothing', async () => {
    for (const name of configurationNames) {
      const { registrations } = await graph(name);
      expect(registrations.filter((one) => one.protect && !one.retainOnDelete)).toEqual([]);
      const open = registrations.filter((one) => one.retainOnDelete && !one.protect).map(kindOf);
      expect(
        [...new Set(open)].filter(
          (kind) => !['BlobContainer', 'BlobContainerImmutabilityPolicy', 'Watchlist', 'TaskRun'].includes(kind),
        ),
      ).toEqual([]);
      if (name !== 'deleteData') expect(open).toContain('BlobContainer');
    }
  });
});

describe('an adopted workspace', () => {
  test('is read and not registered, nor its onboarding', async () => {
    const plan = await graph('adopted');
    expect(ofKind(plan, 'Workspace')).toEqual([]);
    expect(ofKind(plan, 'SentinelOnboardingState')).toEqual([]);
    expect(plan.invokes.map(({ token }) => token)).toContain('azure-native:operationalinsights:getWorkspace');
  });

  test('gets the tables, functions and pages of a new one, in its own subscription', async () => {
    const [adopted, own] = await Promise.all([graph('adopted'), graph('new')]);
    const inside = (plan: Plan) =>
      plan.registrations.filter((one) => workspaceOf(one) !== undefined && !/^(Workspace|Sentinel)/.test(kindOf(one)));
    expect(
      inside(adopted)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      inside(own)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { id } of inside(adopted)) expect(id.startsWith(`${ADOPTED_ID}/`), id).toBe(true);
  });
});

describe('two configurations differ only where they should', () => {
  const differences = async (one: ConfigurationName, other: ConfigurationName) => {
    const [a, b] = [toArm(await graph(one)), toArm(await graph(other))];
    const bodies = new Map(a.map((resource) => [resource.id, JSON.stringify(resource.body)]));
    const kinds = (all: typeof a) => [...new Set(all.map(({ type }) => type.slice(type.indexOf('/') + 1)))].sort();
    return {
      gone: kinds(a.filter(({ id }) => !b.some((resource) => resource.id === id))),
      added: kinds(b.filter(({ id }) => !bodies.has(id))),
      changed: kinds(b.filter(({ id, body }) => bodies.has(id) && bodies.get(id) !== JSON.stringify(body))),
    };
  };

  test.for([
    { to: 'manual', gone: [], added: [], changed: [] },
    { to: 'alerts', gone: [], added: expect.arrayContaining(['actionGroups', 'metricAlerts']), changed: [] },
    {
      to: 'built',
      gone: [],
      added: expect.arrayContaining(['registries', 'registries/taskRuns', 'roleAssignments']),
      changed: ['containerApps'],
    },
    {
      to: 'private',
      // Neither can change its network: each mode has its own.
      gone: ['containerApps', 'diagnosticSettings', 'managedEnvironments'],
      added: expect.arrayContaining(['managedEnvironments', 'privateEndpoints', 'privateDnsZones', 'virtualNetworks']),
      changed: ['dataCollectionEndpoints', 'storageAccounts'],
    },
  ] as const)('new and $to', async ({ to, ...expected }) => {
    expect(await differences('new', to)).toEqual(expected);
  });

  test('consent by hand has the calls that were left out, and no provider of Microsoft Entra', async () => {
    const [own, manual] = await Promise.all([graph('new'), graph('manual')]);
    const [{ permissions } = { permissions: [] }] = Object.values(
      own.outputs['tenants'] as Record<string, { readonly permissions: readonly string[] }>,
    );
    expect(permissions).toContain('User.Read.All');
    expect(ofKind(own, 'AppRoleAssignment')).toHaveLength(permissions.length);
    expect(manual.registrations.filter(({ type }) => type.startsWith('azuread:'))).toEqual([]);
    expect(manual.invokes.filter(({ token }) => token.startsWith('azuread:'))).toEqual([]);
    for (const role of permissions) expect(JSON.stringify(manual.outputs['consent'])).toContain(`value=='${role}'`);
    expect(own.outputs['consent']).toEqual({});
  });

  test('secret and certificate differ in the collector alone', async () => {
    expect((await differences('secret', 'certificate')).changed).toEqual(['containerApps']);
  });
});

test('in Azure Government every address is of that cloud', async () => {
  const plan = await graph('government');
  const found = toArm(plan).flatMap(({ body, type }) =>
    type.endsWith('savedSearches') || type.endsWith('dataConnectorDefinitions') ? [] : texts(body),
  );
  const foreign = found.filter(([, text]) => /\.(windows\.net|azure\.com|azure\.io)\b/.test(text));
  expect(foreign).toEqual([]);
  expect(found.some(([, text]) => text.includes('.ingest.monitor.azure.us'))).toBe(true);
});

test('each of several tenants has an app, an identity and a container of its own, and its rows their workspace', async () => {
  const plan = await graph('tenants');
  for (const kind of ['ContainerApp', 'UserAssignedIdentity', 'BlobContainer']) {
    expect(ofKind(plan, kind), kind).toHaveLength(2);
  }
  expect(ofKind(plan, 'DataCollectionRule')).toHaveLength(2);
  const rules = ofKind(plan, 'ContainerApp').map(({ inputs }) => {
    const found = /"DCR_IMMUTABLE_ID","value":"([^"]+)"/.exec(JSON.stringify(inputs));
    return found?.[1];
  });
  expect(new Set(rules).size).toBe(2);
});

test('a private deployment leaves no way in from outside', async () => {
  const plan = await graph('private');
  expect(ofKind(plan, 'StorageAccount')[0]?.inputs).toMatchObject({
    publicNetworkAccess: 'Disabled',
    networkRuleSet: { defaultAction: 'Deny' },
  });
  for (const { inputs } of ofKind(plan, 'DataCollectionEndpoint')) {
    expect(inputs['networkAcls']).toEqual({ publicNetworkAccess: 'Disabled' });
  }
  expect(ofKind(plan, 'PrivateEndpoint').length).toBeGreaterThan(0);
});
