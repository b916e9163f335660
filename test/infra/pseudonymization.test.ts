/** Pseudonymisation of a tenant: the key comes out of a vault, and who asks for names is logged. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toConfig } from '../../collector/config.ts';
import { collectorEnvironment } from '../../infra/collector-environment.ts';
import { parseTenants } from '../../infra/configuration-tenants.ts';
import { readExample } from '../../infra/plan/example.ts';
import { keySecretUrl, queryAudit } from '../../infra/pseudonymization.ts';
import type { PseudonymPlan, WorkspaceHandle } from '../../infra/types.ts';
import { planned } from './runs.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const VAULT =
  '/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg-soc/providers/Microsoft.KeyVault/vaults/kv-soc';
const SECRET_ID = `${VAULT}/secrets/copilot-pseudonym-key`;
const TENANT = '00000000-0000-4000-8000-00000000000a';
const SECRETS_USER = '4633458b-17de-408a-b874-0445c86b69e6';

const parse = (pseudonymize: unknown) =>
  parseTenants([{ id: TENANT, pseudonymize }], {}, { azureTenantId: TENANT, cloud: 'commercial' });
const plan = (pseudonymize: unknown): PseudonymPlan | undefined => parse(pseudonymize).tenants[0]?.pseudonymize;

describe('pseudonymize of a tenant', () => {
  it('names the secret of a vault, and what is replaced', () => {
    expect(plan({ keySecretId: SECRET_ID })).toEqual({
      what: ['users'],
      logQueries: true,
      key: {
        id: SECRET_ID,
        subscriptionId: '00000000-0000-4000-8000-000000000002',
        vaultName: 'kv-soc',
        secretName: 'copilot-pseudonym-key',
      },
    });
    expect(plan({ keySecretId: SECRET_ID, addresses: true })?.what).toEqual(['users', 'addresses']);
  });

  it.for([{}, { keySecretId: VAULT }, { keySecretId: `${SECRET_ID}/0123456789abcdef` }, { key: 'in clear' }])(
    'is refused as %j, with what it must be',
    (given) => {
      const { problems } = parse(given);
      expect(problems.join()).toMatch(/keySecretId|key/);
    },
  );

  it('is an address in the vault of the cloud', () => {
    const given = plan({ keySecretId: SECRET_ID });
    if (given === undefined) throw new Error('no plan');
    expect(keySecretUrl(given, 'gcc')).toBe('https://kv-soc.vault.azure.net/secrets/copilot-pseudonym-key');
    expect(keySecretUrl(given, 'dod')).toMatch(/^https:..kv-soc.vault.usgovcloudapi/);
  });

  it('gives the collector variables that it takes', () => {
    const variables = collectorEnvironment<string>({
      tenantId: TENANT,
      cloud: 'commercial',
      reading: {
        sources: ['activity-feed'],
        enrich: [],
        optionalPermissions: [],
        licensePlanIds: undefined,
        licensePlanNames: undefined,
        usagePeriods: undefined,
      },
      pollSeconds: 300,
      contentFields: 'drop',
      credential: { kind: 'managed-identity' },
      identityClientId: TENANT,
      ingestionUrl: 'https://dce.westeurope-1.ingest.monitor.azure.com',
      ruleId: `dcr-${'0'.repeat(32)}`,
      stateUrl: 'https://state.blob.core.windows.net/tenant',
      pseudonymize: plan({ keySecretId: SECRET_ID, addresses: true }),
    });
    const secret = Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('base64');
    const env = Object.fromEntries(variables.map((one) => [one.name, 'value' in one ? one.value : secret]));
    const { pseudonyms } = toConfig({ ...env, IDENTITY_ENDPOINT: 'http://127.0.0.1' }, new Set(['tenant', 'rows']));
    expect([...(pseudonyms?.what ?? [])]).toEqual(['users', 'addresses']);
  });

  it('is the only reason to log queries, and none where the workspace logs them already', () => {
    expect(queryAudit({} as WorkspaceHandle, parse(undefined).tenants)).toEqual([]);
    expect(queryAudit({} as WorkspaceHandle, parse({ keySecretId: SECRET_ID, logQueries: false }).tenants)).toEqual([]);
  });
});

describe('the example of a SOC with tokens', { timeout: 120_000 }, async () => {
  const example = async () => planned(await readExample('existing-workspace', EXAMPLES));
  const ofType = async (type: string) =>
    (await example()).registrations.filter((one) => one.type === `azure-native:${type}`);

  it('gives the container a reference to the secret, and nobody its value', async () => {
    const [app] = await ofType('app:ContainerApp');
    const [identity] = await ofType('managedidentity:UserAssignedIdentity');
    expect(app?.inputs['configuration']).toMatchObject({
      secrets: [
        {
          name: 'pseudonym-key',
          keyVaultUrl: 'https://kv-soc.vault.azure.net/secrets/copilot-pseudonym-key',
          identity: identity?.id,
        },
      ],
    });
    expect(JSON.stringify(app?.inputs)).toContain('{"name":"PSEUDONYM_KEY","secretRef":"pseudonym-key"}');
  });

  it('lets the identity read that one secret, before the container starts', async () => {
    const roles = (await ofType('authorization:RoleAssignment')).filter(({ inputs }) => inputs['scope'] === SECRET_ID);
    expect(roles).toHaveLength(1);
    expect(roles[0]?.inputs['roleDefinitionId']).toContain(SECRETS_USER);
    const [app] = await ofType('app:ContainerApp');
    expect(app?.dependencies).toContain(roles[0]?.urn);
    expect(await ofType('keyvault:Vault')).toEqual([]);
  });

  it('logs every query of the workspace', async () => {
    const audits = (await ofType('monitor:DiagnosticSetting')).filter(({ inputs }) =>
      JSON.stringify(inputs['logs']).includes('"Audit"'),
    );
    expect(audits).toHaveLength(1);
    expect(audits[0]?.inputs['resourceUri']).toMatch(/\/workspaces\/log-soc$/);
    expect(audits[0]?.inputs['workspaceId']).toBe(audits[0]?.inputs['resourceUri']);
  });
});
