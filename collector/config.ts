import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { settings, type SettingName } from './settings.ts';

/** Hosts of one national cloud. Management hosts are token audiences at the same time. */
const CLOUDS = {
  commercial: { feed: 'https://manage.office.com', authority: 'https://login.microsoftonline.com' },
  gcc: { feed: 'https://manage-gcc.office.com', authority: 'https://login.microsoftonline.com' },
  'gcc-high': { feed: 'https://manage.office365.us', authority: 'https://login.microsoftonline.us' },
  dod: { feed: 'https://manage.protection.apps.mil', authority: 'https://login.microsoftonline.us' },
} as const;

const SOURCES = ['activity-feed'] as const;

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
  /** Directory of the file sink. */
  readonly rowsDirectory: string;
  readonly stateDirectory: string;
  readonly healthPort: number;
  readonly healthHost: string;
  readonly contentFields: 'drop' | 'keep';
  readonly recordTypes: ReadonlyMap<number, string>;
  readonly seenIdsMax: number;
  readonly credential: {
    readonly authority: string;
    /** False for an authority that is none of Microsoft's own: it cannot be looked up there. */
    readonly isKnownAuthority: boolean;
    readonly tenantId: string | undefined;
    readonly clientId: string | undefined;
    readonly clientSecret: string | undefined;
    readonly certificatePath: string | undefined;
    readonly hasManagedIdentity: boolean;
  };
}

/** Every problem of the configuration at once; the message lists them, one per line, with the remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const guid = z.string().regex(GUID, 'must be a GUID, for example 00000000-0000-4000-8000-000000000001');
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
const directory = z.string().transform((value, context) => {
  if (!value.includes('://')) return value;
  try {
    return fileURLToPath(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be file:///directory: no other place is supported' });
    return z.NEVER;
  }
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
  INGESTION_URL: directory,
  STATE_URL: directory.optional(),
  HEALTH_PORT: whole(0, 65_535),
  HEALTH_HOST: z.string(),
  CONTENT_FIELDS: oneOf(['drop', 'keep']),
  RECORD_TYPES: recordTypes,
  SEEN_IDS_MAX: whole(10_000, 50_000_000),
  AZURE_TENANT_ID: guid.optional(),
  AZURE_CLIENT_ID: z.string().optional(),
  AZURE_CLIENT_SECRET: z.string().optional(),
  AZURE_CLIENT_CERTIFICATE_PATH: z.string().optional(),
  AZURE_AUTHORITY_HOST: origin.optional(),
  IDENTITY_ENDPOINT: z.string().optional(),
  IDENTITY_HEADER: z.string().optional(),
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
  if (needs.has('tenant')) problems.push(...identityProblems(given));
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(
      `cannot start, ${problems.length} problem(s) in the environment:\n${problems.map((one) => `- ${one}`).join('\n')}`,
    );
  }
  const values = parsed.data;
  const cloud = CLOUDS[values.CLOUD];
  const authority = values.AZURE_AUTHORITY_HOST ?? cloud.authority;
  return {
    tenantId: values.TENANT_ID?.toLowerCase(),
    sources: values.SOURCES,
    pollSeconds: values.POLL_SECONDS,
    publisherId: values.PUBLISHER_ID ?? values.TENANT_ID,
    requestsPerMinute: values.REQUESTS_PER_MINUTE,
    fetchConcurrency: values.FETCH_CONCURRENCY,
    feedUrl: values.ACTIVITY_FEED_URL ?? cloud.feed,
    feedScope: `${cloud.feed}/.default`,
    rowsDirectory: values.INGESTION_URL,
    stateDirectory: values.STATE_URL ?? '.state',
    healthPort: values.HEALTH_PORT,
    healthHost: values.HEALTH_HOST,
    contentFields: values.CONTENT_FIELDS,
    recordTypes: values.RECORD_TYPES,
    seenIdsMax: values.SEEN_IDS_MAX,
    credential: {
      authority,
      isKnownAuthority: Object.values(CLOUDS).some((known) => known.authority === authority),
      tenantId: values.AZURE_TENANT_ID ?? values.TENANT_ID,
      clientId: values.AZURE_CLIENT_ID,
      clientSecret: values.AZURE_CLIENT_SECRET,
      certificatePath: values.AZURE_CLIENT_CERTIFICATE_PATH,
      hasManagedIdentity: values.IDENTITY_ENDPOINT !== undefined,
    },
  };
}

function identityProblems(given: Partial<Record<SettingName, string>>): string[] {
  const problems: string[] = [];
  if (given.TENANT_ID === undefined) problems.push('TENANT_ID is missing: the tenant to collect from (GUID)');
  const { AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret, AZURE_CLIENT_CERTIFICATE_PATH: certificate } = given;
  const hasOwnKey = secret !== undefined || certificate !== undefined;
  if (hasOwnKey && client === undefined) {
    problems.push('AZURE_CLIENT_ID is missing: the application that the secret or certificate belongs to');
  }
  if (!hasOwnKey && given.IDENTITY_ENDPOINT === undefined) {
    problems.push(
      'no credential: set AZURE_CLIENT_ID with AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH, or run where a managed identity is offered',
    );
  }
  if (certificate !== undefined && !isAbsolute(certificate)) {
    problems.push(`AZURE_CLIENT_CERTIFICATE_PATH=${certificate} must be an absolute path`);
  }
  return problems;
}
