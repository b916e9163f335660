/** The only maker of credentials; main.ts asks for them, nobody else. */
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  CredentialUnavailableError,
  ManagedIdentityCredential,
  type TokenCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import type { Identity } from './identity.ts';

// What Microsoft Entra expects of a managed identity's token that stands for an application.
const EXCHANGE_SCOPE = 'api://AzureADTokenExchange/.default';

// Entra and the managed identity answer within a second; with the SDK's own tries it takes some more.
const TOKEN_TIMEOUT_MS = 30_000;

/**
 * A credential of `identity`; `isKnownAuthority` as in the configuration. Makes no call. A token is waited for at most
 * 30 seconds, and not beyond an abort.
 */
export const toCredential = (identity: Identity, authority: Authority): TokenCredential =>
  bounded(credentialOf(identity, authority), TOKEN_TIMEOUT_MS);

/** Microsoft Entra's host, and whether it is one of Microsoft's own. */
interface Authority {
  readonly authority: string;
  readonly isKnownAuthority: boolean;
}

function credentialOf(identity: Identity, { authority, isKnownAuthority }: Authority): TokenCredential {
  const options = { authorityHost: authority, disableInstanceDiscovery: !isKnownAuthority };
  if (identity.kind === 'managed') return managed(identity.clientId);
  const { tenantId, clientId } = identity;
  if (identity.kind === 'secret') return new ClientSecretCredential(tenantId, clientId, identity.secret, options);
  if (identity.kind === 'federated') {
    const own = managed(identity.managedClientId);
    const assertion = async (): Promise<string> => {
      const token = await own.getToken(EXCHANGE_SCOPE);
      return token.token;
    };
    return new ClientAssertionCredential(tenantId, clientId, assertion, options);
  }
  return identity.kind === 'certificate'
    ? new ClientCertificateCredential(tenantId, clientId, identity.path, options)
    : new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath: identity.path, ...options });
}

const managed = (clientId: string | undefined): ManagedIdentityCredential =>
  clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });

/**
 * The credentials of the SDK have no timeout, and not all of them heed an abort: one request that hangs would hold every
 * later one, because it is waited for together.
 */
export function bounded(credential: TokenCredential, timeoutMs: number): TokenCredential {
  return {
    getToken: (scopes, options) =>
      new Promise((resolve, reject) => {
        const { abortSignal } = options ?? {};
        const fail = (message: string) => (): void => {
          const what = `${[scopes].flat().join(' ')}: ${message}`;
          reject(new CredentialUnavailableError(`no token for ${what}`));
        };
        const onAbort = fail('it was no longer waited for');
        const seconds = Math.ceil(timeoutMs / 1000);
        const timer = setTimeout(
          fail(`no answer in ${seconds} s: check the way to Microsoft Entra or the managed identity`),
          timeoutMs,
        );
        abortSignal?.addEventListener('abort', onAbort);
        if (abortSignal?.aborted === true) onAbort();
        credential
          .getToken(scopes, options)
          .then(resolve, reject)
          .finally(() => {
            clearTimeout(timer);
            abortSignal?.removeEventListener('abort', onAbort);
          });
      }),
  };
}
