/** Two customers of a provider: two processes, two tenants, one endpoint with two rules. No row in the wrong place. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulator, type Simulator } from '../../simulator/simulator.ts';
import { tenant as peopleOf } from '../../simulator/tenant/tenant.ts';
import { afterWork, newestLedger, startNode, summaryOf, type Ended } from './harness.ts';
import { provider, type Desk, type Provider } from './provider.ts';

const main = fileURLToPath(new URL('../../collector/main.ts', import.meta.url));
const USERS = 6;
const TABLES = ['CopilotAudit_CL', 'CopilotEntities_CL', 'CopilotHealth_CL', 'CopilotUsage_CL'];
const now = afterWork(Date.now());

/** A customer, what the provider has for it, and where its collector keeps its state. */
interface Customer {
  readonly tenant: Simulator;
  readonly desk: Desk;
  readonly state: string;
  /** Texts that must be found at no other customer: tenant, people, records. */
  readonly marks: readonly string[];
}

let directory = '';
let ours: Provider;
let customers: readonly [Customer, Customer];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-tenants-'));
  ours = await provider('provider', ['contoso', 'fabrikam']);
  const customer = async (n: 0 | 1, seed: string): Promise<Customer> => {
    const desk = ours.desks[n];
    if (desk === undefined) throw new Error('no desk');
    const tenant = await simulator({ seed, users: USERS, days: 2, clock: () => now, trusts: [desk.trust] });
    const people = peopleOf({ seed, users: USERS }).users.map(({ id }) => id);
    const records = tenant.report().ids.expected;
    return { tenant, desk, state: join(directory, `state-${n}`), marks: [tenant.tenantId, ...people, ...records] };
  };
  customers = [await customer(0, 'contoso'), await customer(1, 'fabrikam')];
  await writeFile(join(directory, 'ca.pem'), [ours.ca, ...customers.map(({ tenant }) => tenant.ca)].join('\n'));
}, 60_000);
afterAll(async () => {
  await Promise.all([ours.close(), ...customers.map(({ tenant }) => tenant.close())]);
  await rm(directory, { recursive: true });
});

