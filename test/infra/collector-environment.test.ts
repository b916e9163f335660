/** The container's environment starts the real collector: names from the program, what is Azure's from the simulator. */
import { describe, expect, it } from 'vitest';
import { type SettingName, settings } from '../../collector/settings.ts';
import { toConfig } from '../../collector/config.ts';
import { splitRights } from '../../simulator/server/switches.ts';
import { collectorEnvironment, type CollectorFacts, type SourceCredential } from '../../infra/collector-environment.ts';
import { azureScene, type AzureScene } from '../e2e/azure-scene.ts';
import { freePort, newestLedger, until } from '../e2e/harness.ts';

type Environment = Readonly<Record<string, string>>;

const startMs = Date.parse('2026-11-18T15:00:00Z');
const application = '00000000-0000-4000-8000-0000000000c1';
const facts: CollectorFacts<string> = {
  tenantId: '00000000-0000-4000-8000-0000000000a1',
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
  credential: { kind: 'managed-identity' },
  identityClientId: '00000000-0000-4000-8000-0000000000d1',
  ingestionUrl: 'https://dce.westeurope-1.ingest.monitor.azure.com',
  ruleId: `dcr-${'0'.repeat(32)}`,
  stateUrl: 'https://state.blob.core.windows.net/tenant',
};
const always = [
  'AZURE_CLIENT_ID',
  'CLOUD',
  'CONTENT_FIELDS',
  'DCR_IMMUTABLE_ID',
  'ENRICH',
  'HEALTH_HOST',
  'HEALTH_PORT',
  'INGESTION_URL',
  'POLL_SECONDS',
  'SOURCES',
  'STATE_URL',
  'TENANT_ID',
];

/** How the source is read, the further names, and what stands for them at the simulator. */
const credentials: Readonly<
  Record<
    string,
    {
      readonly credential: SourceCredential<string>;
      readonly names: readonly string[];
      readonly simulated: (scene: AzureScene) => Environment;
    }
  >
> = {
  'the managed identity': { credential: { kind: 'managed-identity' }, names: [], simulated: () => ({}) },
  'a secret': {
    credential: { kind: 'secret', clientId: application },
    names: ['SOURCE_CLIENT_ID', 'SOURCE_CLIENT_SECRET'],
    simulated: ({ tenant }) => ({
      SOURCE_CLIENT_ID: tenant.sourceClientId,
      SOURCE_CLIENT_SECRET: tenant.sourceClientSecret,
    }),
  },
  'a certificate': {
    credential: { kind: 'certificate', clientId: application },
    names: ['SOURCE_CLIENT_CERTIFICATE_PATH', 'SOURCE_CLIENT_ID'],
    simulated: ({ tenant }) => ({
      SOURCE_CLIENT_ID: tenant.sourceClientId,
      SOURCE_CLIENT_CERTIFICATE_PATH: tenant.sourceCertificatePath,
    }),
  },
  'an application that trusts the identity': {
    credential: { kind: 'federated', clientId: application },
    names: ['SOURCE_CLIENT_ID', 'SOURCE_FEDERATED'],
    simulated: ({ tenant }) => ({ SOURCE_CLIENT_ID: tenant.sourceClientId }),
  },
};

const valuesOf = (credential: SourceCredential<string>, reading = facts.reading): Environment =>
  Object.fromEntries(
    collectorEnvironment({ ...facts, credential, reading }).map((variable) => [
      variable.name,
      'value' in variable ? variable.value : '(secret)',
    ]),
  );

/** The container's variables, where Azure is the simulator. Only names that the container has get another value. */
function simulated(scene: AzureScene, values: Environment, credential: Environment): Environment {
  const azure: Environment = { ...scene.envFor(scene.tenant.managedIdentityEnv), ...credential };
  const replaced = Object.entries(values).map(([name, value]) => [
    name,
    name === 'HEALTH_PORT' ? value : (azure[name] ?? value),
  ]);
  // What the platform sets, and where the simulator is: Azure's hosts follow from CLOUD.
  const around = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'ACTIVITY_FEED_URL', 'GRAPH_URL', 'AZURE_AUTHORITY_HOST'];
  return {
    ...Object.fromEntries([...around, 'NODE_EXTRA_CA_CERTS'].map((name) => [name, String(azure[name])])),
    ...Object.fromEntries(replaced),
  };
}

