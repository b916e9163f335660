import { z } from 'zod';
import { clouds, isGlobalCloud, isKnownAuthority, toIngestionAudience } from './clouds.ts';
import type { EnricherName } from './enrich/facts.ts';
import { type Identity, identityProblems, toIdentities } from './identity.ts';
import {
  enrichers,
  exportAddresses,
  guid,
  headers,
  list,
  oneOf,
  origin,
  path,
  pseudonymize,
  pseudonymKeyBytes,
  receiver,
  recordTypes,
  rowsPlace,
  RULE_ID,
  shown,
  statePlace,
  whole,
} from './setting-types.ts';
import type { Pseudonymized } from './pseudonyms/pseudonym-key.ts';
import { settings, type SettingName } from './settings.ts';
import type { ExportAddress } from './sources/storage-export/address.ts';
import { type ExportFormat, exportFormats } from './sources/storage-export/formats.ts';

const SOURCES = ['activity-feed', 'audit-query', 'storage-export', 'usage-report'] as const;
const PERIODS = ['D7', 'D28', 'D30', 'D90', 'D180', 'ALL'] as const;

/** Where rows go: the directory of a file sink, or a data collection endpoint (origin) and the rule behind it. */
export type RowsTarget =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'endpoint'; readonly url: string; readonly ruleId: string; readonly audience: string };

/** Where the state is kept: a directory, or a container in Blob Storage, with or without a prefix. */
export type StatePlace =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'container'; readonly url: string };

/** What the collector was told to do, checked whole. */
export interface Config {
  readonly tenantId: string | undefined;
  readonly sources: readonly (typeof SOURCES)[number][];
  readonly pollSeconds: number;
  readonly publisherId: string | undefined;
  readonly requestsPerMinute: number;
  /** Origin of Microsoft Graph, scope of its tokens (the cloud's own host) and sub-requests per minute. */
  readonly graph: { readonly url: string; readonly scope: string; readonly requestsPerMinute: number };
  /** Empty for a command that does not read the tenant. */
  readonly enrichers: ReadonlySet<EnricherName>;
  readonly enrichWaitMs: number;
  readonly enrichCacheMax: number;
  readonly entitiesMax: number;
  /** Service plans that make a user licensed; names may hold `*`. */
  readonly licensePlans: { readonly ids: readonly string[]; readonly names: readonly string[] };
  readonly usage: { readonly periods: readonly (typeof PERIODS)[number][]; readonly version: 'v1' | 'v2' };
  /** Exports in storage accounts. */
  readonly exports: {
    readonly addresses: readonly ExportAddress[];
    readonly format: ExportFormat;
    readonly keepDays: number;
  };
  readonly fetchConcurrency: number;
  /** Origin of the Management Activity API. */
  readonly feedUrl: string;
  /** Scope of its tokens: the cloud's own host, even when the calls go elsewhere. */
  readonly feedScope: string;
  readonly rows: RowsTarget;
  readonly state: StatePlace;
  /** Where raw copies of selected records go; none are kept without. */
  readonly archive: StatePlace | undefined;
  readonly healthPort: number;
  readonly healthHost: string;
  readonly contentFields: 'drop' | 'keep';
  readonly otherTenants: 'skip' | 'keep';
  readonly recordTypes: ReadonlyMap<number, string>;
  readonly seenIdsMax: number;
  /** Tokens in place of people; undefined where names are kept. */
  readonly pseudonyms: { readonly key: Buffer; readonly what: ReadonlySet<Pseudonymized> } | undefined;
  /** Microsoft Entra's host, for both identities. */
  readonly authority: string;
  /** False for an authority that is none of Microsoft's own: it cannot be looked up there. */
  readonly isKnownAuthority: boolean;
  /** Writes to Azure: rows and state. */
  readonly azureIdentity: Identity;
  /** Reads Microsoft 365. */
  readonly sourceIdentity: Identity;
  /** Where metrics are sent over OTLP, if anywhere. */
  readonly otlp: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | undefined;
}

