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
import { requiredPermissions } from '../../infra/plan/required-permissions.ts';
import { defaultVolume, gigabytesPerMonth } from '../../infra/plan/volume.ts';
import { configurations } from './configurations.ts';
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
const stack = {
  'azure-native:location': 'westeurope',
  'copilot-sentinel:image.ref': IMAGE,
};

describe('the command', () => {
  test('prints resources, what is protected, permissions and cost', async () => {
    const { code, out, err } = await plan(await stackFile('page', stack));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const text of [
      /^Tables \(4\)$/m,
      /tables {2}CopilotAudit_CL {2}\[protected\]/,
      /workspaces {2}log-copilot-dev {2}\[westeurope, protected\]/,
      /ActivityFeed\.Read .*Office 365 Management APIs .*this program/,
      /Storage Blob Data Contributor/,
      /10,000 users, 20 records each a day/,
    ]) {
      expect(out).toMatch(text);
    }
  });

  test('prints JSON of the documented shape, and the volume that was asked for', async () => {
    const { code, out } = await plan(await stackFile('json', stack), '--json', '--users', '500', '--interactions', '4');
    expect(code).toBe(0);
    const shown = JSON.parse(out) as { resources: readonly ArmResource[]; permissions: unknown[]; cost: unknown };
    expect(Object.keys(shown)).toEqual(['resources', 'permissions', 'cost']);
    for (const resource of shown.resources) {
      expect(Object.keys(resource).sort()).toEqual(['apiVersion', 'body', 'dependsOn', 'id', 'name', 'type']);
    }
    expect(shown.permissions.length).toBeGreaterThan(3);
    expect(shown.cost).toMatchObject({ currency: 'USD', volume: { users: 500, interactionsPerDay: 4 } });
  });

  test('never prints a secret, in no form', async () => {
    const file = await stackFile('secret', {
      ...stack,
      'copilot-sentinel:tenants': [
        { id: TENANT_A, credential: 'secret', clientId: '00000000-0000-4000-8000-0000000000c1' },
      ],
      'copilot-sentinel:clientSecrets': { [TENANT_A]: { secure: 'v1:AAAA:BBBB' } },
    });
    const [page, json] = [await plan(file), await plan(file, '--json')];
    expect([page.code, json.code]).toEqual([0, 0]);
    expect(page.out + json.out).not.toContain('stand-in secret');
    expect(json.out).toMatch(/"value": "\[secret\]"/);
  });

  test.for([
    { name: 'region', config: { ...stack, 'azure-native:location': undefined }, says: /azure-native:location/ },
    {
      name: 'retention',
      config: { ...stack, 'copilot-sentinel:workspace.retentionInDays': 9 },
      says: /workspace\.retentionInDays.*30/,
    },
    { name: 'typo', config: { ...stack, 'copilot-sentinel:netwrok': 'private' }, says: /netwrok/ },
  ])('says what is wrong with the configuration and ends with 1: $name', async ({ name, config, says }) => {
    const { code, out, err } = await plan(await stackFile(name, config));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(says);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('names the examples when there is none of that name', async () => {
    const { code, err } = await plan('no-such-example');
    expect(code).toBe(1);
    expect(err).toContain('no stack configuration "no-such-example"');
    expect(err).toContain('new-workspace');
  });
});

describe('examples', async () => {
  const names = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.yaml'));

  test.for(names)('%s makes a plan, by name and by path', async (name) => {
    const byName = await readExample(name.replace('.yaml', ''), EXAMPLES);
    expect(byName).toEqual(await readExample(join(EXAMPLES, name), EXAMPLES));
    const { exitCode, logs } = await planned(byName);
    expect(exitCode, logs.map(({ message }) => message).join('\n')).toBe(0);
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

describe('permissions', () => {
  const permissionsOf = async (name: keyof typeof configurations) => {
    const run = await planned(configurations[name]);
    return requiredPermissions(run, toArm(run));
  };

  test('are granted by the program where it assigns them, and else by an administrator', async () => {
    const grantedBy = async (name: keyof typeof configurations) =>
      (await permissionsOf(name)).find(({ role }) => role === 'ActivityFeed.Read')?.grantedBy;
    expect(await grantedBy('new')).toBe('this program');
    expect(await grantedBy('manual')).toBe('an administrator of the tenant, by hand');
    expect(await grantedBy('secret')).toBe('an administrator of the tenant, by hand');
  });

  test('ask the deployer for rights in Microsoft Entra only when the program assigns', async () => {
    const entra = async (name: keyof typeof configurations) =>
      (await permissionsOf(name)).filter(({ api }) => api === 'Microsoft Entra').length;
    expect(await entra('new')).toBe(1);
    expect(await entra('manual')).toBe(0);
  });

  test('name the subscription of an adopted workspace as well', async () => {
    const scopes = (await permissionsOf('adopted')).map(({ scope }) => scope);
    expect(scopes).toContain(ADOPTED_ID.split('/').slice(0, 3).join('/'));
  });
});

describe('the estimate', () => {
  test('grows with users and not with anything else', async () => {
    const resources = toArm(await planned(configurations.new));
    const at = (users: number) => costOf(resources, { ...defaultVolume, users });
    const ingestion = (users: number) => at(users).lines[0]?.monthly ?? 0;
    expect(ingestion(2_000)).toBeCloseTo(2 * ingestion(1_000), 6);
    expect(at(2_000).monthly - at(1_000).monthly).toBeCloseTo(ingestion(1_000), 1);
  });

  test('of 10,000 users is near to 11.5 GB and 50 USD of data', () => {
    expect(gigabytesPerMonth(defaultVolume)).toBeCloseTo(11.505, 2);
  });

  test('of an always-on quarter core is near to what Azure’s own example says', async () => {
    const lines = costOf(toArm(await planned(configurations.new)), defaultVolume).lines;
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

  test.for([
    { about: 'the default', config: {} },
    { about: 'private with alerts', config: { network: 'private', 'alerts.email': 'soc@contoso.example' } },
    { about: 'two years', config: { 'tables.totalRetentionInDays': 730 } },
  ])('is in docs/cost.md: $about', async ({ config }) => {
    const page = normal(await readFile(join(ROOT, 'docs/cost.md'), 'utf8'));
    for (const row of costRows(toArm(await planned({ config })))) expect(page).toContain(normal(row));
  });

  test('has its list prices and assumptions in docs/cost.md', async () => {
    const page = normal(await readFile(join(ROOT, 'docs/cost.md'), 'utf8'));
    for (const row of priceRows()) expect(page).toContain(normal(row));
    expect(page).toContain(`${defaultVolume.interactionsPerDay} audit records`);
    expect(page).toContain(`${defaultVolume.kilobytesPerRow} KB as JSON`);
    expect(page).toContain(`${defaultVolume.otherTablesShare * 100} %`);
  });
});

/** Without the padding that the formatter gives to tables. */
const normal = (text: string): string => text.replaceAll(/ +/g, ' ');
