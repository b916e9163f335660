/** Composition root and command line: the only reader of process.env, the only caller of process.exit. */
import { ClientCertificateCredential, ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { Command } from 'commander';
import type { TokenCredential } from '@azure/core-auth';
import { accessToken } from './access-token.ts';
import { check } from './commands/check.ts';
import type { Collector } from './commands/collector.ts';
import { once } from './commands/once.ts';
import { progress } from './commands/progress.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { type Config, ConfigError, type Need, toConfig } from './config.ts';
import { healthRows } from './health-rows.ts';
import { httpClient } from './http.ts';
import { jsonLog, type Log, silentLog } from './log.ts';
import { metrics } from './metrics.ts';
import type { Signals } from './pipeline.ts';
import { settings } from './settings.ts';
import { fileSink } from './sinks/file.ts';
import { activityFeed } from './sources/activity-feed/activity-feed.ts';
import { feedApi } from './sources/activity-feed/api.ts';
import { importFiles } from './sources/import-files/import-files.ts';
import { diskPlace } from './state/disk-place.ts';
import { state } from './state/state.ts';
import { version } from './version.ts';

// A container gets 30 seconds between SIGTERM and SIGKILL; 25 are ours (docs: failure policy).
const WRITE_GRACE_MS = 20_000;

const DONE = 0;
const CANNOT_START = 1;
const INCOMPLETE = 2;

function credentialFor({ credential }: Config): TokenCredential {
  const { tenantId = '', clientId, clientSecret, certificatePath, authority, isKnownAuthority } = credential;
  const options = { authorityHost: authority, disableInstanceDiscovery: !isKnownAuthority };
  if (clientId !== undefined && clientSecret !== undefined) {
    return new ClientSecretCredential(tenantId, clientId, clientSecret, options);
  }
  if (clientId !== undefined && certificatePath !== undefined) {
    return new ClientCertificateCredential(tenantId, clientId, certificatePath, options);
  }
  return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
}

/** Stops reading at the first signal; what is read by then has 20 seconds to be written. */
function stopSignals(): Signals {
  const reading = new AbortController();
  const writing = new AbortController();
  const stop = (): void => {
    if (reading.signal.aborted) writing.abort();
    reading.abort();
    setTimeout(() => writing.abort(), WRITE_GRACE_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return { reading: reading.signal, writing: writing.signal };
}

/** Joins the parts as the configuration says. */
function compose(config: Config, log: Log = jsonLog(), repairs: 'yes' | 'no' = 'yes') {
  const scope = config.feedScope;
  const token = accessToken({ credential: () => credentialFor(config), scope });
  const http = httpClient({ origin: config.feedUrl, token, requestsPerMinute: config.requestsPerMinute });
  const { tenantId = '', publisherId = '', recordTypes: extraRecordTypes } = config;
  const api = feedApi({ http, tenantId, publisherId });
  const health = healthRows({ organizationId: config.tenantId, version });
  const sink = fileSink(config.rowsDirectory, {
    repairs,
    onRepair: ({ path, bytes }) => log.warn({ path, bytes }, 'removed a line that a crash had cut short'),
  });
  const store = state(diskPlace(config.stateDirectory));
  const feed = activityFeed({ api, concurrency: config.fetchConcurrency, recordTypes: { extraRecordTypes } });
  const { contentFields, seenIdsMax } = config;
  const shared = { health, log, metrics: metrics(), contentFields, extraRecordTypes, now: Date.now };
  const collector: Collector = {
    sources: config.sources.map(() => feed),
    state: store,
    sink,
    log,
    pipeline: { ...shared, state: store, sink, seenIdsMax },
  };
  return { api, collector, health, http, sink, store, token };
}

// A person who watches the progress line is told the outcome at the end; log lines would break it.
const logBesideProgress = (): Log => (process.stderr.isTTY ? silentLog() : jsonLog());

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const signals = stopSignals();
  const configured = (...needs: readonly Need[]): Config => toConfig(process.env, new Set(needs));
  const program = new Command('collect')
    .description('Collects Microsoft Copilot audit events and writes them as rows.')
    .version(version)
    .addHelpText('after', () => `\nSettings (environment):\n${settingsHelp()}`)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? DONE : CANNOT_START));

  program
    .command('run')
    .description('passes over all sources until stopped')
    .action(async () => {
      const config = configured('tenant', 'rows');
      const { collector, http } = compose(config);
      await using _connections = http;
      await run(collector, config, signals);
    });
  program
    .command('once')
    .description('one pass over all sources; the last line is the summary as JSON')
    .action(async () => {
      const { collector, http } = compose(configured('tenant', 'rows'), logBesideProgress());
      await using _connections = http;
      const { summary, isComplete } = await once(collector, collector.sources, signals, progress(process.stderr));
      print(JSON.stringify(summary));
      process.exitCode = isComplete ? DONE : INCOMPLETE;
    });
  program
    .command('import')
    .description('reads exported audit logs: Management API JSON, JSON Lines, gzip, Purview CSV')
    .argument('<file...>')
    .action(async (files: readonly string[]) => {
      const { collector } = compose(configured('rows'), logBesideProgress());
      const source = importFiles({ paths: files, now: Date.now });
      const { summary, isComplete } = await once(collector, [source], signals, progress(process.stderr));
      print(JSON.stringify(summary));
      process.exitCode = isComplete ? DONE : INCOMPLETE;
    });
  program
    .command('replay')
    .description('sends dead letters again; the last line is the summary as JSON')
    .action(async () => {
      const summary = await replay(compose(configured('rows')).collector, signals);
      print(JSON.stringify(summary));
      process.exitCode = summary.deadLettered === 0 && !signals.reading.aborted ? DONE : INCOMPLETE;
    });
  program
    .command('check')
    .description('tries everything that collection needs, one line each')
    .action(async () => {
      const { api, health, http, sink, store, token } = compose(configured('tenant', 'rows'), jsonLog(), 'no');
      await using _connections = http;
      const isGood = await check({ token, api, sink, state: store, health, print }, signals.reading);
      process.exitCode = isGood ? DONE : INCOMPLETE;
    });
  program
    .command('unsubscribe')
    .description('stops the subscription of this application; content created while it is stopped is lost')
    .action(async () => {
      const { api, http } = compose(configured('tenant'));
      await using _connections = http;
      await api.stop(signals.reading);
      print('the subscription to Audit.General is stopped');
    });
  await program.parseAsync();
}

function settingsHelp(): string {
  const width = Math.max(...settings.map(({ name }) => name.length));
  return settings
    .map(
      (one) =>
        `  ${one.name.padEnd(width)}  ${one.meaning}${'default' in one && one.default !== '' ? ` (${one.default})` : ''}`,
    )
    .join('\n');
}

// A reader that has seen enough (| head) is no failure of ours.
process.stdout.on('error', (error) => {
  if (!('code' in error && error.code === 'EPIPE')) throw error;
});

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? CANNOT_START : INCOMPLETE);
}