describe('the environment of the container', () => {
  it.for(Object.entries(credentials))('has the names that %s needs, and each once', ([, { credential, names }]) => {
    const variables = collectorEnvironment({ ...facts, credential });
    expect(variables.map(({ name }) => name).toSorted()).toEqual([...always, ...names].toSorted());
  });

  it.for<[string, Partial<CollectorFacts<string>['reading']>, readonly string[]]>([
    ['enrichers', { enrich: ['users', 'meetings'] }, ['ENRICH=users,meetings']],
    ['no enrichers', { enrich: [] }, ['ENRICH=none']],
    ['plans by id', { licensePlanIds: [application] }, [`LICENSE_PLAN_IDS=${application}`]],
    ['plans by name', { licensePlanNames: ['*COPILOT*', 'A'] }, ['LICENSE_PLAN_NAMES=*COPILOT*,A']],
    [
      'where exports lie',
      {
        sources: ['storage-export'],
        storageExports: [
          { id: 'a', subscriptionId: 's', name: 'stone', containers: [] },
          { id: 'b', subscriptionId: 's', name: 'sttwo', containers: ['dump', 'am-copilotactivity'] },
        ],
      },
      [
        'STORAGE_EXPORT_URL=https://stone.blob.core.windows.net,https://sttwo.blob.core.windows.net/dump,https://sttwo.blob.core.windows.net/am-copilotactivity',
      ],
    ],
    ['periods', { usagePeriods: ['D30', 'D90'] }, ['USAGE_PERIODS=D30,D90']],
  ])('tells %s by a setting that the collector takes', ([, rest, lines]) => {
    const values = valuesOf({ kind: 'managed-identity' }, { ...facts.reading, ...rest });
    expect(Object.entries(values).map(([name, value]) => `${name}=${value}`)).toEqual(
      expect.arrayContaining([...lines]),
    );
    const platform = { IDENTITY_ENDPOINT: 'http://127.0.0.1/token', IDENTITY_HEADER: 'invented' };
    expect(() => toConfig({ ...values, ...platform }, new Set(['rows', 'tenant']))).not.toThrow();
  });

  it('tells secrets by reference only', () => {
    const secretNames = settings.flatMap((one): SettingName[] => ('isSecret' in one ? [one.name] : []));
    for (const { credential } of Object.values(credentials))
      for (const variable of collectorEnvironment({ ...facts, credential }))
        expect('secret' in variable, variable.name).toBe(secretNames.includes(variable.name));
  });

  it.for(Object.entries(credentials))(
    'starts the real collector with %s: check and once',
    { timeout: 120_000 },
    async ([, { credential, simulated: credentialOf }]) => {
      const switches = credential.kind === 'managed-identity' ? {} : { switches: splitRights };
      await using scene = await azureScene({ users: 6, days: 2, clock: () => startMs, ...switches });
      const env = simulated(scene, valuesOf(credential), credentialOf(scene));
      const checked = await scene.collect(['check'], env);
      expect(checked.code, `${checked.stdout}${checked.stderr}`).toBe(0);
      const passed = await scene.collect(['once'], env);
      expect(passed.code, passed.stderr).toBe(0);
      const { ids } = scene.tenant.report();
      expect(ids.stored).toEqual(ids.expected);
      expect(ids.expected.length).toBeGreaterThan(0);
    },
  );
});

const probe = async (port: number, path: string): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
  if (answer === undefined) return 'nobody';
  const { role } = (await answer.json()) as { readonly role: string };
  return `${answer.status} ${role}`;
};

it(
  'a new revision is ready beside the old one, and becomes the owner when the old one is told to end',
  { timeout: 120_000 },
  async () => {
    let clock = startMs;
    await using scene = await azureScene({ users: 6, days: 2, aheadHours: 2, clock: () => clock });
    const env = simulated(scene, valuesOf({ kind: 'managed-identity' }), {});
    const ports = { old: await freePort(), new: await freePort() };
    // Two containers here have one address.
    const at = (port: number): Environment => ({
      ...env,
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: String(port),
      POLL_SECONDS: '1',
    });
    const old = scene.start(['run'], at(ports.old));
    await old.said('"msg":"pass ended"');
    expect(await probe(ports.old, '/readyz')).toBe('200 owner');

    const next = scene.start(['run'], at(ports.new));
    // What the platform waits for before it ends the old revision.
    await until('the new revision to be ready', async () => (await probe(ports.new, '/readyz')).startsWith('200'));
    expect(await probe(ports.new, '/readyz')).toBe('200 standby');
    expect(await probe(ports.new, '/healthz')).toBe('200 standby');
    expect(await probe(ports.old, '/readyz')).toBe('200 owner');

    old.child.kill('SIGTERM');
    const ended = await old.ended;
    expect(ended.code, ended.stderr).toBe(0);
    clock += 2 * 3_600_000;
    await until('the new owner', async () => (await probe(ports.new, '/readyz')) === '200 owner', 30_000);
    await until('what came in the meantime', () => scene.tenant.report().ids.notStored.length === 0, 30_000);
    next.child.kill('SIGTERM');
    expect((await next.ended).code).toBe(0);
    expect(scene.tenant.report().ids.storedTwice).toBe(0);
    newestLedger(scene.tenant.stored('CopilotHealth_CL'));
  },
);
