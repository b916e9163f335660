/** `npm run plan`: the page, the JSON, what it refuses, and the figures of docs/cost.md. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArmResource, toArm } from '../../infra/plan/arm.ts';
import { costRows, priceRows } from '../../infra/plan/cost-rows.ts';
import { costOf } from '../../infra/plan/cost.ts';
import { readExample, stackConfiguration } from '../../infra/plan/example.ts';
import { masked } from '../../infra/plan/masked.ts';
import type { Plan } from '../../infra/plan/plan.ts';
import { requiredPermissions } from '../../infra/plan/required-permissions.ts';
import { jsonOf, pageOf } from '../../infra/plan/shown.ts';
import { defaultVolume, gigabytesPerMonth } from '../../infra/plan/volume.ts';
import { valuesAt } from '../../infra/plan/wire-values.ts';
import { ADOPTED_ID, IMAGE, SECRET, TENANT_A, planned } from './runs.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLES = join(ROOT, 'examples');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as npm does. */
function plan(...parameters: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, 'infra/plan/main.ts'), ...parameters],
      { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'infra-plan-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function stackFile(name: string, config: Readonly<Record<string, unknown>>): Promise<string> {
  const file = join(directory, `${name}.yaml`);
  await writeFile(file, JSON.stringify({ config }));
  return file;
}

/** Plans that are asked for more than once here: each costs a process. */
const examples = {
  new: () => example('new-workspace'),
  adopted: () => example('existing-workspace'),
  manual: () => example('manual-consent'),
  tenants: () => example('several-tenants'),
};
async function example(name: string): Promise<Plan> {
  return planned(await readExample(name, EXAMPLES));
}

describe.concurrent('examples', { timeout: 120_000 }, async () => {
  const names = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.yaml'));

  test.for(names)('%s makes a plan, by name and by path', async (name) => {
    const byName = await readExample(name.replace('.yaml', ''), EXAMPLES);
    expect(byName).toEqual(await readExample(join(EXAMPLES, name), EXAMPLES));
    const { exitCode, logs } = await planned(byName);
    expect(exitCode, logs.map(({ message }) => message).join('\n')).toBe(0);
  });
});

