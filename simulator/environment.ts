/** Environment variables that point a client at the simulator, one set for each way to sign in. */

/** Names and values. */
export type Environment = Readonly<Record<string, string>>;

/** What the variables name. */
export interface Places {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly sourceClientId: string;
  readonly sourceClientSecret: string;
  readonly url: string;
  readonly ingestionUrl: string;
  readonly graphUrl: string;
  readonly immutableId: string;
  readonly identityUrl: string;
  readonly identitySecret: string;
  readonly caPath: string;
  readonly certificatePath: string;
  readonly federatedTokenPath: string;
}

/** The sets of variables. */
export interface Environments {
  /** With the client secret. */
  readonly env: Environment;
  readonly managedIdentityEnv: Environment;
  readonly certificateEnv: Environment;
  readonly federatedEnv: Environment;
  readonly splitEnv: Environment;
  readonly ingestionEnv: Environment;
}

/** Every set for one simulator. */
export function environments(places: Places): Environments {
  const base = {
    TENANT_ID: places.tenantId,
    ACTIVITY_FEED_URL: places.url,
    GRAPH_URL: places.graphUrl,
    AZURE_AUTHORITY_HOST: places.url,
    NODE_EXTRA_CA_CERTS: places.caPath,
    AZURE_CLIENT_ID: places.clientId,
  };
  const application = { ...base, AZURE_TENANT_ID: places.tenantId };
  const identity = { ...base, IDENTITY_ENDPOINT: places.identityUrl, IDENTITY_HEADER: places.identitySecret };
  return {
    env: { ...application, AZURE_CLIENT_SECRET: places.clientSecret },
    managedIdentityEnv: identity,
    certificateEnv: { ...application, AZURE_CLIENT_CERTIFICATE_PATH: places.certificatePath },
    federatedEnv: { ...application, AZURE_FEDERATED_TOKEN_FILE: places.federatedTokenPath },
    splitEnv: {
      ...identity,
      SOURCE_CLIENT_ID: places.sourceClientId,
      SOURCE_CLIENT_SECRET: places.sourceClientSecret,
    },
    ingestionEnv: { INGESTION_URL: places.ingestionUrl, DCR_IMMUTABLE_ID: places.immutableId },
  };
}
