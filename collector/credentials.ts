/** The only maker of credentials; main.ts asks for them, nobody else. */
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import type { Identity } from './identity.ts';

// What Microsoft Entra expects of a managed identity's token that stands for an application.
const EXCHANGE_SCOPE = 'api://AzureADTokenExchange/.default';

/** A credential of `identity`; `isKnownAuthority` as in the configuration. Makes no call. */
export function toCredential(
  identity: Identity,
  { authority, isKnownAuthority }: { readonly authority: string; readonly isKnownAuthority: boolean },
): TokenCredential {
  const options = { authorityHost: authority, disableInstanceDiscovery: !isKnownAuthority };
  if (identity.kind === 'managed') return managed(identity.clientId);
  const { tenantId, clientId } = identity;
  if (identity.kind === 'secret') return new ClientSecretCredential(tenantId, clientId, identity.secret, options);
  if (identity.kind === 'certificate')
    return new ClientCertificateCredential(tenantId, clientId, identity.path, options);
  if (identity.kind === 'token-file') {
    return new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath: identity.path, ...options });
  }
  const own = managed(identity.managedClientId);
  const assertion = async (): Promise<string> => {
    const token = await own.getToken(EXCHANGE_SCOPE);
    return token.token;
  };
  return new ClientAssertionCredential(tenantId, clientId, assertion, options);
}

const managed = (clientId: string | undefined): ManagedIdentityCredential =>
  clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
