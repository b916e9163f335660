import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Identity, identityProblems, toIdentities } from './identity.ts';
import { settings, type SettingName } from './settings.ts';

/** Hosts of one national cloud. Management hosts are token audiences at the same time. */
const CLOUDS = {
  commercial: { feed: 'https://manage.office.com', authority: 'https://login.microsoftonline.com' },
  gcc: { feed: 'https://manage-gcc.office.com', authority: 'https://login.microsoftonline.com' },
  'gcc-high': { feed: 'https://manage.office365.us', authority: 'https://login.microsoftonline.us' },
  dod: { feed: 'https://manage.protection.apps.mil', authority: 'https://login.microsoftonline.us' },
} as const;

const SOURCES = ['activity-feed'] as const;

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
  readonly fetchConcurrency: number;
  /** Origin of the Management Activity API. */
  readonly feedUrl: string;
  /** Scope of its tokens: the cloud's own host, even when the calls go elsewhere. */
  readonly feedScope: string;
  readonly rows: RowsTarget;
  readonly state: StatePlace;
  readonly healthPort: number;
  readonly healthHost: string;
  readonly contentFields: 'drop' | 'keep';
  readonly recordTypes: ReadonlyMap<number, string>;
  readonly seenIdsMax: number;
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

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const RULE_ID = /^dcr-[0-9a-f]{32}$/;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const guid = z.string().regex(GUID, 'must be a GUID, for example 00000000-0000-4000-8000-000000000001');
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);
const path = z.string().refine(isAbsolute, 'must be an absolute path');
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
/** A directory, or what `toRemote` makes of an https URL; `form` says what that must look like. */
const place = <T>(form: string, toRemote: (url: URL) => T | undefined) =>
  z.string().transform((value, context): T | { readonly kind: 'directory'; readonly path: string } => {
    if (!value.includes('://')) return { kind: 'directory', path: value };
    const url = URL.parse(value);
    if (url?.protocol === 'file:' && url.host === '') return { kind: 'directory', path: fileURLToPath(url) };
    // Azure's libraries send no token over plain http, not even on this machine.
    const remote = url?.protocol === 'https:' && url.search === '' && url.username === '' ? toRemote(url) : undefined;
    if (remote !== undefined) return remote;
    context.addIssue({ code: 'custom', message: `must be file:///directory or ${form}` });
    return z.NEVER;
  });
const rowsPlace = place('https://host of the data collection endpoint, without a path', (url) =>
  url.pathname === '/' ? { kind: 'endpoint' as const, url: url.origin } : undefined,
);
const statePlace = place('https://account.blob.core.windows.net/container', ({ origin: host, pathname }) =>
  /[^/]/.test(pathname) ? { kind: 'container' as const, url: `${host}${pathname.replace(/\/+$/, '')}` } : undefined,
);
const headers = z.string().transform((value, context) => {
  const found: Record<string, string> = {};
  for (const item of value.split(',').filter((one) => one.trim() !== '')) {
    const [, name, text] = /^\s*([^=\s]+)\s*=(.*)$/.exec(item) ?? [];
    if (name === undefined || text === undefined) {
      context.addIssue({ code: 'custom', message: 'must be name=value, separated by commas' });
      return z.NEVER;
    }
    found[name] = decodeURIComponent(text.trim());
  }
  return found;
});
/** An origin over https; plain http only on this machine, where no token can be overheard. */
const origin = z.string().transform((value, context) => {
  const url = URL.parse(value);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url !== null && isSafe && url.pathname === '/' && url.search === '') return url.origin;
  context.addIssue({ code: 'custom', message: 'must be https://host without a path: a bearer token goes there' });
  return z.NEVER;
});
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const recordTypes = list.transform((items, context) => {
  const types = new Map<number, string>();
  for (const item of items) {
    const [, code, name] = /^(\d{1,9})=([A-Za-z]\w*)$/.exec(item) ?? [];
    if (code === undefined || name === undefined) {
      context.addIssue({ code: 'custom', message: `has "${item}", which is not number=Name` });
      return z.NEVER;
    }
    types.set(Number(code), name);
  }
  return types;
});

