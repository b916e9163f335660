/** Every setting of the collector: name, meaning, default. Data, so that deployment and documentation derive from it. */

/** One environment variable. */
export interface Setting {
  readonly name: string;
  readonly meaning: string;
  /** Absent where there is none. */
  readonly default?: string;
  readonly isSecret?: true;
}

export const settings = [
  { name: 'TENANT_ID', meaning: 'Tenant to collect from (GUID); not needed by import into a file sink' },
  { name: 'CLOUD', meaning: 'National cloud: commercial, gcc, gcc-high or dod', default: 'commercial' },
  {
    name: 'SOURCES',
    meaning: 'Sources to read, separated by commas: activity-feed, audit-query, storage-export, usage-report',
    default: 'activity-feed',
  },
  { name: 'POLL_SECONDS', meaning: 'Pause between two passes of run, in seconds', default: '300' },
  { name: 'PUBLISHER_ID', meaning: 'PublisherIdentifier of every call (GUID); default: TENANT_ID' },
  { name: 'REQUESTS_PER_MINUTE', meaning: 'Budget for calls to the activity feed', default: '1000' },
  { name: 'FETCH_CONCURRENCY', meaning: 'Content blobs fetched at once', default: '16' },
  { name: 'ACTIVITY_FEED_URL', meaning: 'Host of the Management Activity API; default: by CLOUD' },
  { name: 'GRAPH_URL', meaning: 'Host of Microsoft Graph; default: by CLOUD' },
  {
    name: 'GRAPH_REQUESTS_PER_MINUTE',
    meaning: 'Budget for requests to Microsoft Graph, each request of a batch counted',
    default: '6000',
  },
  {
    name: 'ENRICH',
    meaning:
      'What is looked up in Microsoft Graph, separated by commas: users, labels, agents, files, meetings; none: nothing is. Each needs its permission',
    default: 'users,labels,agents',
  },
  { name: 'ENRICH_WAIT_MS', meaning: 'Milliseconds that a batch of rows waits for look-ups', default: '2000' },
  { name: 'ENRICH_CACHE_MAX', meaning: 'Users, and as many files, whose facts are remembered', default: '50000' },
  {
    name: 'ENTITIES_MAX',
    meaning: 'Users, agents, labels, sites, files and meetings whose first-seen time is remembered',
    default: '200000',
  },
  {
    name: 'LICENSE_PLAN_IDS',
    meaning: 'Service plans (GUIDs, separated by commas) that make a user licensed for Microsoft 365 Copilot',
    default: '3f30311c-6b1e-48a4-ab79-725b469da960',
  },
  {
    name: 'LICENSE_PLAN_NAMES',
    meaning: 'Names of further such service plans, * for any text; needs LicenseAssignment.Read.All',
    default: '',
  },
  {
    name: 'USAGE_PERIODS',
    meaning: 'Periods of usage reports, separated by commas: D7, D28 (v2) or D30 (v1), D90, D180, ALL',
    default: 'D7,D30',
  },
  {
    name: 'USAGE_VERSION',
    meaning: 'Version of usage reports to ask for: v2 (v1 where it is refused) or v1',
    default: 'v2',
  },
  {
    name: 'STORAGE_EXPORT_URL',
    meaning:
      'Where exports lie, separated by commas: https://account.blob.core.windows.net (containers of known producers), a container or a folder in one; required with storage-export',
  },
  {
    name: 'STORAGE_EXPORT_FORMAT',
    meaning: 'Rows that are expected there: auto, cloud-app-events, copilot-activity or audit-data',
    default: 'auto',
  },
  { name: 'STORAGE_EXPORT_DAYS', meaning: 'Days since its last change for which a blob is read', default: '30' },
  { name: 'INGESTION_URL', meaning: 'Where rows go: https://host of the data collection endpoint, or file:///dir' },
  {
    name: 'DCR_IMMUTABLE_ID',
    meaning: 'Data collection rule with the streams Custom-<Table>, as dcr- and 32 hex digits; required with https',
  },
  { name: 'INGESTION_AUDIENCE', meaning: 'Audience of tokens for the endpoint; default: by its host' },
  {
    name: 'STATE_URL',
    meaning: 'Where the state is kept: https://account/container of Blob Storage, or file:///dir; default: ./.state',
  },
  {
    name: 'ARCHIVE_URL',
    meaning:
      'Where a raw copy of every selected record goes: https://account/container of Blob Storage, or file:///dir; unset: no copies',
  },
  { name: 'HEALTH_PORT', meaning: 'Port of /healthz, /readyz and /metrics; 0 is off', default: '8080' },
  { name: 'HEALTH_HOST', meaning: 'Address they listen on', default: '127.0.0.1' },
  {
    name: 'CONTENT_FIELDS',
    meaning: 'What becomes of prompt text and unknown text-like fields: drop or keep',
    default: 'drop',
  },
  {
    name: 'PSEUDONYMIZE',
    meaning:
      'What is replaced by keyed tokens, separated by commas: users (names, ids and keys of people), addresses (IP addresses of clients); none: nothing is',
    default: 'none',
  },
  {
    name: 'PSEUDONYM_KEY',
    meaning: 'Key of the tokens: at least 32 random bytes in base64, from a vault; needed by PSEUDONYMIZE',
    isSecret: true,
  },
  {
    name: 'OTHER_TENANTS',
    meaning:
      'What becomes of records in files and containers whose OrganizationId is not TENANT_ID: skip (counted and told) or keep',
    default: 'skip',
  },
  { name: 'RECORD_TYPES', meaning: 'Further record types to select, as number=Name, separated by commas', default: '' },
  { name: 'SEEN_IDS_MAX', meaning: 'Record ids held in memory for de-duplication', default: '5000000' },
  {
    name: 'AZURE_CLIENT_ID',
    meaning:
      'Application or user-assigned managed identity that writes to Azure and reads storage-export, and reads Microsoft 365 unless SOURCE_CLIENT_ID is set',
  },
  { name: 'AZURE_TENANT_ID', meaning: 'Tenant of the Azure resources; default: TENANT_ID' },
  { name: 'AZURE_CLIENT_SECRET', meaning: 'Secret of the application', isSecret: true },
  { name: 'AZURE_CLIENT_CERTIFICATE_PATH', meaning: 'PEM file with certificate and private key of the application' },
  { name: 'AZURE_FEDERATED_TOKEN_FILE', meaning: 'File with a token that the application trusts (workload identity)' },
  {
    name: 'SOURCE_CLIENT_ID',
    meaning: 'Another application, registered in or consented to by TENANT_ID, that reads Microsoft 365',
  },
  { name: 'SOURCE_CLIENT_SECRET', meaning: 'Secret of that application', isSecret: true },
  { name: 'SOURCE_CLIENT_CERTIFICATE_PATH', meaning: 'PEM file with certificate and private key of that application' },
  {
    name: 'SOURCE_FEDERATED',
    meaning: 'Value managed-identity: that application trusts tokens of the managed identity (federated credential)',
  },
  { name: 'AZURE_AUTHORITY_HOST', meaning: 'Microsoft Entra authority; default: by CLOUD' },
  { name: 'IDENTITY_ENDPOINT', meaning: 'Managed identity endpoint; Azure sets it' },
  { name: 'IDENTITY_HEADER', meaning: 'Header value for the managed identity endpoint; Azure sets it', isSecret: true },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    meaning: 'OpenTelemetry collector that metrics are sent to over OTLP (http/protobuf); unset: none',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    meaning: 'Headers for it, as name=value, separated by commas',
    isSecret: true,
  },
] as const satisfies readonly Setting[];

/** Name of a setting. */
export type SettingName = (typeof settings)[number]['name'];
