import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';

/** Where metrics are pushed to, beside being scraped. */
export interface OtlpOptions {
  /** The whole URL, such as https://otel.contoso.example/v1/metrics. */
  readonly url: string;
  /** Headers of every request; they may hold a key and are never shown. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Time between two exports; 60,000 ms by default, as OTEL_METRIC_EXPORT_INTERVAL says. */
  readonly intervalMs?: number;
  /** Told once for every export that failed: a code or a short reason, without address or headers. */
  readonly onError?: (reason: string) => void;
}

/** Longest time for one export with all of its tries. */
export const EXPORT_TIMEOUT_MS = 4000;

/** Pushes metrics over OTLP (http/protobuf); a receiver that fails or hangs costs that export and nothing else. */
export function otlpReader(options: OtlpOptions): PeriodicExportingMetricReader {
  const { url, headers = {}, intervalMs = 60_000, onError = () => undefined } = options;
  const timeoutMillis = Math.min(EXPORT_TIMEOUT_MS, intervalMs);
  const exporter = new OTLPMetricExporter({ url, headers: { ...headers }, timeoutMillis, concurrencyLimit: 1 });
  return new PeriodicExportingMetricReader({
    exporter: telling(exporter, onError),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: timeoutMillis,
  });
}

/** The same exporter, whose failures are told: the SDK would only hand them to its global diagnostics. */
function telling(exporter: OTLPMetricExporter, onError: (reason: string) => void): PushMetricExporter {
  return {
    export: (metrics, done) =>
      exporter.export(metrics, (result) => {
        if (result.error !== undefined) onError(reasonOf(result.error));
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregation: (type) => exporter.selectAggregation(type),
    selectAggregationTemporality: (type) => exporter.selectAggregationTemporality(type),
  };
}

/** ECONNREFUSED, HTTP 401: never the message of a system or HTTP error, which can quote address and answer. */
function reasonOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return `HTTP ${code}`;
  return typeof code === 'string' ? code : error.message;
}