/** The collector of a customer as the deployment sets it up: no secret anywhere. */
const envOf = ({ tenant, desk, state }: Customer): Readonly<Record<string, string>> => {
  const { TENANT_ID = '', ACTIVITY_FEED_URL = '', GRAPH_URL = '', AZURE_AUTHORITY_HOST = '' } = tenant.env;
  return {
    TENANT_ID,
    ACTIVITY_FEED_URL,
    GRAPH_URL,
    AZURE_AUTHORITY_HOST,
    ...desk.env,
    SOURCE_CLIENT_ID: tenant.sourceClientId,
    SOURCE_FEDERATED: 'managed-identity',
    SOURCES: 'activity-feed,usage-report',
    STATE_URL: state,
    NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem'),
    REQUESTS_PER_MINUTE: '100000',
    HEALTH_PORT: '0',
  };
};
const collect = (command: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> =>
  startNode([main, ...command], directory, env).ended;
const rowsOf = ({ desk }: Customer) => TABLES.flatMap((table) => desk.stored(table));

async function bytesIn(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const texts = files.map((file) => readFile(join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(texts)).join('\n');
}

describe('two customers', () => {
  it(
    'are collected by two processes at once, each into its own place, by an identity of the provider',
    { timeout: 120_000 },
    async () => {
      const [a, b] = customers;
      const ended = await Promise.all(customers.map((customer) => collect(['once'], envOf(customer))));
      for (const [n, customer] of customers.entries()) {
        expect(ended[n]?.code, ended[n]?.stderr).toBe(0);
        const { expected } = customer.tenant.report().ids;
        expect(expected.length).toBeGreaterThan(50);
        // Every record of this tenant, once, in the table behind its own rule.
        const stored = customer.desk.stored('CopilotAudit_CL').map((row) => String(row['RecordId']));
        expect(stored.toSorted()).toEqual(expected);
        const rows = rowsOf(customer);
        expect(new Set(rows.map((row) => String(row['OrganizationId'])))).toEqual(new Set([customer.tenant.tenantId]));
        for (const table of TABLES) expect(customer.desk.stored(table).length, table).toBeGreaterThan(0);
        const ledger = [...newestLedger(customer.desk.stored('CopilotHealth_CL')).entries()];
        const ofFeed = ledger.filter(([key]) => key.startsWith('activity-feed'));
        expect(ofFeed.reduce((sum, [, row]) => sum + (row['Accepted'] ?? 0), 0)).toBe(expected.length);
      }
      // By bytes: nothing that names one customer is in the rows, the state or the words of the other's collector.
      for (const [own, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const n = customers.indexOf(own);
        const bytes = [JSON.stringify(rowsOf(own)), await bytesIn(own.state), ended[n]?.stdout, ended[n]?.stderr].join(
          '\n',
        );
        expect(own.marks.filter((mark) => bytes.includes(mark)).length).toBeGreaterThan(50);
        expect(other.marks.filter((mark) => bytes.includes(mark))).toEqual([]);
      }
      expect(new Set(ours.requests.map(({ status }) => status))).toEqual(new Set([204]));
    },
  );

  const mistakes: Readonly<
    Record<
      string,
      { readonly env: (a: Customer, b: Customer) => Readonly<Record<string, string>>; readonly says: RegExp }
    >
  > = {
    'the application of the other, which does not trust this identity': {
      env: (a, b) => ({
        ...envOf(b),
        ...a.desk.env,
        INGESTION_URL: join(directory, 'rows'),
        STATE_URL: join(directory, 'other-application'),
      }),
      says: /AADSTS700213: No matching federated identity record found for presented assertion subject/,
    },
    'the rule of the other, through which this identity may not write': {
      env: (a, b) => ({
        ...envOf(a),
        DCR_IMMUTABLE_ID: b.desk.env['DCR_IMMUTABLE_ID'] ?? '',
        STATE_URL: join(directory, 'other-rule'),
      }),
      says: /FAIL {2}sink: .*Monitoring Metrics Publisher/,
    },
    'the state of the other': {
      env: (a, b) => ({ ...envOf(a), STATE_URL: b.state }),
      says: /FAIL {2}state: .*is of tenant .*give each tenant a place of its own \(STATE_URL\)/,
    },
  };
  it.for(Object.entries(mistakes))(
    'a collector that is given %s is told so and writes nothing',
    { timeout: 60_000 },
    async ([, { env, says }]) => {
      const [a, b] = customers;
      const before = b.desk.stored('CopilotAudit_CL').length;
      const checked = await collect(['check'], env(a, b));
      expect(checked.code).toBe(2);
      expect(`${checked.stdout}${checked.stderr}`).toMatch(says);
      expect(b.desk.stored('CopilotAudit_CL')).toHaveLength(before);
      expect(b.desk.stored('CopilotHealth_CL').filter((row) => row['OrganizationId'] !== b.tenant.tenantId)).toEqual(
        [],
      );
    },
  );

  it(
    'records of one that are given to the collector of the other end in no row and no state, and are told',
    { timeout: 60_000 },
    async () => {
      const [a, b] = customers;
      const file = join(directory, 'export.json');
      const blob = b.tenant.blobs.find(({ copilotIds }) => copilotIds.length > 0);
      await writeFile(file, blob?.body() ?? '');
      const before = rowsOf(a).length;
      const ended = await collect(['import', file], envOf(a));
      expect(ended.code, ended.stderr).toBe(0);
      expect(summaryOf(ended)).toMatchObject({ accepted: 0, selected: 0, deadLettered: 0 });
      expect(ended.stderr).toContain('records of another tenant left out');
      const told = rowsOf(a).filter((row) => /records of another tenant/.test(String(row['Reason'])));
      expect(told).toMatchObject([{ HealthKind: 'source-error', ItemCount: blob?.copilotIds.length }]);
      expect(rowsOf(a).length).toBeGreaterThan(before);
      const bytes = `${JSON.stringify(rowsOf(a))}${await bytesIn(a.state)}`;
      expect(b.marks.filter((mark) => bytes.includes(mark))).toEqual([]);
    },
  );
});
