/** The container app and what it runs in, as the whole program registers them. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collectorEnvironment } from '../../infra/collector-environment.ts';
import type { Plan } from '../../infra/plan/plan.ts';
import { configurationNames, configurations } from './configurations.ts';
import { planned, SECRET, TENANT_A } from './runs.ts';

type Registration = Plan['registrations'][number];

const registrations = (plan: Plan, type: string): readonly Registration[] =>
  plan.registrations.filter((one) => one.type === `azure-native:${type}`);
const named = (plan: Plan, type: string, name: string): Registration => {
  const found = registrations(plan, type).find((one) => one.name === name);
  if (found === undefined) throw new Error(`${type} ${name} is not in the plan`);
  return found;
};

const variable = z.object({ name: z.string(), value: z.string().optional(), secretRef: z.string().optional() });
const app = z.object({
  identity: z.object({ type: z.string(), userAssignedIdentities: z.array(z.string()) }),
  configuration: z.strictObject({
    activeRevisionsMode: z.string(),
    identitySettings: z.array(z.object({ identity: z.string(), lifecycle: z.string() })),
    registries: z.array(z.strictObject({ server: z.string(), identity: z.string() })).optional(),
    secrets: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
  }),
  template: z.object({
    containers: z.tuple([
      z.object({
        env: z.array(variable),
        probes: z.array(z.object({ type: z.string(), httpGet: z.object({ path: z.string(), port: z.number() }) })),
        resources: z.object({ cpu: z.number(), memory: z.string() }),
        volumeMounts: z.array(z.object({ volumeName: z.string(), mountPath: z.string() })).optional(),
      }),
    ]),
    scale: z.object({ minReplicas: z.number(), maxReplicas: z.number() }),
    terminationGracePeriodSeconds: z.number(),
    volumes: z.array(z.unknown()).optional(),
  }),
});
const appsOf = (plan: Plan): readonly z.infer<typeof app>[] =>
  registrations(plan, 'app:ContainerApp').map(({ inputs }) => app.parse(inputs));
const appOf = (plan: Plan): z.infer<typeof app> => {
  const [first] = appsOf(plan);
  if (first === undefined) throw new Error('there is no container app in the plan');
  return first;
};
const environmentOf = (of: z.infer<typeof app>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    of.template.containers[0].env.map(({ name, value, secretRef }) => [name, value ?? `@${secretRef}`]),
  );

describe('a container app', { timeout: 120_000 }, () => {
  it('has one replica, one active revision, and the size that the benchmark supports', async () => {
    const { template, configuration } = appOf(await planned(configurations.new));
    expect(template.scale).toEqual({ minReplicas: 1, maxReplicas: 1 });
    expect(configuration.activeRevisionsMode).toBe('Single');
    expect(template.containers[0].resources).toEqual({ cpu: 0.25, memory: '0.5Gi' });
    // The collector needs up to 25.
    expect(template.terminationGracePeriodSeconds).toBe(30);
  });

  it('is probed where the collector answers', async () => {
    const { template } = appOf(await planned(configurations.new));
    const [{ probes, env }] = template.containers;
    expect(probes.map(({ type, httpGet }) => `${type} ${httpGet.path}`)).toEqual([
      'Startup /healthz',
      'Liveness /healthz',
      'Readiness /readyz',
    ]);
    const port = env.find(({ name }) => name === 'HEALTH_PORT')?.value;
    for (const { httpGet } of probes) expect(String(httpGet.port)).toBe(port);
    expect(env.find(({ name }) => name === 'HEALTH_HOST')?.value).toBe('0.0.0.0');
  });

  it.for(['new', 'secret', 'certificate', 'federated'] as const)(
    'of %s gets the environment of the shared definition, values of Azure filled in',
    async (name) => {
      const plan = await planned(configurations[name]);
      const one = appOf(plan);
      const values = environmentOf(one);
      const kind = name === 'new' ? 'managed-identity' : name;
      const [identity] = registrations(plan, 'managedidentity:UserAssignedIdentity');
      const [rule] = registrations(plan, 'monitor:DataCollectionRule');
      const expected = collectorEnvironment({
        tenantId: kind === 'managed-identity' ? plan.around.tenantId : TENANT_A,
        cloud: 'commercial',
        reading: {
          sources: ['activity-feed'],
          enrich: ['users', 'labels', 'agents'],
          optionalPermissions: [],
          licensePlanIds: undefined,
          licensePlanNames: undefined,
          usagePeriods: undefined,
        },
        pollSeconds: 300,
        contentFields: 'drop',
        credential: kind === 'managed-identity' ? { kind } : { kind, clientId: '00000000-0000-4000-8000-0000000000c1' },
        identityClientId: String(identity?.outputs['clientId']),
        ruleId: String(rule?.outputs['immutableId']),
        ingestionUrl: String(values['INGESTION_URL']),
        stateUrl: String(values['STATE_URL']),
        // The tenant with a certificate has an archive as well.
        archiveUrl: values['ARCHIVE_URL'],
      });
      expect(values['ARCHIVE_URL'] !== undefined).toBe(name === 'certificate');
      expect(one.template.containers[0].env).toEqual(
        expected.map((each) =>
          'value' in each ? each : { name: each.name, secretRef: one.configuration.secrets?.[0]?.name },
        ),
      );
      expect(values['INGESTION_URL']).toMatch(/^https:\/\/[^/]+\.ingest\.monitor\.azure\.com$/);
      expect(values['STATE_URL']).toMatch(/^https:\/\/[^/]+\.blob\.core\.windows\.net\/[^/]+$/);
    },
  );

  it('is told what its tenant is read for, and nothing that configuration does not say', async () => {
    const tenants = [
      {
        id: '00000000-0000-4000-8000-00000000000a',
        sources: ['activity-feed', 'usage-report'],
        enrich: ['users', 'files'],
        optionalPermissions: ['LicenseAssignment.Read.All'],
        licensePlanIds: ['00000000-0000-4000-8000-0000000000E1'],
        licensePlanNames: ['*COPILOT*', 'INVENTED_PLAN'],
        usagePeriods: ['D30', 'D90'],
      },
    ];
    const told = environmentOf(appOf(await planned({ config: { ...configurations.new.config, tenants } })));
    expect(told).toMatchObject({
      SOURCES: 'activity-feed,usage-report',
      ENRICH: 'users,files',
      LICENSE_PLAN_IDS: '00000000-0000-4000-8000-0000000000e1',
      LICENSE_PLAN_NAMES: '*COPILOT*,INVENTED_PLAN',
      USAGE_PERIODS: 'D30,D90',
    });
    const silent = environmentOf(appOf(await planned(configurations.new)));
    expect(Object.keys(silent).filter((name) => /^(?:LICENSE|USAGE|GRAPH|ENRICH_)/.test(name))).toEqual([]);
  });

  it('of a government cloud asks for no agents, and of a tenant without enrichers for nothing', async () => {
    expect(environmentOf(appOf(await planned(configurations.government)))['ENRICH']).toBe('users,labels');
    const tenants = [{ id: '00000000-0000-4000-8000-00000000000a', enrich: [] }];
    const none = await planned({ config: { ...configurations.new.config, tenants } });
    expect(environmentOf(appOf(none))['ENRICH']).toBe('none');
  });

  it('has an identity of its own, for the container only', async () => {
    const plan = await planned(configurations.tenants);
    const apps = appsOf(plan);
    expect(apps).toHaveLength(2);
    for (const { identity, configuration } of apps) {
      expect(identity.type).toBe('UserAssigned');
      expect(configuration.identitySettings).toEqual([
        { identity: identity.userAssignedIdentities[0], lifecycle: 'Main' },
      ]);
    }
    expect(new Set(apps.map(({ identity }) => identity.userAssignedIdentities.join())).size).toBe(2);
  });

  it('starts after the image, the roles, the rule and the state', async () => {
    const plan = await planned(configurations.built);
    const [one] = registrations(plan, 'app:ContainerApp');
    const [run] = registrations(plan, 'containerregistry:TaskRun');
    const roles = registrations(plan, 'authorization:RoleAssignment');
    expect(roles.length).toBeGreaterThanOrEqual(3);
    const before = [
      ...roles,
      ...(run === undefined ? [] : [run]),
      ...registrations(plan, 'monitor:DataCollectionRule'),
      ...registrations(plan, 'storage:BlobContainer').filter(({ name }) => name.startsWith('state')),
      ...registrations(plan, 'app:ManagedEnvironment'),
      named(plan, 'monitor:DiagnosticSetting', 'app-environment-logs'),
    ];
    expect(one?.dependencies).toEqual(expect.arrayContaining(before.map(({ urn }) => urn)));
  });
});

describe('secrets', { timeout: 120_000 }, () => {
  it.for(['new', 'federated', 'tenants', 'manual'] as const)('are none where none is chosen: %s', async (name) => {
    for (const { configuration, template } of appsOf(await planned(configurations[name]))) {
      expect(configuration).not.toHaveProperty('secrets');
      expect(template).not.toHaveProperty('volumes');
      expect(template.containers[0].env.filter(({ secretRef }) => secretRef !== undefined)).toEqual([]);
    }
  });

  it('of a certificate are mounted as a file, where the collector reads it', async () => {
    const { template, configuration } = appOf(await planned(configurations.certificate));
    const [container] = template.containers;
    const [mount] = container.volumeMounts ?? [];
    const path = container.env.find(({ name }) => name === 'SOURCE_CLIENT_CERTIFICATE_PATH')?.value;
    expect(path).toBe(`${mount?.mountPath}/certificate.pem`);
    expect(template.volumes).toEqual([
      {
        name: mount?.volumeName,
        storageType: 'Secret',
        secrets: [{ secretRef: configuration.secrets?.[0]?.name, path: 'certificate.pem' }],
      },
    ]);
  });

  it.for(['secret', 'certificate'] as const)('are in one place, marked as secret: %s', async (name) => {
    const plan = await planned(configurations[name]);
    const holders = plan.registrations.filter(({ inputs }) => JSON.stringify(inputs).includes(SECRET.slice(0, 12)));
    const inBase64 = Buffer.from(SECRET).toString('base64').slice(0, 16);
    const encoded = plan.registrations.filter(({ inputs }) => JSON.stringify(inputs).includes(inBase64));
    const all = new Set([...holders, ...encoded]);
    expect([...all].map(({ type }) => type)).toEqual(['azure-native:app:ContainerApp']);
    for (const { secretPaths, inputs } of all) {
      expect(secretPaths.some((path) => path.startsWith('configuration'))).toBe(true);
      expect(JSON.stringify(inputs['template'])).not.toContain(SECRET);
    }
    expect(JSON.stringify(plan.outputs)).not.toMatch(new RegExp(`${SECRET}|${inBase64}`));
  });

  it('with another value have another name, which makes a new revision', async () => {
    const other = { ...configurations.secret, secrets: { clientSecrets: JSON.stringify({ [TENANT_A]: 'another' }) } };
    const [first, second] = [appOf(await planned(configurations.secret)), appOf(await planned(other))];
    const reference = (of: typeof first): string | undefined =>
      of.template.containers[0].env.find(({ name }) => name === 'SOURCE_CLIENT_SECRET')?.secretRef;
    expect(reference(first)).toMatch(/^source-client-secret-[0-9a-f]{8}$/);
    expect(reference(second)).toMatch(/^source-client-secret-[0-9a-f]{8}$/);
    expect(reference(second)).not.toBe(reference(first));
  });
});

describe('what must not exist', { timeout: 120_000 }, () => {
  it.for(configurationNames)('is not in %s', async (name) => {
    const plan = await planned(configurations[name]);
    for (const { inputs } of registrations(plan, 'app:ManagedEnvironment')) {
      expect(inputs).toMatchObject({
        publicNetworkAccess: 'Disabled',
        appLogsConfiguration: { destination: 'azure-monitor' },
      });
      expect(JSON.stringify(inputs)).not.toMatch(/sharedKey|logAnalyticsConfiguration/i);
    }
    for (const { inputs } of registrations(plan, 'app:ContainerApp')) {
      expect(JSON.stringify(inputs)).not.toMatch(/"ingress"|passwordSecretRef|"username"|AZURE_CLIENT_SECRET/);
      expect(inputs['identity']).toMatchObject({ type: 'UserAssigned' });
    }
    for (const { inputs } of registrations(plan, 'authorization:RoleAssignment')) {
      // A resource, or what is inside of one: never a group, never a subscription.
      expect(inputs['scope']).toMatch(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+/);
      expect(inputs['roleDefinitionId']).toMatch(
        /\/(?:3913510d-42f4-4e42-8a64-420c390055eb|ba92f5b4-2d11-453d-a403-e96b0029c9fe|7f951dda-4ed3-4680-a7ca-43fe172d538d)$/,
      );
      expect(inputs['principalType']).toBe('ServicePrincipal');
    }
    expect(plan.registrations.filter(({ type }) => type.endsWith('RoleDefinition'))).toEqual([]);
  });
});

describe('the environment of the apps', { timeout: 120_000 }, () => {
  it('sends its logs to the workspace by a diagnostic setting', async () => {
    const plan = await planned(configurations.new);
    const { inputs } = named(plan, 'monitor:DiagnosticSetting', 'app-environment-logs');
    expect(inputs).toMatchObject({
      resourceUri: registrations(plan, 'app:ManagedEnvironment')[0]?.id,
      workspaceId: registrations(plan, 'operationalinsights:Workspace')[0]?.id,
      logs: [
        { category: 'ContainerAppConsoleLogs', enabled: true },
        { category: 'ContainerAppSystemLogs', enabled: true },
      ],
    });
  });

  it('lies in the network where one is wanted, and nowhere else', async () => {
    const inNetwork = await planned(configurations.private);
    const [own] = registrations(inNetwork, 'app:ManagedEnvironment');
    expect(own?.inputs['vnetConfiguration']).toMatchObject({ internal: true });
    const [open] = registrations(await planned(configurations.new), 'app:ManagedEnvironment');
    expect(open?.inputs).not.toHaveProperty('vnetConfiguration');
  });

  it('is another one in a network, and so is every app, because neither can change its network', async () => {
    const [open, closed] = [await planned(configurations.new), await planned(configurations.private)];
    for (const type of ['app:ManagedEnvironment', 'app:ContainerApp']) {
      const [before, after] = [registrations(open, type), registrations(closed, type)];
      expect(after.map(({ urn }) => urn)).toEqual(before.map(({ urn }) => urn));
      for (const [index, one] of after.entries()) expect(one.id).not.toBe(before[index]?.id);
    }
    const longest = await planned({
      config: { ...configurations.private.config, name: 'copilotabc' },
      stack: 'production-eu',
    });
    for (const { inputs } of registrations(longest, 'app:ContainerApp'))
      expect(inputs['containerAppName']).toMatch(/^cp-[a-z0-9-]{1,29}$/);
  });
});

describe('a role assignment', { timeout: 120_000 }, () => {
  it('is removed before another of its name is made', async () => {
    const roles = registrations(await planned(configurations.built), 'authorization:RoleAssignment');
    expect(roles.length).toBeGreaterThanOrEqual(3);
    for (const { deleteBeforeReplace, name } of roles) expect(deleteBeforeReplace, name).toBe(true);
  });
});
