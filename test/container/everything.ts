/** An entry that uses every client the collector may hold, against a port on which nobody listens: it is bundled and run. */
import { ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { isAggregateLogsUploadError, LogsIngestionClient } from '@azure/monitor-ingestion';
import { BlobServiceClient } from '@azure/storage-blob';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { pino } from 'pino';
import { request } from 'undici';

const nowhere = 'http://127.0.0.1:9';
const guid = '00000000-0000-4000-8000-000000000001';
const retryOptions = { maxRetries: 0 };
process.env['IDENTITY_ENDPOINT'] = nowhere;
process.env['IDENTITY_HEADER'] = 'invented';

const token = { getToken: async () => ({ token: 'invented', expiresOnTimestamp: Date.now() + 3_600_000 }) };
const options = { authorityHost: 'https://127.0.0.1:9', disableInstanceDiscovery: true, retryOptions };
const ingestion = new LogsIngestionClient('https://127.0.0.1:9', token, { retryOptions });
const blobs = new BlobServiceClient(`${nowhere}/account`, undefined, { retryOptions: { maxTries: 1 } });
const reader = new PeriodicExportingMetricReader({
  exporter: new OTLPMetricExporter({ url: `${nowhere}/v1/metrics`, timeoutMillis: 50 }),
});
const provider = new MeterProvider({ readers: [reader] });
provider.getMeter('test').createCounter('used').add(1);

const uses: Readonly<Record<string, () => Promise<unknown>>> = {
  'client secret': () => new ClientSecretCredential(guid, guid, 'invented', options).getToken('https://a/.default'),
  'managed identity': () => new ManagedIdentityCredential({ retryOptions }).getToken('https://a/.default'),
  'blob storage': () => blobs.getContainerClient('state').getProperties(),
  'logs ingestion': () => ingestion.upload('dcr-0', 'Custom-Test', [{ a: 1 }]),
  undici: () => request(nowhere),
  otlp: () => provider.shutdown(),
};
const log = pino({ base: null, timestamp: false }, pino.destination({ sync: true }));
for (const [name, use] of Object.entries(uses)) {
  const error = await use().then(
    () => '',
    (cause: unknown) => String(isAggregateLogsUploadError(cause) ? cause.errors[0]?.cause : cause),
  );
  log.info({ name, error });
}
