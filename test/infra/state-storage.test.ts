import { describe, expect, it } from 'vitest';
import { toContainerAddress } from '../../collector/state/container-address.ts';
import { keyOf } from '../../infra/names.ts';
import { IMAGE, planned, TENANT_A, TENANT_B } from './runs.ts';

const federated = { credential: 'federated', clientId: '00000000-0000-4000-8000-0000000000c3' };
const run = async () => {
  const plan = await planned({
    config: {
      'image.ref': IMAGE,
      'entra.mode': 'manual',
      tenants: [TENANT_A, TENANT_B].map((id) => ({ id, ...federated })),
    },
  });
  const typed = (end: string) => plan.registrations.filter(({ type }) => type.endsWith(`:${end}`));
  return { plan, typed };
};

describe('the state', () => {
  it('is in one account that takes Entra tokens over TLS only', async () => {
    const { typed } = await run();
    expect(typed('StorageAccount').map(({ inputs }) => inputs)).toMatchObject([
      {
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        isLocalUserEnabled: false,
        minimumTlsVersion: 'TLS1_2',
        enableHttpsTrafficOnly: true,
      },
    ]);
  });

  it('can be brought back for a week after it was deleted', async () => {
    const { typed } = await run();
    expect(typed('BlobServiceProperties')[0]?.inputs).toMatchObject({
      blobServicesName: 'default',
      deleteRetentionPolicy: { enabled: true, days: 7 },
      containerDeleteRetentionPolicy: { enabled: true, days: 7 },
      isVersioningEnabled: false,
    });
  });

  it('has a container for each tenant, closed to anonymous readers', async () => {
    const { typed } = await run();
    expect(
      typed('BlobContainer')
        .map(({ inputs }) => `${String(inputs['containerName'])} ${String(inputs['publicAccess'])}`)
        .sort(),
    ).toEqual([`tenant-${TENANT_A} None`, `tenant-${TENANT_B} None`]);
  });

  it('stays when its tenant is removed, which a protected container would stop; the account is protected', async () => {
    const { typed } = await run();
    const options = (end: string) => typed(end).map(({ protect, retainOnDelete }) => ({ protect, retainOnDelete }));
    expect(options('BlobContainer')).toEqual(
      [TENANT_A, TENANT_B].map(() => ({ protect: false, retainOnDelete: true })),
    );
    expect(options('StorageAccount')).toEqual([{ protect: true, retainOnDelete: true }]);
  });

  it.each([TENANT_A, TENANT_B])(
    'is its own for tenant %s: its identity may use that container and no other',
    async (id) => {
      const { plan, typed } = await run();
      const named = (name: string) => plan.registrations.find((one) => one.name === name);
      const principalId = named(`identity-${keyOf(id)}`)?.outputs['principalId'];
      const grants = typed('RoleAssignment').filter(
        ({ inputs }) =>
          inputs['principalId'] === principalId &&
          String(inputs['roleDefinitionId']).endsWith('/ba92f5b4-2d11-453d-a403-e96b0029c9fe'),
      );
      expect(grants.map(({ inputs }) => inputs['scope'])).toEqual([named(`state-${id}`)?.id]);
      expect(typed('RoleAssignment').filter(({ inputs }) => inputs['scope'] === named('state')?.id)).toEqual([]);
    },
  );

  it('is given to each collector as an address that it accepts', async () => {
    const { plan } = await run();
    const tenants = plan.outputs['tenants'] as Readonly<Record<string, { readonly state: string }>>;
    for (const id of [TENANT_A, TENANT_B]) {
      expect(tenants[id]?.state).toMatch(
        new RegExp(`^https://st[a-z0-9]+\\.blob\\.core\\.windows\\.net/tenant-${id}$`),
      );
      expect(() => toContainerAddress(tenants[id]?.state ?? '')).not.toThrow();
    }
  });
});
