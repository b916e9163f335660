/** Rows into the endpoint and state in a container, with every identity; and what each wrong setting is answered with. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { copilotHealth, toDcrStream } from '../../collector/schema/index.ts';
import { seededGuid } from '../../simulator/server/chance.ts';
import { splitRights } from '../../simulator/server/switches.ts';
import { azureScene, type AzureScene } from './azure-scene.ts';
import { afterWork, newestLedger, summaryOf } from './harness.ts';

// Standing still, and near the real time: the collector stamps rows with its own clock.
const now = afterWork(Date.now());
const small = { users: 6, days: 2, clock: () => now };
const identities = {
  'a secret': ({ tenant }: AzureScene) => tenant.env,
  'a certificate': ({ tenant }: AzureScene) => tenant.certificateEnv,
  'a managed identity': ({ tenant }: AzureScene) => tenant.managedIdentityEnv,
  'a federated token file': ({ tenant }: AzureScene) => tenant.federatedEnv,
  'a reader of its own and a managed identity that writes': ({ tenant }: AzureScene) => tenant.splitEnv,
  'a reader that trusts the managed identity that writes': ({ tenant }: AzureScene) => ({
    ...tenant.managedIdentityEnv,
    SOURCE_CLIENT_ID: tenant.sourceClientId,
    SOURCE_FEDERATED: 'managed-identity',
  }),
} as const;

function expectComplete({ tenant }: AzureScene): void {
  const { ids, ingestion } = tenant.report();
  expect(ids.stored).toEqual(ids.expected);
  expect(ids.expected.length).toBeGreaterThan(100);
  expect(ids.storedTwice).toBe(0);
  expect(ingestion).toMatchObject({
    rowsRefused: [],
    columnsDropped: {},
    valuesNulled: 0,
    valuesCut: 0,
    olderThan48hAtReceipt: 0,
    timeGeneratedReplaced: 0,
    unauthorized: 0,
  });
  const ledger = [...newestLedger(tenant.stored('CopilotHealth_CL')).values()];
  expect(ledger.reduce((sum, row) => sum + (row['Accepted'] ?? 0), 0)).toBe(ids.expected.length);
}

describe('with rows and state in Azure', () => {
  it.for(Object.entries(identities))(
    'check, once and run work with %s',
    { timeout: 120_000 },
    async ([name, identity]) => {
      // The reader may only read, the writer may only write.
      const isSplit = name.startsWith('a reader');
      await using scene = await azureScene({ ...small, ...(isSplit && { switches: splitRights }) });
      const env = scene.envFor(identity(scene));
      const stateUsers = new Set<string>();
      scene.storage.watch((_moment, { objectId }) => void stateUsers.add(objectId));
      const checked = await scene.collect(['check'], env);
      expect(checked.code, checked.stdout).toBe(0);
      expect(checked.stdout).toMatch(/^pass {2}sink/m);
      expect(checked.stdout).toMatch(/^pass {2}state: loaded and saved/m);

      const passed = await scene.collect(['once'], env);
      expect(passed.code, passed.stderr).toBe(0);
      expectComplete(scene);
      expect(summaryOf(passed).accepted).toBe(scene.tenant.report().ids.expected.length);

      // The state is in the container: nothing comes again.
      const running = scene.start(['run'], env);
      await running.said('"msg":"pass ended"');
      running.child.kill('SIGTERM');
      const ended = await running.ended;
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stderr).toContain('"accepted":0');
      expectComplete(scene);
      // Azurite knows no roles: that the state is the writer's business shows in whose tokens it saw.
      const writer = 'IDENTITY_ENDPOINT' in env ? seededGuid(1, 'managed-identity') : scene.tenant.clientId;
      expect([...stateUsers]).toEqual([writer]);
      for (const said of [checked, passed, ended]) {
        const text = `${said.stdout}${said.stderr}`;
        expect(text).not.toContain(scene.tenant.clientSecret);
        expect(text).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);
      }
    },
  );

  it('tokens that run out within a pass are replaced', { timeout: 120_000 }, async () => {
    // The first blob and some others take two seconds each; a token lives for six.
    await using scene = await azureScene({ ...small, faults: ['slow'], switches: { tokenSeconds: 6 } });
    const ended = await scene.collect(['once'], { ...scene.env, FETCH_CONCURRENCY: '1' });
    expect(ended.code, ended.stderr).toBe(0);
    expectComplete(scene);
    expect(scene.tenant.report().tokensIssued).toBeGreaterThan(3);
  });
});

it(
  'metrics arrive over OTLP before the process ends, and a receiver that is down disturbs nothing',
  {
    timeout: 120_000,
  },
  async () => {
    const received: { readonly path: string | undefined; readonly key: unknown; readonly body: string }[] = [];
    const receiver = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        received.push({
          path: request.url,
          key: request.headers['api-key'],
          body: Buffer.concat(parts).toString('latin1'),
        });
        response.writeHead(200).end();
      });
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as AddressInfo;
    await using scene = await azureScene(small);
    const env = {
      ...scene.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=canary-key',
    };
    const first = await scene.collect(['once'], env);
    expect(first.code, first.stderr).toBe(0);
    expect(received.at(-1)).toMatchObject({ path: '/v1/metrics', key: 'canary-key' });
    expect(received.at(-1)?.body).toContain('copilot_records_total');
    receiver.closeAllConnections();
    receiver.close();
    await once(receiver, 'close');
    const second = await scene.collect(['once'], env);
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).toContain('metrics could not be sent');
    expect(`${first.stderr}${second.stderr}`).not.toContain('canary-key');
    expectComplete(scene);
  },
);

/** What is set wrong, and what must be said of it by check and at run time. */
const mistakes: Readonly<
  Record<
    string,
    {
      readonly env: (scene: AzureScene) => Readonly<Record<string, string>>;
      readonly said: RegExp;
      readonly isPatient?: true;
    }
  >