/** Every problem of the configuration at once; the message lists them, one per line, with the remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const environment = z.object({
  TENANT_ID: guid.optional(),
  CLOUD: oneOf(['commercial', 'gcc', 'gcc-high', 'dod']),
  SOURCES: list.pipe(z.array(oneOf(SOURCES)).min(1, 'must name at least one source')),
  POLL_SECONDS: whole(1, 86_400),
  PUBLISHER_ID: guid.optional(),
  REQUESTS_PER_MINUTE: whole(1, 100_000_000),
  FETCH_CONCURRENCY: whole(1, 64),
  ACTIVITY_FEED_URL: origin.optional(),
  GRAPH_URL: origin.optional(),
  // Below 20 a batch would never be whole.
  GRAPH_REQUESTS_PER_MINUTE: whole(20, 1_000_000),
  ENRICH: enrichers,
  // A batch that waits must not outlast the time that a container has to end.
  ENRICH_WAIT_MS: whole(0, 10_000),
  ENRICH_CACHE_MAX: whole(100, 2_000_000),
  ENTITIES_MAX: whole(1000, 5_000_000),
  LICENSE_PLAN_IDS: list.pipe(z.array(guid)),
  LICENSE_PLAN_NAMES: list.default([]),
  USAGE_PERIODS: list.pipe(z.array(oneOf(PERIODS)).min(1, 'must name a period')),
  USAGE_VERSION: oneOf(['v1', 'v2']),
  STORAGE_EXPORT_URL: exportAddresses.optional(),
  STORAGE_EXPORT_FORMAT: oneOf(exportFormats),
  STORAGE_EXPORT_DAYS: whole(1, 3650),
  INGESTION_URL: rowsPlace,
  DCR_IMMUTABLE_ID: z
    .string()
    .regex(RULE_ID, 'must be dcr- and 32 hex digits: it is properties.immutableId of the data collection rule')
    .optional(),
  INGESTION_AUDIENCE: origin.optional(),
  STATE_URL: statePlace.optional(),
  ARCHIVE_URL: statePlace.optional(),
  HEALTH_PORT: whole(0, 65_535),
  HEALTH_HOST: z.string(),
  CONTENT_FIELDS: oneOf(['drop', 'keep']),
  OTHER_TENANTS: oneOf(['skip', 'keep']),
  PSEUDONYMIZE: pseudonymize,
  PSEUDONYM_KEY: pseudonymKeyBytes.optional(),
  RECORD_TYPES: recordTypes,
  SEEN_IDS_MAX: whole(10_000, 50_000_000),
  AZURE_TENANT_ID: guid.optional(),
  AZURE_CLIENT_ID: z.string().optional(),
  AZURE_CLIENT_SECRET: z.string().optional(),
  AZURE_CLIENT_CERTIFICATE_PATH: path.optional(),
  AZURE_FEDERATED_TOKEN_FILE: path.optional(),
  SOURCE_CLIENT_ID: z.string().optional(),
  SOURCE_CLIENT_SECRET: z.string().optional(),
  SOURCE_CLIENT_CERTIFICATE_PATH: path.optional(),
  SOURCE_FEDERATED: oneOf(['managed-identity']).optional(),
  AZURE_AUTHORITY_HOST: origin.optional(),
  IDENTITY_ENDPOINT: z.string().optional(),
  IDENTITY_HEADER: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headers.optional(),
}) satisfies z.ZodType<unknown, Partial<Record<SettingName, string | undefined>>>;

/** What a command needs beyond valid values. */
export type Need = 'tenant' | 'rows' | 'archive';

