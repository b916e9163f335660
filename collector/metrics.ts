import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ObservableGauge } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { formatFor, OPENMETRICS_TYPE, PROMETHEUS_TYPE, toOpenMetrics } from './openmetrics.ts';
import { type OtlpOptions, otlpReader } from './otlp-reader.ts';
import type { RequestOutcome } from './sinks/chunk-sender.ts';
import { version as ownVersion } from './version.ts';

/** Counts and levels that the collector shows of itself. */
export interface Metrics {
  record(source: string, outcome: string, count: number): void;
  blob(source: string, outcome: string): void;
  /** Everything up to this time (epoch milliseconds) is read; the lag is counted from it at every scrape. */
  readUpTo(source: string, epochMs: number): void;
  /** When the first blob that is not read yet expires (epoch milliseconds); undefined when none is open. */
  oldestUnfetchedExpiry(source: string, epochMs: number | undefined): void;
  leader(isLeader: 0 | 1): void;
  /** One look-up in Microsoft Graph: found, or why not. */
  readonly lookUp: (enricher: string, outcome: string) => void;
  /** One request of the sink. */
  ingestion(outcome: RequestOutcome): void;
  /** Rows that the sink has accepted. */
  rows(table: string, count: number): void;
  /** Raw copies of records that the archive holds for certain. */
  readonly archived: (count: number) => void;
  /** Answers a scrape: OpenMetrics 1.0, or Prometheus text 0.0.4 for clients that prefer it. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Sends what was not exported yet and stops; resolves within 5 seconds, whatever the receiver does. */
  close(): Promise<void>;
}

/** Everything has a default; without `otlp` nothing is pushed. */
export interface MetricsOptions {
  readonly now?: () => number;
  readonly version?: string;
  readonly otlp?: OtlpOptions | undefined;
}

// A container gets 30 seconds after SIGTERM, and rows come first.
const CLOSE_TIMEOUT_MS = 5000;

/** OpenTelemetry instruments behind a scrape endpoint and, when wanted, an OTLP export: one definition for both. */
export function metrics(options: MetricsOptions = {}): Metrics {
  const { now = Date.now, version = ownVersion, otlp } = options;
  const scraped = new PrometheusExporter({ preventServerStart: true });
  // Neither target_info nor otel_scope_* labels: a scraper adds its own, and the names are an interface.
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  const provider = new MeterProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': 'copilot-sentinel', 'service.version': version }),
    ),
    readers: otlp === undefined ? [scraped] : [scraped, otlpReader(otlp)],
  });
  const meter = provider.getMeter('copilot-sentinel', version);
  const counter = (name: string, description: string) => meter.createCounter(name, { description });

  const records = counter('copilot_records_total', 'Audit records by outcome');
  const blobs = counter('copilot_blobs_total', 'Content blobs by outcome');
  const requests = counter('copilot_ingestion_requests_total', 'Requests to the Logs Ingestion API by outcome');
  const rows = counter('copilot_ingestion_rows_total', 'Rows that the sink has accepted');
  const archived = counter('copilot_archive_records_total', 'Raw copies of records that were archived');
  const lookUps = counter('copilot_enrichment_lookups_total', 'Look-ups in Microsoft Graph by outcome');
  const leader = meter.createGauge('copilot_leader', { description: '1 while this replica collects, 0 on standby' });

  const readUpTo = new Map<string, number>();
  const expiries = new Map<string, number>();
  observe(
    meter.createObservableGauge('copilot_lag_seconds', {
      description: 'Age of the point up to which everything is read',
    }),
    readUpTo,
    (ms) => Math.max(0, (now() - ms) / 1000),
  );
  observe(
    meter.createObservableGauge('copilot_oldest_unfetched_expiry_seconds', {
      description: 'Time left until the first blob that is not read yet expires; +Inf when none is open',
    }),
    expiries,
    (ms) => (ms - now()) / 1000,
  );

  async function answer({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { resourceMetrics } = await scraped.collect();
    const text = `${serializer.serialize(resourceMetrics).trimEnd()}\n`;
    const isOpen = formatFor(headers.accept) === 'openmetrics';
    response
      .writeHead(200, { 'content-type': isOpen ? OPENMETRICS_TYPE : PROMETHEUS_TYPE, vary: 'accept' })
      .end(isOpen ? toOpenMetrics(text) : text);
  }

  return {
    record: (source, outcome, count) => records.add(count, { source, outcome }),
    blob: (source, outcome) => blobs.add(1, { source, outcome }),
    readUpTo: (source, epochMs) => void readUpTo.set(source, epochMs),
    oldestUnfetchedExpiry: (source, epochMs) => void expiries.set(source, epochMs ?? Infinity),
    lookUp: (enricher, outcome) => lookUps.add(1, { enricher, outcome }),
    leader: (isLeader) => leader.record(isLeader),
    ingestion: (outcome) => requests.add(1, { outcome }),
    rows: (table, count) => rows.add(count, { table }),
    archived: (count) => archived.add(count),
    answer: (request, response) => {
      answer(request, response).catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
    // A receiver that is down was told by onError; the end of a process is no place to fail for it.
    close: () => provider.shutdown({ timeoutMillis: CLOSE_TIMEOUT_MS }).catch(() => undefined),
  };
}

/** Computes the level of each source when it is asked for: of a collector that is stuck, it goes on growing. */
function observe(gauge: ObservableGauge, of: ReadonlyMap<string, number>, level: (ms: number) => number): void {
  gauge.addCallback((result) => {
    for (const [source, ms] of of) result.observe(level(ms), { source });
  });
}
