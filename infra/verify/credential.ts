/** Who looks at the deployment. */
import {
  AzureCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  EnvironmentCredential,
  type TokenCredential,
} from '@azure/identity';

// The Azure CLI takes some seconds to start; more means that it waits for somebody.
const PROCESS_MS = 30_000;

const AUTHORITIES = {
  public: 'https://login.microsoftonline.com',
  usgovernment: 'https://login.microsoftonline.us',
} as const;

/** The Azure CLI's sign-in for the subscription, else AZURE_CLIENT_ID and its like, else Azure PowerShell's. */
export const credentialFor = (subscriptionId: string, environment: keyof typeof AUTHORITIES): TokenCredential =>
  new ChainedTokenCredential(
    // The subscription decides for which tenant the CLI gives a token.
    new AzureCliCredential({ subscription: subscriptionId, processTimeoutInMs: PROCESS_MS }),
    new EnvironmentCredential({ authorityHost: AUTHORITIES[environment] }),
    new AzurePowerShellCredential({ processTimeoutInMs: PROCESS_MS }),
  );
