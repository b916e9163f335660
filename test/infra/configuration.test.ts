import { describe, expect, it } from 'vitest';
import { ConfigurationError, parseConfiguration } from '../../infra/configuration.ts';
import { configurationKeys } from '../../infra/configuration-keys.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import { guidOf, keyOf, naming } from '../../infra/names.ts';
import { ADOPTED_ID, IMAGE, SECRET, TENANT_A, TENANT_B } from './runs.ts';

const OWN = '00000000-0000-4000-8000-00000000000a';
const APP = '00000000-0000-4000-8000-0000000000c3';
const RULE = 'exfiltration-labelled-files-in-one-thread';
const rules = [
  { file: RULE, queryFrequency: 'PT1H', queryPeriod: 'P1D', triggerThreshold: 0, severity: 'High', enabled: true },
] as unknown as readonly Rule[];

/** Configuration as Pulumi hands it over: text, JSON for what is no text. */
const texts = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.includes(':') ? key : `copilot-sentinel:${key}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
const LOCATED = { 'azure-native:location': 'westeurope' };
const parse = (values: Readonly<Record<string, unknown>> = {}) =>
  parseConfiguration(texts({ ...LOCATED, ...values }), { azureTenantId: OWN, rules });
function problemsOf(values: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    parseConfiguration(texts(values), { azureTenantId: OWN, rules });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message.split('\n').slice(1);
  }
  return [];
}

const GOVERNMENT = { 'azure-native:environment': 'usgovernment' };
/** Tenants by the ids of their workspaces. */
const customers = (...ids: readonly (string | undefined)[]) =>
  ids.map((workspaceResourceId, index) => ({
    id: [TENANT_A, TENANT_B][index],
    credential: 'federated',
    clientId: APP,
    ...(workspaceResourceId === undefined ? {} : { workspaceResourceId }),
  }));

const EXPORT_ID =
  '/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg-soc/providers/Microsoft.Storage/storageAccounts/stsocexport';

describe('a configuration', () => {
  it('needs a region and nothing else: then it collects from the own tenant into a new, kept workspace', () => {
    expect(parse()).toMatchObject({
      name: 'copilot',
      location: 'westeurope',
      environment: 'public',
      workspace: { mode: 'new', sku: 'PerGB2018', retentionInDays: 90, dailyCapGb: undefined },
      tables: { retentionInDays: -1, totalRetentionInDays: -1 },
      tenants: [
        {
          id: OWN,
          sources: ['activity-feed'],
          enrich: ['users', 'labels', 'agents'],
          optionalPermissions: [],
          licensePlanIds: undefined,
          licensePlanNames: undefined,
          usagePeriods: undefined,
          credential: { kind: 'managed-identity' },
          workspace: undefined,
        },
      ],
      entraMode: 'assign',
      network: 'public',
      imageRef: undefined,
      rules: { isEnabled: true, overrides: {} },
      alertsEmail: undefined,
      deleteData: false,
      contentFields: 'drop',
      pollSeconds: 300,
    });
  });

  it('takes a workspace apart by its id, and needs no region then', () => {
    const found = parseConfiguration(texts({ 'workspace.resourceId': `${ADOPTED_ID}/` }), {
      azureTenantId: OWN,
      rules,
    });
    expect(found.location).toBeUndefined();
    expect(found.workspace).toEqual({
      mode: 'adopted',
      id: {
        id: ADOPTED_ID,
        subscriptionId: '00000000-0000-4000-8000-000000000002',
        resourceGroupName: 'rg-soc',
        name: 'log-soc',
      },
    });
  });

  it('reads numbers, flags, lists and maps from the text that Pulumi hands over', () => {
    const found = parse({
      'workspace.sku': 'CapacityReservation',
      'workspace.capacityGb': 200,
      'workspace.dailyCapGb': 20,
      'tables.totalRetentionInDays': 4383,
      'image.ref': IMAGE,
      deleteData: true,
      'content.rulesEnabled': 'false',
      'content.rules': { [RULE]: { enabled: true, threshold: '5', frequency: 'PT30M', severity: 'Low' } },
      tenants: [{ id: TENANT_A.toUpperCase(), name: 'Contoso', credential: 'federated', clientId: APP }],
    });
    expect(found).toMatchObject({
      workspace: { sku: 'CapacityReservation', capacityGb: 200, dailyCapGb: 20 },
      tables: { totalRetentionInDays: 4383 },
      imageRef: IMAGE,
      deleteData: true,
      rules: {
        isEnabled: false,
        overrides: { [RULE]: { enabled: true, threshold: 5, frequency: 'PT30M', severity: 'Low' } },
      },
      tenants: [
        { id: TENANT_A, key: keyOf(TENANT_A), name: 'Contoso', credential: { kind: 'federated', clientId: APP } },
      ],
    });
  });

  it.for([
    ['commercial', ['users', 'labels', 'agents']],
    ['gcc', ['users', 'labels', 'agents']],
    ['gcc-high', ['users', 'labels']],
    ['dod', ['users', 'labels']],
  ] as const)('of %s looks up what its cloud offers', ([cloud, enrich]) => {
    const environments = cloud === 'commercial' || cloud === 'gcc' ? {} : GOVERNMENT;
    const [tenant] = parse({ ...environments, cloud, 'entra.mode': 'manual' }).tenants;
    expect(tenant?.enrich).toEqual(enrich);
  });

  it('takes each source, enricher and permission once, and an empty list of enrichers for none', () => {
    const tenants = [
      { id: OWN, sources: ['usage-report', 'usage-report'], enrich: ['files', 'files'] },
      { id: TENANT_A, enrich: [], credential: 'federated', clientId: APP },
    ];
    expect(parse({ tenants }).tenants).toMatchObject([
      { sources: ['usage-report'], enrich: ['files'] },
      { enrich: [] },
    ]);
  });

  it('takes an empty value of an optional key for none', () => {
    expect(parse({ 'workspace.resourceId': '', 'image.ref': '', 'alerts.email': '' })).toMatchObject({
      workspace: { mode: 'new' },
      imageRef: undefined,
      alertsEmail: undefined,
    });
  });

  const secretTenant = { id: TENANT_A, credential: 'secret', clientId: APP };
  it.each([
    ['no region for a new workspace', {}, 'azure-native:location is not set'],
    ['an unknown key', { ...LOCATED, retention: 30 }, 'did you mean "workspace.retentionInDays"'],
    ['a misspelt key', { ...LOCATED, pollSecond: 30 }, 'did you mean "pollSeconds"'],
    ['a bad prefix', { ...LOCATED, name: 'Copilot_1' }, ':name is "Copilot_1": must be 2 to 10'],
    [
      'a wrong resource id',
      { 'workspace.resourceId': '/subscriptions/x' },
      'must be /subscriptions/<GUID>/resourceGroups',
    ],
    [
      'an id of something else',
      { 'workspace.resourceId': ADOPTED_ID.replace('workspaces', 'clusters') },
      'Microsoft.OperationalInsights/workspaces/<name>',
    ],
    ['retention below 30', { ...LOCATED, 'workspace.retentionInDays': 29 }, 'from 30 to 730'],
    ['retention above 730', { ...LOCATED, 'workspace.retentionInDays': 731 }, 'from 30 to 730'],
    ['table retention below 4', { ...LOCATED, 'tables.retentionInDays': 3 }, 'from 4 to 730, or -1'],
    ['table retention above 730', { ...LOCATED, 'tables.retentionInDays': 731 }, 'from 4 to 730, or -1'],
    ...[0, 731, 1094, 1096, 4384].map((days): [string, Readonly<Record<string, unknown>>, string] => [
      `total retention of ${days} days`,
      { ...LOCATED, 'tables.totalRetentionInDays': days },
      'from 4 to 730, or one of -1, 1095, 1460',
    ]),
    ['a number that is none', { ...LOCATED, 'tables.retentionInDays': 'a year' }, '"a year": must be a whole number'],
    [
      'total retention below the workspace',
      { ...LOCATED, 'tables.totalRetentionInDays': 60 },
      'is 60, less than the 90 days',
    ],
    ['an unknown sku', { ...LOCATED, 'workspace.sku': 'Free' }, 'must be one of PerGB2018, CapacityReservation'],
    [
      'a commitment without level',
      { ...LOCATED, 'workspace.sku': 'CapacityReservation' },
      'CapacityReservation needs one',
    ],
    [
      'a setting of an adopted workspace',
      { 'workspace.resourceId': ADOPTED_ID, 'workspace.retentionInDays': 180 },
      'an adopted workspace is never changed',
    ],
    ['an unknown cloud', { ...LOCATED, cloud: 'mars' }, 'must be one of commercial, gcc, gcc-high, dod'],
    ['an unknown network', { ...LOCATED, network: 'secret' }, 'must be one of public, private'],
    ['an unknown mode', { ...LOCATED, 'entra.mode': 'ask' }, 'must be one of assign, manual'],
    ['an unknown treatment of content', { ...LOCATED, contentFields: 'hide' }, 'must be one of drop, keep'],
    ['a flag that is none', { ...LOCATED, deleteData: 'yes' }, ':deleteData is "yes": must be true or false'],
    ['an image by tag', { ...LOCATED, 'image.ref': 'registry.contoso.example/collector:latest' }, '@sha256:'],
    ['an email that is none', { ...LOCATED, 'alerts.email': 'soc' }, 'must be an email address'],
    ['a pause of no time', { ...LOCATED, pollSeconds: 0 }, 'from 1 to 86400'],
    ['an unknown rule', { ...LOCATED, 'content.rules': { 'exfiltration-labelled': {} } }, `did you mean "${RULE}"`],
    [
      'an unknown change of a rule',
      { ...LOCATED, 'content.rules': { [RULE]: { query: 'x' } } },
      `content.rules.${RULE} is {"query":"x"}: unrecognized key: "query"`,
    ],
    ['a frequency below 5 minutes', { ...LOCATED, 'content.rules': { [RULE]: { frequency: 'PT1M' } } }, 'PT5M to P14D'],
    [
      "a frequency that the rule's query cannot keep",
      { ...LOCATED, 'content.rules': { [RULE]: { frequency: 'PT2H' } } },
      "PT2H is longer than the file's PT1H",
    ],
    ['rules that are no map', { ...LOCATED, 'content.rules': 'all' }, 'must be a map from rule name'],
    [
      'a government tenant outside of its cloud',
      { ...LOCATED, cloud: 'gcc-high', 'azuread:environment': 'usgovernment' },
      'pulumi config set azure-native:environment usgovernment',
    ],
    [
      'a government tenant whose directory is asked elsewhere',
      { ...LOCATED, ...GOVERNMENT, cloud: 'gcc-high' },
      'azuread:environment is global, but copilot-sentinel:cloud gcc-high goes with usgovernment: pulumi config set',
    ],
    [
      "another national cloud's directory",
      { ...LOCATED, ...GOVERNMENT, cloud: 'dod', 'azuread:environment': 'usgovernment' },
      'pulumi config set azuread:environment dod',
    ],
    [
      'a government directory for a commercial tenant',
      { ...LOCATED, 'azuread:environment': 'usgovernmentl4' },
      'pulumi config set azuread:environment global',
    ],
    [
      'a region that is none',
      { 'azure-native:location': 'west-europe' },
      'azure-native:location is "west-europe": must be the name of a region',
    ],
    [
      'customers with a workspace each and no workspace for the logs of all collectors',
      { ...LOCATED, 'entra.mode': 'manual', tenants: customers(ADOPTED_ID, `${ADOPTED_ID}-2`) },
      'set workspace.resourceId to a workspace of the operator',
    ],
    ['tenants that are no list', { ...LOCATED, tenants: { id: OWN } }, 'must be a list of tenants'],
    [
      'a tenant without GUID',
      { ...LOCATED, tenants: [{ id: 'contoso' }] },
      'tenants[0].id is "contoso": must be a GUID',
    ],
    ['a tenant twice', { ...LOCATED, tenants: [{ id: OWN }, { id: OWN.toUpperCase() }] }, `${OWN} is there twice`],
    ['an unknown source', { ...LOCATED, tenants: [{ id: OWN, sources: ['mail'] }] }, 'must be one of activity-feed'],
    ['no source', { ...LOCATED, tenants: [{ id: OWN, sources: [] }] }, 'at least one source'],
    [
      'an enricher as a source',
      { ...LOCATED, tenants: [{ id: OWN, sources: ['users'] }] },
      'must be one of activity-feed, audit-query, storage-export, usage-report',
    ],
    [
      'an unknown enricher',
      { ...LOCATED, tenants: [{ id: OWN, enrich: ['mail'] }] },
      'must be one of users, labels, agents, files, meetings',
    ],
    [
      'a permission that is not optional',
      { ...LOCATED, tenants: [{ id: OWN, optionalPermissions: ['User.Read.All'] }] },
      'must be one of LicenseAssignment.Read.All, InformationProtectionPolicy.Read.All, OnlineMeetings.Read.All',
    ],
    [
      'a permission without its enricher',
      {
        ...LOCATED,
        tenants: [{ id: OWN, enrich: ['files'], optionalPermissions: ['InformationProtectionPolicy.Read.All'] }],
      },
      'optionalPermissions has InformationProtectionPolicy.Read.All, which is for labels: add that to enrich',
    ],
    [
      'names of plans without the permission to find them',
      { ...LOCATED, tenants: [{ id: OWN, licensePlanNames: ['*COPILOT*'] }] },
      'licensePlanNames needs LicenseAssignment.Read.All: add it to optionalPermissions',
    ],
    [
      'the permission to find plans without a name to find',
      { ...LOCATED, tenants: [{ id: OWN, optionalPermissions: ['LicenseAssignment.Read.All'] }] },
      'set licensePlanNames, or remove the role',
    ],
    [
      'a plan name that is two',
      {
        ...LOCATED,
        tenants: [{ id: OWN, licensePlanNames: ['A,B'], optionalPermissions: ['LicenseAssignment.Read.All'] }],
      },
      'tenants[0].licensePlanNames[0] is "A,B": must be the name of a service plan',
    ],
    ['a plan that is no GUID', { ...LOCATED, tenants: [{ id: OWN, licensePlanIds: ['copilot'] }] }, 'must be a GUID'],
    [
      'plans of users whom nobody looks up',
      { ...LOCATED, tenants: [{ id: OWN, enrich: ['labels'], licensePlanIds: [APP] }] },
      'licensePlanIds is not used without users',
    ],
    [
      'an unknown period',
      { ...LOCATED, tenants: [{ id: OWN, sources: ['usage-report'], usagePeriods: ['D31'] }] },
      'must be one of D7, D28, D30, D90, D180, ALL',
    ],
    [
      'periods of reports that nobody reads',
      { ...LOCATED, tenants: [{ id: OWN, usagePeriods: ['D7'] }] },
      'usagePeriods is not used without usage-report',
    ],
    [
      'exports that lie nowhere',
      { ...LOCATED, tenants: [{ id: OWN, sources: ['storage-export'] }] },
      'storage-export is in sources, but nothing says where exports lie: set storageExports',
    ],
    [
      'exports that nobody reads',
      { ...LOCATED, tenants: [{ id: OWN, storageExports: [{ accountResourceId: EXPORT_ID }] }] },
      'storageExports is not used without storage-export',
    ],
    [
      'an account that is read twice',
      {
        ...LOCATED,
        tenants: [
          {
            id: OWN,
            sources: ['storage-export'],
            storageExports: [{ accountResourceId: EXPORT_ID }, { accountResourceId: EXPORT_ID.toUpperCase() }],
          },
        ],
      },
      'twice: one entry per account',
    ],
    [
      'an account by its name alone',
      {
        ...LOCATED,
        tenants: [{ id: OWN, sources: ['storage-export'], storageExports: [{ accountResourceId: 'st' }] }],
      },
      'az storage account show --query id',
    ],
    ...['gcc-high', 'dod'].flatMap((cloud): [string, Readonly<Record<string, unknown>>, string][] => {
      const manual = { ...LOCATED, ...GOVERNMENT, cloud, 'entra.mode': 'manual' };
      return [
        [
          `usage reports in ${cloud}`,
          { ...manual, tenants: [{ id: OWN, sources: ['activity-feed', 'usage-report'] }] },
          `usage reports exist in the global cloud only, not in ${cloud}: leave usage-report out of sources`,
        ],
        [
          `agents in ${cloud}`,
          { ...manual, tenants: [{ id: OWN, enrich: ['users', 'agents'] }] },
          `the package catalogue exists in the global cloud only, not in ${cloud}: leave agents out of enrich`,
        ],
      ];
    }),
    ['a managed identity for another tenant', { ...LOCATED, tenants: [{ id: TENANT_A }] }, 'reads its own tenant only'],
    [
      'a credential without application',
      { ...LOCATED, tenants: [{ id: TENANT_A, credential: 'secret' }], clientSecrets: { [TENANT_A]: 'x' } },
      'needs clientId',
    ],
    [
      'an application to be registered with entra.mode=manual',
      { ...LOCATED, 'entra.mode': 'manual', tenants: [{ id: TENANT_A, credential: 'federated' }] },
      'register one (multitenant) and set clientId',
    ],
    [
      'a secret credential without secret',
      { ...LOCATED, tenants: [secretTenant] },
      'pulumi config set --secret --path',
    ],
    [
      'a certificate that is no PEM',
      {
        ...LOCATED,
        tenants: [{ ...secretTenant, credential: 'certificate' }],
        clientSecrets: { [TENANT_A]: 'MIIC' },
      },
      'certificate and unencrypted private key as PEM',
    ],
    ['a secret for nobody', { ...LOCATED, clientSecrets: { [TENANT_B]: SECRET } }, 'is no tenant of tenants'],
    [
      "a tenant's workspace that is none",
      { ...LOCATED, tenants: [{ id: OWN, workspaceResourceId: 'log-adatum' }] },
      'tenants[0].workspaceResourceId is "log-adatum": must be /subscriptions',
    ],
  ])('is refused for %s, with the remedy and nothing else', (_what, values, remedy) => {
    const problems = problemsOf(values);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(remedy);
  });

  it.each([
    ['a tenant without a workspace of its own', { tenants: customers(ADOPTED_ID, undefined) }],
    ['one workspace for all', { tenants: customers(ADOPTED_ID, ADOPTED_ID.replace('log-soc', 'LOG-SOC')) }],
    ['a single customer', { tenants: customers(ADOPTED_ID) }],
    [
      'an own workspace',
      { tenants: customers(ADOPTED_ID, `${ADOPTED_ID}-2`), 'workspace.resourceId': `${ADOPTED_ID}-3` },
    ],
  ])('knows where the logs of collectors go with %s', (_what, values) => {
    expect(problemsOf({ ...LOCATED, 'entra.mode': 'manual', ...values })).toEqual([]);
  });

  it.each([
    ['gcc-high', 'usgovernment', 'assign', 'usgovernmentl4'],
    ['dod', 'usgovernment', 'assign', 'usgovernmentl5'],
    ['dod', 'usgovernment', 'manual', ''],
    ['gcc', '', 'assign', 'public'],
    ['commercial', 'public', 'assign', 'global'],
  ])('of %s takes azure-native %s and, with entra.mode %s, azuread %s', (cloud, azure, mode, entra) => {
    const environments = { 'azure-native:environment': azure, 'azuread:environment': entra };
    expect(problemsOf({ ...LOCATED, ...environments, cloud, 'entra.mode': mode })).toEqual([]);
  });

  it.each([730, 1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383])('takes %s days in all', (days) => {
    expect(parse({ 'tables.totalRetentionInDays': days }).tables.totalRetentionInDays).toBe(days);
  });

  it('says that there are no rules where it changes one and none is there', () => {
    const values = texts({ ...LOCATED, 'content.rules': { [RULE]: { enabled: false } } });
    expect(() => parseConfiguration(values, { azureTenantId: OWN, rules: [] })).toThrow(
      `content.rules names ${RULE}, but analytics-rules/ is empty`,
    );
  });

  it('tells every problem in one error, also those between keys', () => {
    const problems = problemsOf({
      ...LOCATED,
      'workspace.retentionInDays': 1,
      'alerts.email': 'soc',
      network: 'x',
      cloud: 'dod',
      'content.rules': { nope: {} },
      tenants: [{ id: TENANT_A }, { id: TENANT_A, credential: 'secret' }],
    });
    expect(problems.map((line) => /^- (\S+?)(?: is|:? )/.exec(line)?.[1])).toEqual([
      'copilot-sentinel:workspace.retentionInDays',
      'copilot-sentinel:network',
      'copilot-sentinel:alerts.email',
      ...Array.from({ length: 4 }, () => 'copilot-sentinel:tenants'),
      'azure-native:environment',
      'azuread:environment',
      'copilot-sentinel:content.rules',
    ]);
  });

  it('shows no secret in a problem, and hands secrets on as secret outputs only', async () => {
    const values = {
      tenants: [{ id: TENANT_A, credential: 'secret', clientId: APP }],
      clientSecrets: { [TENANT_A]: SECRET },
    };
    const problems = problemsOf({ ...LOCATED, ...values, network: 'x', clientSecrets: { [TENANT_A]: SECRET, x: 1 } });
    expect(problems.join('\n')).toContain('clientSecrets must be a map');
    expect(problems.join('\n')).not.toContain(SECRET);
    const [tenant] = parse(values).tenants;
    expect(JSON.stringify(tenant?.id)).not.toContain(SECRET);
    const { credential } = tenant ?? {};
    expect(credential?.kind).toBe('secret');
    if (credential?.kind !== 'secret') return;
    expect(await (credential.secret as unknown as { isSecret: Promise<boolean> }).isSecret).toBe(true);
  });

  it('takes exactly the keys of a tenant that the description lists', () => {
    const [, listed = ''] = /\{([^}]+)\}/.exec(configurationKeys.tenants.description) ?? [];
    const taken = [...listed.split(', '), 'invented'].filter((key) => {
      const problems = problemsOf({ ...LOCATED, tenants: [{ id: OWN, [key]: {} }] });
      return !problems.join().includes('unrecognized key');
    });
    expect(taken).toEqual(listed.split(', '));
    expect(taken.length).toBeGreaterThan(8);
  });

  it('knows a default for every key that its own check accepts', () => {
    const defaults = Object.fromEntries(
      Object.entries(configurationKeys).map(([key, { default: value }]) => [key, value]),
    );
    expect(parse(defaults)).toEqual(parse());
  });
});

describe('names', () => {
  const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001';
  it.each([
    ['copilot', 'dev', 'ca-copilot-dev-1ad35d60'],
    ['copilot', 'production-eu', /^ca-copilot-prod[0-9a-f]{5}-1ad35d60$/],
    ['ten-chars1', 'UPPER.case_stack', /^ca-ten-chars1-uppe[0-9a-f]{5}-1ad35d60$/],
  ])('of %s and stack %s fit a container app', (prefix, stack, expected) => {
    const name = naming(prefix, stack, SUBSCRIPTION).of('ca', '1ad35d60');
    expect(name).toMatch(expected);
    expect(name).toMatch(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/);
  });

  it('differ between stacks, and globally between subscriptions, and never by chance', () => {
    const one = naming('copilot', 'dev', SUBSCRIPTION);
    const same = naming('copilot', 'dev', SUBSCRIPTION);
    const elsewhere = naming('copilot', 'dev', SUBSCRIPTION.replace('1', '2'));
    expect(same.global('st')).toBe(one.global('st'));
    expect(one.global('st')).toMatch(/^[a-z0-9]{3,24}$/);
    expect(elsewhere.global('st')).not.toBe(one.global('st'));
    expect(naming('copilot', 'Dev', SUBSCRIPTION).of('rg')).not.toBe(one.of('rg'));
    expect(elsewhere.guid('role')).not.toBe(one.guid('role'));
  });

  it('make GUIDs that follow from a text', () => {
    expect(guidOf('rule')).toBe(guidOf('rule'));
    expect(guidOf('rule')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(guidOf('other')).not.toBe(guidOf('rule'));
  });
});
