import { describe, expect, it } from 'vitest';
import { toContainerAddress } from '../../collector/state/container-address.ts';
import { parseTenants } from '../../infra/configuration-tenants.ts';
import { keyOf } from '../../infra/names.ts';
import { configurations } from './configurations.ts';
import { named, planned, TENANT_A } from './runs.ts';

describe('the archive of a tenant that wants one', () => {
  const registrations = async () => (await planned(configurations.certificate)).registrations;

  it('is a container beside the state, closed to anonymous readers, and stays in Azure', async () => {
    const { inputs, protect, retainOnDelete } = named(await registrations(), `archive-${TENANT_A}`);
    expect(inputs).toMatchObject({ containerName: `archive-${TENANT_A}`, publicAccess: 'None' });
    expect([protect, retainOnDelete]).toEqual([false, true]);
  });

  it('can be changed by nobody for as long as it is told', async () => {
    const { inputs, retainOnDelete } = named(await registrations(), `archive-policy-${TENANT_A}`);
    expect(inputs).toMatchObject({
      containerName: `archive-${TENANT_A}`,
      immutabilityPolicyName: 'default',
      immutabilityPeriodSinceCreationInDays: 365,
      allowProtectedAppendWrites: false,
    });
    expect(retainOnDelete).toBe(true);
  });

  it('gets cheaper after a month, and is deleted when it is told, nothing else with it', async () => {
    expect(named(await registrations(), 'archive-life-cycle').inputs).toMatchObject({
      managementPolicyName: 'default',
      policy: {
        rules: [
          {
            type: 'Lifecycle',
            enabled: true,
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: [`archive-${TENANT_A}/`] },
              actions: {
                baseBlob: {
                  tierToCool: { daysAfterModificationGreaterThan: 30 },
                  delete: { daysAfterModificationGreaterThan: 400 },
                },
              },
            },
          },
        ],
      },
    });
  });

  it('is open to the identity of its collector and to no other, which is told where it is', async () => {
    const all = await registrations();
    const role = named(all, `role-archive-${keyOf(TENANT_A)}`);
    expect(role.inputs['scope']).toBe(named(all, `archive-${TENANT_A}`).id);
    expect(role.inputs['principalId']).toBe(named(all, `identity-${keyOf(TENANT_A)}`).outputs['principalId']);
    const app = JSON.stringify(named(all, `collector-${keyOf(TENANT_A)}`).inputs);
    const [, url = ''] = /"name":"ARCHIVE_URL","value":"([^"]+)"/.exec(app) ?? [];
    expect(url).toMatch(new RegExp(`^https://st[a-z0-9]+\\.blob\\.core\\.windows\\.net/archive-${TENANT_A}$`));
    expect(() => toContainerAddress(url)).not.toThrow();
  });

  it('is nowhere without that wish', async () => {
    const { registrations: all } = await planned(configurations.new);
    expect(all.filter(({ name }) => name.startsWith('archive')).map(({ name }) => name)).toEqual([]);
    expect(JSON.stringify(all.map(({ inputs }) => inputs))).not.toContain('ARCHIVE_URL');
  });
});

describe('the wish for an archive', () => {
  const problems = (archive: unknown): readonly string[] =>
    parseTenants([{ id: TENANT_A, archive }], {}, { azureTenantId: TENANT_A, cloud: 'commercial' }).problems;

  it.for([
    [{}, []],
    [{ immutableDays: 30, deleteAfterDays: 30 }, []],
    [{ immutableDays: 0 }, [/immutableDays.*must be a whole number from 1/]],
    [{ immutableDays: 30, deleteAfterDays: 29 }, [/must not delete copies before their retention ends/]],
    [{ days: 30 }, [/days/]],
  ] as const)('%o', ([archive, wanted]) => {
    const found = problems(archive);
    expect(found.length).toBe(wanted.length);
    for (const [n, pattern] of wanted.entries()) expect(found[n]).toMatch(pattern);
  });
});
