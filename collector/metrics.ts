import type { IncomingMessage, ServerResponse } from 'node:http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** Counts and levels that the collector shows of itself. */
export interface Metrics {
  record(source: string, outcome: string, count: number): void;
  blob(source: string, outcome: string): void;
  lag(source: string, seconds: number): void;
  oldestUnfetchedExpiry(source: string, seconds: number): void;
  leader(isLeader: 0 | 1): void;
  /** Answers a scrape in Prometheus text format. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
}

/** OpenTelemetry instruments behind a Prometheus endpoint: one definition, and OTLP can be added beside it. */
export function metrics(): Metrics {
  const exporter = new PrometheusExporter({
    preventServerStart: true,
    withoutScopeInfo: true,
    withoutTargetInfo: true,
  });
  const meter = new MeterProvider({ readers: [exporter] }).getMeter('copilot-sentinel');
  const records = meter.createCounter('copilot_records_total', { description: 'Audit records by outcome' });
  const blobs = meter.createCounter('copilot_blobs_total', { description: 'Content blobs by outcome' });
  const lag = meter.createGauge('copilot_lag_seconds', {
    description: 'Age of the point up to which everything is read',
  });
  const expiry = meter.createGauge('copilot_oldest_unfetched_expiry_seconds', {
    description: 'Time left until the first blob that is not read yet expires',
  });
  const leader = meter.createGauge('copilot_leader', { description: '1 while this replica collects, 0 on standby' });
  return {
    record: (source, outcome, count) => records.add(count, { source, outcome }),
    blob: (source, outcome) => blobs.add(1, { source, outcome }),
    lag: (source, seconds) => lag.record(seconds, { source }),
    oldestUnfetchedExpiry: (source, seconds) => expiry.record(seconds, { source }),
    leader: (isLeader) => leader.record(isLeader),
    answer: (request, response) => exporter.getMetricsRequestHandler(request, response),
  };
}
