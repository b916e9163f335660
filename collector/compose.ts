/** Joins the parts of the collector as the configuration says. */
import type { TokenCredential } from '@azure/core-auth';
import { accessToken } from './access-token.ts';
import { archive } from './archive/archive.ts';
import { blobArchive } from './archive/blob-archive.ts';
import { diskArchive } from './archive/disk-archive.ts';
import type { ArchivePlace } from './archive/place.ts';
import type { Collector } from './commands/collector.ts';
import type { Config } from './config.ts';
import type { Sink, Source } from './contracts.ts';
import type { Enrichment } from './enrich/contract.ts';
import { enrichment } from './enrich/enrichment.ts';
import type { Graph } from './graph/contract.ts';
import { graphClient } from './graph/graph-client.ts';
import { type HealthRows, healthRows } from './health-rows.ts';
import { httpClient, type Token } from './http.ts';
import type { Identity } from './identity.ts';
import type { Log } from './log.ts';
import { type Metrics, metrics } from './metrics.ts';
import { reconciledSources } from './reconciliation/views.ts';
import { fileSink } from './sinks/file.ts';
import { logsIngestion } from './sinks/logs-ingestion.ts';
import { pseudonymousGraph } from './pseudonyms/pseudonymous-graph.ts';
import { pseudonymousSink } from './pseudonyms/pseudonymous-sink.ts';
import { pseudonymousSource } from './pseudonyms/pseudonymous-source.ts';
import { pseudonymousState } from './pseudonyms/pseudonymous-state.ts';
import { pseudonyms } from './pseudonyms/pseudonyms.ts';
import { activityFeed } from './sources/activity-feed/activity-feed.ts';
import { type FeedApi, feedApi } from './sources/activity-feed/api.ts';
import { type AuditQueryApi, auditQueryApi } from './sources/audit-query/api.ts';
import { auditQuery } from './sources/audit-query/audit-query.ts';
import type { Note } from './sources/audit-query/options.ts';
import { type ExportContainer, exportContainer } from './sources/storage-export/blobs.ts';
import { storageExport } from './sources/storage-export/storage-export.ts';
import { usageReport } from './sources/usage-report/usage-report.ts';
import { blobPlace } from './state/blob-place.ts';
import { diskPlace } from './state/disk-place.ts';
import type { Place } from './state/place.ts';
import { otherTenants } from './other-tenants.ts';
import { state } from './state/state.ts';
import { version } from './version.ts';