const environment = z.object({
  TENANT_ID: guid.optional(),
  CLOUD: oneOf(['commercial', 'gcc', 'gcc-high', 'dod']),
  SOURCES: list.pipe(z.array(oneOf(SOURCES)).min(1, 'must name at least one source')),
  POLL_SECONDS: whole(1, 86_400),
  PUBLISHER_ID: guid.optional(),
  REQUESTS_PER_MINUTE: whole(1, 100_000_000),
  FETCH_CONCURRENCY: whole(1, 64),
  ACTIVITY_FEED_URL: origin.optional(),
  INGESTION_URL: rowsPlace,
  DCR_IMMUTABLE_ID: z
    .string()
    .regex(RULE_ID, 'must be dcr- and 32 hex digits: it is properties.immutableId of the data collection rule')
    .optional(),
  INGESTION_AUDIENCE: origin.optional(),
  STATE_URL: statePlace.optional(),
  HEALTH_PORT: whole(0, 65_535),
  HEALTH_HOST: z.string(),
  CONTENT_FIELDS: oneOf(['drop', 'keep']),
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
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headers.optional(),
}) satisfies z.ZodType<unknown, Partial<Record<SettingName, string | undefined>>>;

/** What a command needs beyond valid values. */
export type Need = 'tenant' | 'rows';

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
      const shown = setting !== undefined && 'isSecret' in setting ? '(secret)' : value;
      problems.push(
        value === undefined || setting === undefined
          ? `${name} is missing: ${setting?.meaning ?? ''}`
          : `${name}=${shown} ${issue.message}`,
      );
    }
  }
  if (needs.has('tenant') && given.TENANT_ID === undefined)
    problems.push('TENANT_ID is missing: the tenant to collect from (GUID)');
  const isRemote = (url: string | undefined): boolean => url?.startsWith('https:') === true;
  if (needs.has('rows') && isRemote(given.INGESTION_URL) && given.DCR_IMMUTABLE_ID === undefined)
    problems.push('DCR_IMMUTABLE_ID is missing: the data collection rule behind INGESTION_URL');
  const isInAzure = needs.has('rows') && [given.INGESTION_URL, given.STATE_URL].some(isRemote);
  problems.push(...identityProblems(given, { readsSource: needs.has('tenant'), writesToAzure: isInAzure }));
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(
      `cannot start, ${problems.length} problem(s) in the environment:\n${problems.map((one) => `- ${one}`).join('\n')}`,
    );
  }
  const values = parsed.data;
  const cloud = CLOUDS[values.CLOUD];
  const authority = values.AZURE_AUTHORITY_HOST ?? cloud.authority;
  const { INGESTION_URL: rows } = values;
  return {
    tenantId: values.TENANT_ID?.toLowerCase(),
    sources: values.SOURCES,
    pollSeconds: values.POLL_SECONDS,
    publisherId: values.PUBLISHER_ID ?? values.TENANT_ID,
    requestsPerMinute: values.REQUESTS_PER_MINUTE,
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
    state: values.STATE_URL ?? { kind: 'directory', path: '.state' },
    healthPort: values.HEALTH_PORT,
    healthHost: values.HEALTH_HOST,
    contentFields: values.CONTENT_FIELDS,
    recordTypes: values.RECORD_TYPES,
    seenIdsMax: values.SEEN_IDS_MAX,
    authority,
    isKnownAuthority: Object.values(CLOUDS).some((known) => known.authority === authority),
    ...toIdentities(values),
    otlp:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? undefined
        : { url: toMetricsUrl(values.OTEL_EXPORTER_OTLP_ENDPOINT), headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {} },
  };
}

// Token audiences of the Logs Ingestion API by cloud; the endpoint's domain tells the cloud.
function toIngestionAudience(url: string): string {
  const { hostname } = new URL(url);
  if (hostname.endsWith('.azure.us')) return 'https://monitor.azure.us';
  return hostname.endsWith('.azure.cn') ? 'https://monitor.azure.cn' : 'https://monitor.azure.com';
}

// OpenTelemetry: the variable without METRICS in its name is a base to which the signal's path is added.
const toMetricsUrl = (endpoint: string): string => `${endpoint.replace(/\/+$/, '')}/v1/metrics`;