describe('the command', { timeout: 120_000 }, () => {
  test('prints the page of an example', async () => {
    const { code, out, err } = await plan('manual-consent');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`${pageOf(await examples.manual(), defaultVolume)}\n`);
  });

  test('prints JSON of a stack file, of the volume that was asked for', async () => {
    const file = await stackFile('json', (await readExample('manual-consent', EXAMPLES)).config);
    const { code, out } = await plan(file, '--json', '--users', '500', '--interactions', '4');
    expect(code).toBe(0);
    const volume = { ...defaultVolume, users: 500, interactionsPerDay: 4 };
    expect(out).toBe(`${jsonOf(await examples.manual(), volume)}\n`);
  });

  test('says what is wrong with the configuration and ends with 1', async () => {
    const file = await stackFile('wrong', {
      'copilot-sentinel:workspace.retentionInDays': 9,
      'copilot-sentinel:netwrok': 'private',
    });
    const { code, out, err } = await plan(file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const text of [/azure-native:location/, /workspace\.retentionInDays.*30/, /netwrok/])
      expect(err).toMatch(text);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('names the examples when there is none of that name', async () => {
    const { code, err } = await plan('no-such-example');
    expect(code).toBe(1);
    expect(err).toContain('no stack configuration "no-such-example"');
    expect(err).toContain('new-workspace');
  });
});

describe('what is shown', () => {
  test('has resources, what is protected, permissions and cost', async () => {
    const page = pageOf(await examples.new(), defaultVolume);
    for (const text of [
      /^Tables \(5\)$/m,
      /tables {2}CopilotAudit_CL {2}\[protected\]/,
      /workspaces {2}log-copilot-dev {2}\[westeurope, protected\]/,
      /taskRuns {2}collector-[0-9a-f]{16} {2}\[westeurope\]/,
      /ActivityFeed\.Read .*Office 365 Management APIs .*this program/,
      /Storage Blob Data Contributor/,
      /10,000 users, 20 records each a day/,
    ])
      expect(page).toMatch(text);
  });

  test('says in a private network what still goes over public endpoints', async () => {
    const said = /image, and the context it is built from, travel over public endpoints/;
    expect(pageOf(await examples.adopted(), defaultVolume)).toMatch(said);
    expect(pageOf(await examples.new(), defaultVolume)).not.toMatch(said);
  });

  test('is JSON of the documented shape', async () => {
    const shown = JSON.parse(jsonOf(await examples.new(), { ...defaultVolume, users: 500 })) as {
      resources: readonly ArmResource[];
      permissions: unknown[];
      cost: unknown;
    };
    expect(Object.keys(shown)).toEqual(['resources', 'permissions', 'cost']);
    for (const resource of shown.resources) {
      expect(Object.keys(resource).sort()).toEqual(['apiVersion', 'body', 'dependsOn', 'id', 'name', 'type']);
    }
    expect(shown.permissions.length).toBeGreaterThan(3);
    expect(shown.cost).toMatchObject({ currency: 'USD', volume: { users: 500 } });
  });

  test('has no secret, in no form', async () => {
    const secret = await planned(
      stackConfiguration(
        JSON.stringify({
          config: {
            'azure-native:location': 'westeurope',
            'copilot-sentinel:image.ref': IMAGE,
            'copilot-sentinel:tenants': [
              { id: TENANT_A, credential: 'secret', clientId: '00000000-0000-4000-8000-0000000000c1' },
            ],
            'copilot-sentinel:clientSecrets': { [TENANT_A]: { secure: 'v1:AAAA:BBBB' } },
          },
        }),
      ),
    );
    const json = jsonOf(secret, defaultVolume);
    expect(pageOf(secret, defaultVolume) + json).not.toContain('stand-in secret');
    expect(json).toMatch(/"value": "\[secret\]"/);
  });
});

describe('a stack file', () => {
  test('keeps values apart from what is encrypted, at any depth', () => {
    const { config, secrets } = stackConfiguration(
      'config:\n  a:plain: 1\n  a:list: [{ id: x }]\n  a:whole: { secure: v1 }\n  a:map: { t1: { secure: v1 } }\n',
    );
    expect(config).toEqual({ 'a:plain': 1, 'a:list': [{ id: 'x' }] });
    expect(Object.keys(secrets)).toEqual(['a:whole', 'a:map']);
    expect(JSON.parse(secrets['a:map'] ?? '')).toEqual({ t1: expect.stringContaining('stand-in') });
  });
});

describe('a shown plan', () => {
  test('has no secret text, no part of a secret map, no value of a container secret, no signature', () => {
    const shown = masked(
      {
        plain: `before ${SECRET} after`,
        deep: [{ text: 'in a map: other-secret' }],
        secrets: [{ name: 'kept', value: 'unknown to the plan' }],
        url: 'https://contoso.example/blob?sv=1&sig=abc%3D&se=2',
      },
      [SECRET, JSON.stringify({ tenant: 'other-secret' })],
    );
    expect(shown).toEqual({
      plain: 'before [secret] after',
      deep: [{ text: 'in a map: [secret]' }],
      secrets: [{ name: 'kept', value: '[secret]' }],
      url: 'https://contoso.example/blob?sv=1&sig=[secret]&se=2',
    });
  });
});

describe('permissions', { timeout: 120_000 }, () => {
  const permissionsOf = async (name: keyof typeof examples) => {
    const run = await examples[name]();
    return requiredPermissions(run, toArm(run));
  };
  const deployerIn = async (name: keyof typeof examples, api: string) =>
    (await permissionsOf(name))
      .filter((one) => one.api === api && one.holder === 'whoever runs pulumi up')
      .map(({ role, scope }) => [role, scope]);
  const OWN = '/subscriptions/00000000-0000-4000-8000-000000000001';
  const inOwn = [
    ['Contributor', OWN],
    ['Role Based Access Control Administrator', OWN],
  ];

  test('are granted by the program where it assigns them, and else by an administrator', async () => {
    const grantedBy = async (name: keyof typeof examples) =>
      (await permissionsOf(name)).filter(({ role }) => role === 'ActivityFeed.Read').map((one) => one.grantedBy);
    expect(await grantedBy('new')).toEqual(['this program']);
    expect(await grantedBy('manual')).toEqual(['an administrator of the tenant, by hand']);
    const byHand = 'an administrator of the tenant, by hand';
    expect((await grantedBy('tenants')).sort()).toEqual([byHand, byHand, 'this program']);
  });

  test('are those of sources and enrichers, also of such as the environment does not tell', async () => {
    const tenants = [
      {
        id: TENANT_A,
        sources: ['activity-feed', 'usage-report'],
        enrich: ['labels'],
        optionalPermissions: ['InformationProtectionPolicy.Read.All'],
        credential: 'federated',
        clientId: '00000000-0000-4000-8000-0000000000c1',
      },
    ];
    const run = await planned({ config: { 'image.ref': IMAGE, tenants } });
    const asked = requiredPermissions(run, toArm(run)).filter(
      ({ scope, api }) => scope === TENANT_A && api !== 'Azure',
    );
    expect(asked.map(({ role }) => role).toSorted()).toEqual([
      'ActivityFeed.Read',
      'InformationProtectionPolicy.Read.All',
      'Reports.Read.All',
      'SensitivityLabels.Read.All',
    ]);
    expect((await permissionsOf('new')).map(({ role }) => role)).toEqual(
      expect.arrayContaining(['User.Read.All', 'SensitivityLabels.Read.All', 'CopilotPackages.Read.All']),
    );
  });

  test('ask the deployer for rights in Microsoft Entra only for what the program does there', async () => {
    const roles = async (name: keyof typeof examples) =>
      (await deployerIn(name, 'Microsoft Entra')).map(([role]) => role);
    expect(await roles('new')).toEqual(['Privileged Role Administrator']);
    expect(await roles('manual')).toEqual([]);
    // It registers an application for one of them: to own the other is not enough.
    expect(await roles('tenants')).toEqual(['Privileged Role Administrator', 'Application Administrator']);
  });

  test('outside of the own subscription are for the group of the workspace, and for what is read there', async () => {
    expect(await deployerIn('new', 'Azure')).toEqual(inOwn);
    const group = ADOPTED_ID.split('/').slice(0, 5).join('/');
    const account = `${group}/providers/Microsoft.Storage/storageAccounts/stsocexport`;
    expect(await deployerIn('adopted', 'Azure')).toEqual([
      ...inOwn,
      [
        'Role Based Access Control Administrator',
        `${group}/providers/Microsoft.KeyVault/vaults/kv-soc/secrets/copilot-pseudonym-key`,
      ],
      ['Role Based Access Control Administrator', account],
      // To approve of the private endpoint.
      ['Storage Account Contributor', account],
      ['Contributor', group],
    ]);
  });
});

describe('the estimate', { timeout: 120_000 }, () => {
  test('grows with users and not with anything else', async () => {
    const resources = toArm(await examples.manual());
    const at = (users: number) => costOf(resources, { ...defaultVolume, users });
    const ingestion = (users: number) => at(users).lines[0]?.monthly ?? 0;
    expect(ingestion(2_000)).toBeCloseTo(2 * ingestion(1_000), 6);
    expect(at(2_000).monthly - at(1_000).monthly).toBeCloseTo(ingestion(1_000), 1);
  });

  test('of 10,000 users is near to 11.5 GB and 50 USD of data', () => {
    expect(gigabytesPerMonth(defaultVolume)).toBeCloseTo(11.505, 2);
  });

  test.for([
    ['the default periods', undefined, 2],
    ['periods of its own', ['D7', 'D30', 'D90'], 3],
  ] as const)(
    'has the rows of usage reports where they are read, and only there: %s',
    async ([, usagePeriods, rows]) => {
      const id = '00000000-0000-4000-8000-00000000000a';
      const gigabytes = async (tenant: object): Promise<number> =>
        costOf(toArm(await planned({ config: { 'image.ref': IMAGE, tenants: [{ id, ...tenant }] } })), defaultVolume)
          .gigabytesPerMonth;
      const periods = usagePeriods === undefined ? {} : { usagePeriods };
      const read = await gigabytes({ sources: ['activity-feed', 'usage-report'], ...periods });
      const monthly = (10_000 * 30.4375 * rows * defaultVolume.kilobytesPerUsageRow) / 1e6;
      expect(read - (await gigabytes({}))).toBeCloseTo(monthly, 6);
    },
  );

  test('of an always-on quarter core is near to what Azure’s own example says', async () => {
    const lines = costOf(toArm(await examples.new()), defaultVolume).lines;
    const collector = lines.filter(({ item }) => item.startsWith('Collector'));
    expect(collector.reduce((sum, { monthly }) => sum + monthly, 0)).toBeCloseTo(14.3, 1);
  });

  test('names what it has no price for', () => {
    const resource = {
      type: 'Microsoft.Sql/servers',
      apiVersion: '2024-01-01',
      name: 's',
      id: '/s',
      dependsOn: [],
      body: {},
    };
    expect(costOf([resource], defaultVolume).notPriced).toEqual(['Microsoft.Sql/servers']);
  });

  test.for([
    { body: { sku: { name: 'PerGB2018' } }, item: 'Ingestion into Log Analytics and Sentinel' },
    {
      body: { sku: { name: 'CapacityReservation', capacityReservationLevel: 200 } },
      item: 'Commitment of 200 GB a day',
      monthly: 2 * 296 * 30.4375,
    },
  ])('bills a workspace as its sku says: $item', ({ body, item, monthly }) => {
    const workspace = {
      type: 'Microsoft.OperationalInsights/workspaces',
      apiVersion: '2023-09-01',
      name: 'log',
      id: '/log',
      dependsOn: [],
      body: { properties: body },
    };
    const [first] = costOf([workspace], defaultVolume).lines;
    expect(first?.item).toBe(item);
    expect(first?.monthly).toBeCloseTo(monthly ?? gigabytesPerMonth(defaultVolume) * 4.3, 6);
  });

  const costPage = async () => normal(await readFile(join(ROOT, 'docs/cost.md'), 'utf8'));

  test('is in docs/cost.md: the default, and with two years of it', async () => {
    const resources = toArm(await planned());
    const kept = resources.map((one) =>
      one.type.endsWith('/tables')
        ? { ...one, body: { properties: { ...valuesAt(one.body, 'properties'), totalRetentionInDays: 730 } } }
        : one,
    );
    const page = await costPage();
    for (const row of [...costRows(resources), ...costRows(kept)]) expect(page).toContain(normal(row));
  });

  test('is in docs/cost.md: private with alerts', async () => {
    const resources = toArm(await planned({ config: { network: 'private', 'alerts.email': 'soc@contoso.example' } }));
    const page = await costPage();
    for (const row of costRows(resources)) expect(page).toContain(normal(row));
  });

  test('has its list prices and assumptions in docs/cost.md', async () => {
    const page = await costPage();
    for (const row of priceRows()) expect(page).toContain(normal(row));
    expect(page).toContain(`${defaultVolume.interactionsPerDay} audit records`);
    expect(page).toContain(`${defaultVolume.kilobytesPerRow} KB as JSON`);
    expect(page).toContain(`${defaultVolume.otherTablesShare * 100} %`);
    expect(page).toContain(`${defaultVolume.kilobytesPerUsageRow} KB`);
  });
});

/** Without the padding that the formatter gives to tables. */
const normal = (text: string): string => text.replaceAll(/ +/g, ' ');
