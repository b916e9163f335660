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
  switch (identity.kind) {
    case 'secret':
      return new ClientSecretCredential(identity.tenantId, identity.clientId, identity.secret, options);
    case 'certificate':
      return new ClientCertificateCredential(identity.tenantId, identity.clientId, identity.path, options);
    case 'token-file': {
      const { tenantId, clientId, path: tokenFilePath } = identity;
      return new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath, ...options });
    }
    case 'managed':
      return managed(identity.clientId);
    case 'federated': {
      const { tenantId, clientId, managedClientId } = identity;
      const own = managed(managedClientId);
      const assertion = async (): Promise<string> => {
        const token = await own.getToken(EXCHANGE_SCOPE);
        return token.token;
      };
      return new ClientAssertionCredential(tenantId, clientId, assertion, options);
    }
  }
}

const managed = (clientId: string | undefined): ManagedIdentityCredential =>
  clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
