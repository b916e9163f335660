import { describe, expect, it } from 'vitest';
import { identityProblems, toIdentities } from '../../collector/identity.ts';

const tenantId = '0a0a0a0a-0000-4000-8000-000000000001';
const otherTenant = '0a0a0a0a-0000-4000-8000-000000000002';
const both = { readsSource: true, usesAzure: true };
const app = { TENANT_ID: tenantId, AZURE_CLIENT_ID: 'app' };
const managed = { TENANT_ID: tenantId, IDENTITY_ENDPOINT: 'http://127.0.0.1:1/msi/token' };

describe('identities', () => {
  it.for([
    [{ AZURE_CLIENT_SECRET: 's' }, { kind: 'secret', tenantId, clientId: 'app', secret: 's' }],
    [
      { AZURE_CLIENT_CERTIFICATE_PATH: '/c.pem' },
      { kind: 'certificate', tenantId, clientId: 'app', path: '/c.pem', setting: 'AZURE_CLIENT_CERTIFICATE_PATH' },
    ],
    [
      { AZURE_FEDERATED_TOKEN_FILE: '/t' },
      { kind: 'token-file', tenantId, clientId: 'app', path: '/t', setting: 'AZURE_FEDERATED_TOKEN_FILE' },
    ],
    [{}, { kind: 'managed', clientId: 'app' }],
    [
      { AZURE_CLIENT_SECRET: 's', AZURE_CLIENT_CERTIFICATE_PATH: '/c.pem', AZURE_FEDERATED_TOKEN_FILE: '/t' },
      { kind: 'secret', tenantId, clientId: 'app', secret: 's' },
    ],
  ] as const)('of %j is one for both sides', ([keys, expected]) => {
    expect(toIdentities({ ...app, ...keys })).toEqual({ azureIdentity: expected, sourceIdentity: expected });
  });

  it('sign one application in to the tenant of the resources and to the tenant that is read', () => {
    const { azureIdentity, sourceIdentity } = toIdentities({
      ...app,
      AZURE_TENANT_ID: otherTenant,
      AZURE_CLIENT_SECRET: 's',
    });
    expect([azureIdentity, sourceIdentity]).toMatchObject([{ tenantId: otherTenant }, { tenantId }]);
  });

  it.for([
    [{ SOURCE_CLIENT_SECRET: 's' }, { kind: 'secret', tenantId, clientId: 'reader', secret: 's' }],
    [
      { SOURCE_CLIENT_CERTIFICATE_PATH: '/c.pem' },
      { kind: 'certificate', tenantId, clientId: 'reader', path: '/c.pem', setting: 'SOURCE_CLIENT_CERTIFICATE_PATH' },
    ],
    [
      { SOURCE_FEDERATED: 'managed-identity' },
      { kind: 'federated', tenantId, clientId: 'reader', managedClientId: 'own' },
    ],
  ] as const)('are split by %j: another reader, the managed identity writes', ([keys, reader]) => {
    const given = { ...managed, AZURE_CLIENT_ID: 'own', SOURCE_CLIENT_ID: 'reader', ...keys };
    expect(identityProblems(given, both)).toEqual([]);
    expect(toIdentities(given)).toEqual({
      azureIdentity: { kind: 'managed', clientId: 'own' },
      sourceIdentity: reader,
    });
  });

  it.for([
    [{ TENANT_ID: tenantId }, both, ['no credential']],
    [{ TENANT_ID: tenantId }, { readsSource: false, usesAzure: false }, []],
    [managed, both, []],
    [{ AZURE_CLIENT_SECRET: 's', TENANT_ID: tenantId }, both, ['AZURE_CLIENT_ID is missing']],
    [{ AZURE_CLIENT_ID: 'app', AZURE_CLIENT_SECRET: 's' }, both, ['AZURE_TENANT_ID is missing']],
    [{ ...managed, SOURCE_CLIENT_SECRET: 's' }, both, ['SOURCE_CLIENT_ID is missing']],
    [{ ...managed, SOURCE_CLIENT_ID: 'r' }, both, ['none is set']],
    [
      { ...managed, SOURCE_CLIENT_ID: 'r', SOURCE_CLIENT_SECRET: 's', SOURCE_FEDERATED: 'managed-identity' },
      both,
      ['SOURCE_CLIENT_SECRET and SOURCE_FEDERATED are set'],
    ],
    [
      { ...app, AZURE_CLIENT_SECRET: 's', SOURCE_CLIENT_ID: 'r', SOURCE_FEDERATED: 'managed-identity' },
      both,
      ['no managed identity is offered here'],
    ],
    // The rows stay here: only the reader must prove itself.
    [
      { TENANT_ID: tenantId, SOURCE_CLIENT_ID: 'r', SOURCE_CLIENT_SECRET: 's' },
      { readsSource: true, usesAzure: false },
      [],
    ],
    [{ TENANT_ID: tenantId, SOURCE_CLIENT_ID: 'r', SOURCE_CLIENT_SECRET: 's' }, both, ['no credential']],
  ] as const)('of %j for %j have the problems %j', ([given, uses, expected]) => {
    const problems = identityProblems(given, uses);
    expect(problems.length).toBe(expected.length);
    for (const [at, text] of expected.entries()) expect(problems[at]).toContain(text);
  });
});