/** Reads the configuration from environment variables; throws a ConfigError that lists every problem. */
export function toConfig(env: Readonly<Record<string, string | undefined>>, needs: ReadonlySet<Need>): Config {
  const given: Partial<Record<SettingName, string>> = {};
  for (const setting of settings) {
    // Container platforms pass unset variables as empty strings.
    const value = env[setting.name]?.trim() || ('default' in setting ? setting.default : undefined);
    if (value !== undefined) given[setting.name] = value;
  }
  const problems: string[] = [];
  const parsed = environment.safeParse(needs.has('rows') ? given : { INGESTION_URL: '.', ...given });
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0]);
      const setting = settings.find((one) => one.name === name);
      const value = given[setting?.name ?? 'CLOUD'];
      const isSecret = setting !== undefined && 'isSecret' in setting;
      problems.push(
        value === undefined || setting === undefined
          ? `${name} is missing: ${setting?.meaning ?? ''}`
          : `${name}=${isSecret ? '(secret)' : shown(value)} ${issue.message}`,
      );
    }
  }
  if (needs.has('tenant') && given.TENANT_ID === undefined)
    problems.push('TENANT_ID is missing: the tenant to collect from (GUID)');
  if (parsed.success && !isGlobalCloud(parsed.data.CLOUD)) problems.push(...globalOnly(parsed.data, env));
  const isRemote = (url: string | undefined): boolean => url?.startsWith('https:') === true;
  if (needs.has('rows') && isRemote(given.INGESTION_URL) && given.DCR_IMMUTABLE_ID === undefined)
    problems.push('DCR_IMMUTABLE_ID is missing: the data collection rule behind INGESTION_URL');
  const readsExports = needs.has('tenant') && parsed.data?.SOURCES.includes('storage-export') === true;
  if (readsExports && (parsed.data?.STORAGE_EXPORT_URL ?? []).length === 0)
    problems.push(
      'STORAGE_EXPORT_URL is missing: SOURCES names storage-export, so name the storage account, the container or the folder that it reads',
    );
  if (needs.has('archive') && given.ARCHIVE_URL === undefined)
    problems.push('ARCHIVE_URL is missing: the archive that is to be read, file:///dir or https://account/container');
  const isInAzure =
    (needs.has('rows') && [given.INGESTION_URL, given.STATE_URL, given.ARCHIVE_URL].some(isRemote)) ||
    (needs.has('archive') && isRemote(given.ARCHIVE_URL));
  const usesAzure = isInAzure || readsExports;
  problems.push(...identityProblems(given, { readsSource: needs.has('tenant'), usesAzure }));
  if (parsed.success) problems.push(...pseudonymProblems(parsed.data));
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(
      `cannot start, ${problems.length} problem(s) in the environment:\n${problems.map((one) => `- ${one}`).join('\n')}`,
    );
  }
  const values = parsed.data;
  const cloud = clouds[values.CLOUD];
  const authority = values.AZURE_AUTHORITY_HOST ?? cloud.authority;
  const { INGESTION_URL: rows } = values;
  return {
    tenantId: values.TENANT_ID?.toLowerCase(),
    sources: values.SOURCES,
    pollSeconds: values.POLL_SECONDS,
    publisherId: values.PUBLISHER_ID ?? values.TENANT_ID,
    requestsPerMinute: values.REQUESTS_PER_MINUTE,
    graph: {
      url: values.GRAPH_URL ?? cloud.graph,
      scope: `${cloud.graph}/.default`,
      requestsPerMinute: values.GRAPH_REQUESTS_PER_MINUTE,
    },
    enrichers: needs.has('tenant') ? withoutGlobal(values) : new Set(),
    enrichWaitMs: values.ENRICH_WAIT_MS,
    enrichCacheMax: values.ENRICH_CACHE_MAX,
    entitiesMax: values.ENTITIES_MAX,
    licensePlans: { ids: values.LICENSE_PLAN_IDS, names: values.LICENSE_PLAN_NAMES },
    usage: { periods: values.USAGE_PERIODS, version: values.USAGE_VERSION },
    exports: {
      addresses: values.SOURCES.includes('storage-export') ? (values.STORAGE_EXPORT_URL ?? []) : [],
      format: values.STORAGE_EXPORT_FORMAT,
      keepDays: values.STORAGE_EXPORT_DAYS,
    },
    fetchConcurrency: values.FETCH_CONCURRENCY,
    feedUrl: values.ACTIVITY_FEED_URL ?? cloud.feed,
    feedScope: `${cloud.feed}/.default`,
    rows:
      rows.kind === 'directory'
        ? rows
        : {
            ...rows,
            ruleId: values.DCR_IMMUTABLE_ID ?? '',
            audience: values.INGESTION_AUDIENCE ?? toIngestionAudience(rows.url),
          },
    archive: values.ARCHIVE_URL,
    state: values.STATE_URL ?? { kind: 'directory', path: '.state' },
    healthPort: values.HEALTH_PORT,
    healthHost: values.HEALTH_HOST,
    contentFields: values.CONTENT_FIELDS,
    otherTenants: values.OTHER_TENANTS,
    recordTypes: values.RECORD_TYPES,
    seenIdsMax: values.SEEN_IDS_MAX,
    pseudonyms:
      values.PSEUDONYM_KEY === undefined
        ? undefined
        : { key: values.PSEUDONYM_KEY, what: new Set(values.PSEUDONYMIZE) },
    authority,
    isKnownAuthority: isKnownAuthority(authority),
    ...toIdentities(values),
    otlp:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : { url: toMetricsUrl(values.OTEL_EXPORTER_OTLP_ENDPOINT), headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {} },
  };
}

type Values = z.infer<typeof environment>;

/** What was asked for by name and is not offered in a national cloud. */
function globalOnly({ CLOUD, SOURCES: named }: Values, env: Readonly<Record<string, string | undefined>>): string[] {
  const problems: string[] = [];
  if (named.includes('usage-report'))
    problems.push(
      `SOURCES=${named.join(',')}: usage reports exist in the global cloud only, not in ${CLOUD}: leave usage-report out`,
    );
  if (/\bagents\b/.test(env['ENRICH'] ?? ''))
    problems.push(
      `ENRICH=${env['ENRICH'] ?? ''}: the package catalogue exists in the global cloud only, not in ${CLOUD}: leave agents out`,
    );
  return problems;
}

/** A key that nothing uses is told as well: whoever set it believes that names are replaced. */
function pseudonymProblems({ PSEUDONYMIZE: what, PSEUDONYM_KEY: key }: Values): string[] {
  if (what.length > 0 && key === undefined)
    return [
      `PSEUDONYM_KEY is missing: PSEUDONYMIZE=${what.join(',')} needs a key of at least 32 random bytes in base64 (openssl rand -base64 32), kept in a vault`,
    ];
  if (what.length === 0 && key !== undefined)
    return [
      'PSEUDONYM_KEY is set, and PSEUDONYMIZE is none: names would be stored as they are: set PSEUDONYMIZE=users, or remove the key',
    ];
  return [];
}

const withoutGlobal = ({ CLOUD, ENRICH }: Values): ReadonlySet<EnricherName> =>
  new Set(isGlobalCloud(CLOUD) ? ENRICH : ENRICH.filter((name) => name !== 'agents'));

// OpenTelemetry: the variable without METRICS in its name is a base to which the signal's path is added.
const toMetricsUrl = (endpoint: string): string => `${endpoint.replace(/\/+$/, '')}/v1/metrics`;
