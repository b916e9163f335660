/** The environment of the collector's container: pure, and in the collector's own names. */
import type { SettingName } from '../collector/settings.ts';
import { storageExportUrl } from './storage-exports.ts';
import type { PseudonymPlan, Reading } from './types.ts';

/** How the collector proves who it is to the tenant; clientId is an application's. */
export type SourceCredential<Text> =
  | { readonly kind: 'managed-identity' }
  | { readonly kind: 'secret' | 'certificate' | 'federated'; readonly clientId: Text | string };

/** What the variables tell; `Text` is what Azure gives when it creates a resource. */
export interface CollectorFacts<Text> {
  /** Tenant to collect from (GUID). */
  readonly tenantId: string;
  readonly cloud: string;
  readonly reading: Reading;
  readonly pollSeconds: number;
  readonly contentFields: string;
  readonly credential: SourceCredential<Text>;
  /** Client id of the managed identity. */
  readonly identityClientId: Text;
  /** Origin of the data collection endpoint. */
  readonly ingestionUrl: Text;
  readonly ruleId: Text;
  readonly stateUrl: Text;
  /** Absent: no raw copies are kept. */
  readonly archiveUrl?: Text | undefined;
  /** Absent: names are kept. */
  readonly pseudonymize?: PseudonymPlan | undefined;
}

/** An environment variable: a value, or the one secret that the credential needs. */
export type Variable<Text> =
  | { readonly name: SettingName; readonly value: Text | string }
  | { readonly name: SettingName; readonly secret: 'client-secret' | 'pseudonym-key' };

/** Port of /healthz, /readyz and /metrics in the container. */
export const HEALTH_PORT = 8080;

/** Directory that a certificate is mounted in, and its file. */
export const CERTIFICATE = { directory: '/mnt/credential', file: 'certificate.pem' } as const;

/** Every variable of the container, each once, in the order of `collector/settings.ts` where it has one. */
export function collectorEnvironment<Text>(facts: CollectorFacts<Text>): readonly Variable<Text>[] {
  return [
    { name: 'TENANT_ID', value: facts.tenantId },
    { name: 'CLOUD', value: facts.cloud },
    { name: 'SOURCES', value: facts.reading.sources.join(',') },
    { name: 'POLL_SECONDS', value: String(facts.pollSeconds) },
    // An empty variable would count as one that is not set.
    { name: 'ENRICH', value: facts.reading.enrich.join(',') || 'none' },
    ...listed<Text>('LICENSE_PLAN_IDS', facts.reading.licensePlanIds),
    ...listed<Text>('LICENSE_PLAN_NAMES', facts.reading.licensePlanNames),
    ...listed<Text>('USAGE_PERIODS', facts.reading.usagePeriods),
    ...exportVariables<Text>(facts),
    { name: 'INGESTION_URL', value: facts.ingestionUrl },
    { name: 'DCR_IMMUTABLE_ID', value: facts.ruleId },
    { name: 'STATE_URL', value: facts.stateUrl },
    ...(facts.archiveUrl === undefined ? [] : [{ name: 'ARCHIVE_URL', value: facts.archiveUrl } as const]),
    { name: 'HEALTH_PORT', value: String(HEALTH_PORT) },
    // The platform probes from outside of the container.
    { name: 'HEALTH_HOST', value: '0.0.0.0' },
    { name: 'CONTENT_FIELDS', value: facts.contentFields },
    ...pseudonymVariables<Text>(facts),
    // Rows and state are always written as the managed identity, whoever reads Microsoft 365.
    { name: 'AZURE_CLIENT_ID', value: facts.identityClientId },
    ...sourceVariables<Text>(facts.credential),
  ];
}

/** Read with the same identity that writes rows and state: Blob Storage is Azure's. */
const exportVariables = <Text>({ reading, cloud }: CollectorFacts<Text>): readonly Variable<Text>[] =>
  reading.storageExports === undefined
    ? []
    : [{ name: 'STORAGE_EXPORT_URL', value: storageExportUrl(reading.storageExports, cloud) }];

const pseudonymVariables = <Text>({ pseudonymize }: CollectorFacts<Text>): readonly Variable<Text>[] =>
  pseudonymize === undefined
    ? []
    : [
        { name: 'PSEUDONYMIZE', value: pseudonymize.what.join(',') },
        { name: 'PSEUDONYM_KEY', secret: 'pseudonym-key' },
      ];

/** A list that configuration has; without it the collector's default holds. */
const listed = <Text>(name: SettingName, values: readonly string[] | undefined): readonly Variable<Text>[] =>
  values === undefined ? [] : [{ name, value: values.join(',') }];

function sourceVariables<Text>(credential: SourceCredential<Text>): readonly Variable<Text>[] {
  if (credential.kind === 'managed-identity') return [];
  return [{ name: 'SOURCE_CLIENT_ID', value: credential.clientId }, proofs[credential.kind]];
}

const proofs = {
  secret: { name: 'SOURCE_CLIENT_SECRET', secret: 'client-secret' },
  certificate: { name: 'SOURCE_CLIENT_CERTIFICATE_PATH', value: `${CERTIFICATE.directory}/${CERTIFICATE.file}` },
  federated: { name: 'SOURCE_FEDERATED', value: 'managed-identity' },
} as const;
