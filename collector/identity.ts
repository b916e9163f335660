/** Which identity reads Microsoft 365 and which one writes to Azure: pure choice, no credentials are made here. */
import type { SettingName } from './settings.ts';

/** An identity and how it proves itself. */
export type Identity =
  | { readonly kind: 'secret'; readonly tenantId: string; readonly clientId: string; readonly secret: string }
  | {
      readonly kind: 'certificate' | 'token-file';
      readonly tenantId: string;
      readonly clientId: string;
      readonly path: string;
      /** Setting that names the file, for messages. */
      readonly setting: SettingName;
    }
  /** Without a client id it is the system-assigned one. */
  | { readonly kind: 'managed'; readonly clientId: string | undefined }
  /** An application that trusts the managed identity, by a federated credential. */
  | {
      readonly kind: 'federated';
      readonly tenantId: string;
      readonly clientId: string;
      readonly managedClientId: string | undefined;
    };

/** The settings as text, those that are set. */
type Given = Partial<Readonly<Record<SettingName, unknown>>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The two identities; to be asked for only where `identityProblems` found nothing. */
export function toIdentities(given: Given): { readonly azureIdentity: Identity; readonly sourceIdentity: Identity } {
  const tenantId = text(given.TENANT_ID) ?? '';
  const sourceClient = text(given.SOURCE_CLIENT_ID);
  return {
    azureIdentity: azureIdentity(given, text(given.AZURE_TENANT_ID) ?? tenantId),
    sourceIdentity:
      sourceClient === undefined
        ? // The same application, signed in to the tenant that is read: its tokens must be of that tenant.
          azureIdentity(given, tenantId)
        : sourceIdentity(given, tenantId, sourceClient),
  };
}

// The order in which @azure/identity looks: secret, certificate, federated token file, managed identity.
function azureIdentity(given: Given, tenantId: string): Identity {
  const clientId = text(given.AZURE_CLIENT_ID);
  const secret = text(given.AZURE_CLIENT_SECRET);
  const certificate = text(given.AZURE_CLIENT_CERTIFICATE_PATH);
  const tokenFile = text(given.AZURE_FEDERATED_TOKEN_FILE);
  if (clientId !== undefined) {
    if (secret !== undefined) return { kind: 'secret', tenantId, clientId, secret };
    if (certificate !== undefined) {
      return { kind: 'certificate', tenantId, clientId, path: certificate, setting: 'AZURE_CLIENT_CERTIFICATE_PATH' };
    }
    if (tokenFile !== undefined) {
      return { kind: 'token-file', tenantId, clientId, path: tokenFile, setting: 'AZURE_FEDERATED_TOKEN_FILE' };
    }
  }
  return { kind: 'managed', clientId };
}

function sourceIdentity(given: Given, tenantId: string, clientId: string): Identity {
  const secret = text(given.SOURCE_CLIENT_SECRET);
  const certificate = text(given.SOURCE_CLIENT_CERTIFICATE_PATH);
  if (secret !== undefined) return { kind: 'secret', tenantId, clientId, secret };
  if (certificate !== undefined) {
    return { kind: 'certificate', tenantId, clientId, path: certificate, setting: 'SOURCE_CLIENT_CERTIFICATE_PATH' };
  }
  return { kind: 'federated', tenantId, clientId, managedClientId: text(given.AZURE_CLIENT_ID) };
}

/** What is wrong with the identities for a command that reads Microsoft 365, works in Azure (rows, state, exports), or both. */
export function identityProblems(
  given: Given,
  { readsSource, usesAzure: worksInAzure }: { readonly readsSource: boolean; readonly usesAzure: boolean },
): readonly string[] {
  const problems: string[] = [];
  const isSet = (name: SettingName): boolean => given[name] !== undefined;
  const hasManagedIdentity = isSet('IDENTITY_ENDPOINT');
  const usesAzure = worksInAzure || (readsSource && !isSet('SOURCE_CLIENT_ID'));
  const azureKeys = (
    ['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH', 'AZURE_FEDERATED_TOKEN_FILE'] as const
  ).filter(isSet);
  if (azureKeys.length > 0 && !isSet('AZURE_CLIENT_ID'))
    problems.push(`AZURE_CLIENT_ID is missing: the application that ${azureKeys.join(' and ')} belongs to`);
  if (usesAzure && azureKeys.length > 0 && !isSet('AZURE_TENANT_ID') && !isSet('TENANT_ID'))
    problems.push('AZURE_TENANT_ID is missing: the tenant of that application (GUID)');
  if (usesAzure && azureKeys.length === 0 && !hasManagedIdentity) {
    problems.push(
      'no credential: set AZURE_CLIENT_ID with AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE, or run where a managed identity is offered',
    );
  }
  const sourceKeys = (['SOURCE_CLIENT_SECRET', 'SOURCE_CLIENT_CERTIFICATE_PATH', 'SOURCE_FEDERATED'] as const).filter(
    isSet,
  );
  if (!isSet('SOURCE_CLIENT_ID') && sourceKeys.length > 0)
    problems.push(`SOURCE_CLIENT_ID is missing: the application that ${sourceKeys.join(' and ')} belongs to`);
  if (isSet('SOURCE_CLIENT_ID') && sourceKeys.length !== 1) {
    const found = sourceKeys.length === 0 ? 'none is' : `${sourceKeys.join(' and ')} are`;
    problems.push(
      `SOURCE_CLIENT_ID needs exactly one of SOURCE_CLIENT_SECRET, SOURCE_CLIENT_CERTIFICATE_PATH and SOURCE_FEDERATED=managed-identity: ${found} set`,
    );
  }
  if (readsSource && isSet('SOURCE_CLIENT_ID') && isSet('SOURCE_FEDERATED') && !hasManagedIdentity)
    problems.push(
      'SOURCE_FEDERATED=managed-identity: no managed identity is offered here (IDENTITY_ENDPOINT is not set)',
    );
  return problems;
}
