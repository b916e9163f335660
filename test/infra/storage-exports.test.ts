/** Storage accounts of others: their blobs are read with a role of their own, and they are never managed. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toConfig } from '../../collector/config.ts';
import { readExample } from '../../infra/plan/example.ts';
import { environmentOf } from '../../infra/plan/required-permissions.ts';
import { exportAccounts, storageExportUrl } from '../../infra/storage-exports.ts';
import type { StorageExport, Tenant } from '../../infra/types.ts';
import { planned } from './runs.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const ACCOUNT =
  '/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg-soc/providers/Microsoft.Storage/storageAccounts/stsocexport';
const READER = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
const account = (name: string, containers: readonly string[] = []): StorageExport => ({
  id: `/subscriptions/s/${name}`,
  subscriptionId: 's',
  name,
  containers,
});

describe('where exports lie', () => {
  it.for([
    ['commercial', 'windows'],
    ['gcc-high', 'usgovcloudapi'],
  ])('is a URL that the collector takes, in %s', ([cloud = '', domain]) => {
    const url = storageExportUrl([account('stone'), account('sttwo', ['dump'])], cloud);
    const host = (name: string): string => `https://${name}.blob.core.${domain}.net`;
    expect(url).toBe(`${host('stone')},${host('sttwo')}/dump`);
    const env = {
      TENANT_ID: '00000000-0000-4000-8000-00000000000a',
      CLOUD: cloud,
      INGESTION_URL: 'file:///rows',
      SOURCES: 'storage-export',
      STORAGE_EXPORT_URL: url,
      IDENTITY_ENDPOINT: 'http://127.0.0.1/token',
    };
    // Three containers of known producers, and the one that is named.
    expect(toConfig(env, new Set(['tenant', 'rows'])).exports.addresses).toHaveLength(4);
  });

  it('is counted once for an account that two tenants share', () => {
    const of = (...storageExports: readonly StorageExport[]) => ({ storageExports }) as unknown as Tenant;
    const shared = { ...account('one'), id: '/SUBSCRIPTIONS/s/one' };
    const all = exportAccounts([of(account('one')), of(shared, account('two')), {} as Tenant]);
    expect(all.map(({ name }) => name)).toEqual(['one', 'two']);
  });
});

describe('the example with an account of the SOC', { timeout: 120_000 }, async () => {
  const example = async () => planned(await readExample('existing-workspace', EXAMPLES));

  it('lets the collector read blobs of that account, with the role of its own subscription, and nothing more', async () => {
    const { registrations } = await example();
    const identity = registrations.find(({ type }) => type.endsWith(':UserAssignedIdentity'));
    const roles = registrations.filter(({ inputs }) => inputs['scope'] === ACCOUNT);
    expect(roles.map(({ inputs }) => inputs)).toMatchObject([
      {
        principalId: identity?.outputs['principalId'],
        principalType: 'ServicePrincipal',
        roleDefinitionId: `/subscriptions/00000000-0000-4000-8000-000000000002/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
      },
    ]);
  });

  it('never manages the account', async () => {
    const { registrations } = await example();
    const accounts = registrations.filter(({ type }) => type === 'azure-native:storage:StorageAccount');
    expect(accounts.length).toBeGreaterThan(0);
    expect(JSON.stringify(accounts)).not.toContain('stsocexport');
  });

  it('reaches it over a private endpoint where the network is private', async () => {
    const { registrations } = await example();
    const endpoints = registrations.filter(({ type }) => type === 'azure-native:network:PrivateEndpoint');
    const connections = endpoints.flatMap(
      ({ inputs }) => inputs['privateLinkServiceConnections'] as readonly unknown[],
    );
    expect(connections).toContainEqual(expect.objectContaining({ privateLinkServiceId: ACCOUNT, groupIds: ['blob'] }));
  });

  it('starts the collector after the role, with the container', async () => {
    const { registrations } = await example();
    const app = registrations.find(({ type }) => type === 'azure-native:app:ContainerApp');
    expect(environmentOf({ properties: app?.inputs ?? {} })).toMatchObject({
      SOURCES: 'activity-feed,storage-export',
      STORAGE_EXPORT_URL: 'https://stsocexport.blob.core.windows.net/insights-logs-advancedhunting-cloudappevents',
    });
    const role = registrations.find(({ inputs }) => inputs['scope'] === ACCOUNT);
    expect(app?.dependencies).toContain(role?.urn);
  });
});