/** What the composition needs from outside. */
export interface Surroundings {
  readonly log: Log;
  /** Makes a credential, a new one at every call. */
  readonly credential: (identity: Identity) => TokenCredential;
  /** `check` looks beside a running collector: it repairs nothing and does not wait for permissions. */
  readonly purpose: 'collect' | 'check';
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The parts, joined; `await using` closes connections and exporters. */
export interface Composition {
  readonly collector: Collector;
  readonly api: FeedApi;
  readonly queries: AuditQueryApi;
  readonly token: Token;
  readonly graphToken: Token;
  /** Where exports lie; none without the source. */
  readonly exports: readonly ExportContainer[];
  readonly health: HealthRows;
  /** Where raw copies of records lie, if they are kept. */
  readonly archived: ArchivePlace | undefined;
  [Symbol.asyncDispose](): Promise<void>;
}

// User principal name, alias, account of the OneDrive, object id; some have a PUID and a display name, too.
const IDENTITIES_OF_USER = 4;
// Other sources wait meanwhile; the next pass goes on with the queries that are under way.
const QUERY_PATIENCE_MS = 60_000;

/** What audit queries have to say, in the log. */
export const noteLog =
  (log: Log) =>
  ({ window, reason }: Note): void =>
    log.warn({ window, reason }, 'audit query');

/** Makes every part; opens nothing and makes no call. */
export function compose(config: Config, surroundings: Surroundings): Composition {
  const { log, credential, now = Date.now } = surroundings;
  const token = accessToken({ credential: () => credential(config.sourceIdentity), scope: config.feedScope, now });
  const http = httpClient({ origin: config.feedUrl, token, requestsPerMinute: config.requestsPerMinute, now });
  const { tenantId = '', publisherId = '', recordTypes: extraRecordTypes, contentFields, seenIdsMax } = config;
  const api = feedApi({ http, tenantId, publisherId });
  const health = healthRows({ organizationId: config.tenantId, version });
  const onError = (reason: string): void => log.warn({ reason }, 'metrics could not be sent');
  const measures = metrics({ now, version, otlp: config.otlp && { ...config.otlp, onError } });
  const heartbeat = { last: now() };
  const masks =
    config.pseudonyms && pseudonyms({ ...config.pseudonyms, max: IDENTITIES_OF_USER * config.enrichCacheMax, now });
  const bare = sinkOf(config, surroundings, measures, () => (heartbeat.last = now()));
  const sink = masks === undefined ? bare : pseudonymousSink(bare, masks, { log, organizationId: config.tenantId });
  const store = pseudonymousState(
    state(placeOf(config, surroundings), { now, version, entitiesMax: config.entitiesMax, tenantId: config.tenantId }),
    masks?.fingerprint,
  );
  const graphToken = accessToken({
    credential: () => credential(config.sourceIdentity),
    scope: config.graph.scope,
    now,
  });
  const graph = graphClient({
    origin: config.graph.url,
    token: graphToken,
    requestsPerMinute: config.graph.requestsPerMinute,
    now,
  });
  const queries = auditQueryApi(graph);
  const exports = exportsOf(config, surroundings);
  const archived = archiveOf(config, surroundings);
  const sources: Readonly<Record<Config['sources'][number], () => Source>> = {
    'activity-feed': () =>
      activityFeed({ api, concurrency: config.fetchConcurrency, recordTypes: { extraRecordTypes } }),
    'audit-query': () =>
      auditQuery({ api: queries, task: { kind: 'days' }, patienceMs: QUERY_PATIENCE_MS, now, onNote: noteLog(log) }),
    'storage-export': () => {
      const { format, keepDays } = config.exports;
      return storageExport({ containers: exports, format, keepDays, recordTypes: { extraRecordTypes }, now });
    },
    'usage-report': () => usageReport({ graph, organizationId: tenantId, ...config.usage, now }),
  };
  const others = config.otherTenants === 'skip' ? otherTenants(config.tenantId) : undefined;
  const shared = {
    health,
    log,
    metrics: measures,
    contentFields,
    others,
    extraRecordTypes,
    now,
    enrichment: enrichmentOf(config, masks === undefined ? graph : pseudonymousGraph(graph, masks), measures, now),
    mask: masks?.value,
    through: masks && ((source: Source) => pseudonymousSource(source, masks, { extraRecordTypes, others })),
    organizationId: config.tenantId,
    archive: archived && archive(archived, { now, onStored: measures.archived }),
  };
  return {
    collector: {
      sources: config.sources.map((name) => sources[name]()),
      state: store,
      sink,
      log,
      heartbeat,
      clockSkewMs: () => http.serverNow() - now(),
      pipeline: {
        ...shared,
        state: store,
        sink,
        seenIdsMax,
        reconciled: config.sources.includes(reconciledSources.query) ? reconciledSources : undefined,
      },
    },
    api,
    queries,
    token,
    graphToken,
    exports,
    health,
    archived,
    async [Symbol.asyncDispose]() {
      await graph[Symbol.asyncDispose]();
      await http[Symbol.asyncDispose]();
      await measures.close();
    },
  };
}

function enrichmentOf(config: Config, graph: Graph, measures: Metrics, now: () => number): Enrichment {
  const { enrichers, licensePlans, enrichCacheMax: cacheMax, enrichWaitMs: waitMs } = config;
  return enrichment({ graph, enrichers, licensePlans, cacheMax, waitMs, now, onLookUp: measures.lookUp });
}

/** Blob Storage is Azure's: the identity that writes to Azure reads it, whoever reads Microsoft 365. */
function exportsOf(config: Config, { credential }: Surroundings): readonly ExportContainer[] {
  const { addresses } = config.exports;
  if (addresses.length === 0) return [];
  const ofAzure = credential(config.azureIdentity);
  return addresses.map((address) => exportContainer({ address, credential: ofAzure }));
}

function sinkOf(
  { rows, azureIdentity }: Config,
  surroundings: Surroundings,
  measures: Metrics,
  onWaiting: () => void,
): Sink {
  const { log, credential, purpose, now = Date.now } = surroundings;
  if (rows.kind === 'directory') {
    return fileSink(rows.path, {
      now,
      repairs: purpose === 'check' ? 'no' : 'yes',
      onRepair: ({ path, bytes }) => log.warn({ path, bytes }, 'removed a line that a crash had cut short'),
    });
  }
  const { url, ruleId, audience } = rows;
  return logsIngestion({
    url,
    ruleId,
    audience,
    credential: () => credential(azureIdentity),
    log,
    now,
    onWaiting,
    metrics: { request: (outcome) => measures.ingestion(outcome), rows: (table, n) => measures.rows(table, n) },
    // Somebody waits for the answer.
    ...(purpose === 'check' && { forbiddenPatienceMs: 0, tries: 2, deadlineMs: 60_000 }),
  });
}

/** Where raw copies of records lie; undefined when none are kept. */
export function archiveOf(
  { archive: at, azureIdentity }: Config,
  { credential }: Pick<Surroundings, 'credential'>,
): ArchivePlace | undefined {
  if (at?.kind !== 'container') return at && diskArchive(at.path);
  return blobArchive({ containerUrl: at.url, credential: credential(azureIdentity) });
}

function placeOf({ state: at, azureIdentity }: Config, { log, credential }: Surroundings): Place {
  if (at.kind === 'directory') return diskPlace(at.path);
  return blobPlace({
    containerUrl: at.url,
    credential: credential(azureIdentity),
    onTrouble: ({ message }) => log.warn({ reason: message }, 'trouble with the lease on the state'),
  });
}