> = {
  'a rule that does not exist': {
    env: () => ({ DCR_IMMUTABLE_ID: `dcr-${'0'.repeat(32)}` }),
    said: /404[^\n]*check DCR_IMMUTABLE_ID \(dcr-0{32}\), that the rule declares the stream Custom-Copilot/,
  },
  'the audience of another service': {
    env: () => ({ INGESTION_AUDIENCE: 'https://graph.microsoft.com' }),
    said: /401[^\n]*check that INGESTION_AUDIENCE belongs to the cloud/,
  },
  'an endpoint that nobody knows': {
    env: () => ({ INGESTION_URL: 'https://copilot.invalid' }),
    isPatient: true,
    said: /copilot\.invalid[^\n]*(?:cannot be resolved|check INGESTION_URL)/,
  },
  'a container that does not exist': {
    env: ({ env }) => ({ STATE_URL: String(env['STATE_URL']).replace('/collector/', '/absent/') }),
    said: /ContainerNotFound[^\n]*create/,
  },
  'a certificate that is not trusted': {
    env: ({ tenant }) => ({ NODE_EXTRA_CA_CERTS: tenant.caPath }),
    said: /state: [^\n]*certificate[^\n]*NODE_EXTRA_CA_CERTS/,
  },
};

describe('a wrong setting is one message with the remedy', () => {
  it.for(Object.entries(mistakes))('%s', { timeout: 180_000 }, async ([, { env, said, isPatient }]) => {
    await using scene = await azureScene(small);
    const wrong = { ...scene.env, ...env(scene) };
    const checked = await scene.collect(['check'], wrong);
    expect(checked.code).toBe(2);
    const failed = checked.stdout.split('\n').filter((line) => line.startsWith('FAIL') && !line.includes('not tried'));
    expect(failed).toHaveLength(1);
    expect(failed.join('\n')).toMatch(said);
    // What may be over in a moment is tried for minutes.
    if (isPatient === true) return;
    const passed = await scene.collect(['once'], wrong);
    expect(passed.code).toBe(2);
    expect(passed.stderr).toMatch(said);
  });

  it('a rule without the stream, which only rows of events can find', { timeout: 120_000 }, async () => {
    const { name, columns } = toDcrStream(copilotHealth);
    await using scene = await azureScene({ ...small, streams: { [name]: columns } });
    const ended = await scene.collect(['once']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/404.*the rule declares the stream Custom-CopilotAudit_CL/);
    expect(scene.tenant.report().ids.stored).toEqual([]);
  });

  it.for(['check', 'once', 'run'])(
    'a certificate file that is missing, at %s',
    { timeout: 120_000 },
    async (command) => {
      await using scene = await azureScene(small);
      const wrong = { ...scene.envFor(scene.tenant.certificateEnv), AZURE_CLIENT_CERTIFICATE_PATH: '/absent.pem' };
      const ended = await scene.collect([command], wrong);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(
        /AZURE_CLIENT_CERTIFICATE_PATH=\/absent\.pem cannot be read \(ENOENT.*\): mount the file/,
      );
    },
  );

  it('a missing role, and a clock that is wrong', { timeout: 120_000 }, async () => {
    // The clock of this machine, whatever day it is: what is compared is the fault's ten minutes.
    await using scene = await azureScene({
      ...small,
      clock: Date.now,
      faults: ['clock-skew'],
      switches: { publishers: [] },
    });
    const checked = await scene.collect(['check']);
    expect(checked.code).toBe(2);
    expect(checked.stdout).toMatch(
      /^FAIL {2}sink: .*grant Monitoring Metrics Publisher on the data collection rule dcr-/m,
    );
    expect(checked.stdout).toMatch(/^warn {2}clock: .*\d+ s behind .*NTP/m);
  });
});
