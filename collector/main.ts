/** Composition root and command line: the only reader of process.env, the only caller of process.exit. */
import { Command, Option } from 'commander';
import { readFileSync } from 'node:fs';
import type { TokenCredential } from '@azure/core-auth';
import { certificateProblem } from './certificate-file.ts';
import { jsonArrays, jsonLines } from './activity-records/writers.ts';
import { backfill } from './commands/backfill.ts';
import { toSpan } from './commands/backfill-span.ts';
import { check } from './commands/check.ts';
import { toBounds } from './commands/collection-span.ts';
import { exportActivities } from './commands/export.ts';
import { once } from './commands/once.ts';
import { progress } from './commands/progress.ts';
import { pseudonymizeList } from './commands/pseudonymize.ts';
import { replay } from './commands/replay.ts';
import { replayArchive } from './commands/replay-archive.ts';
import { run } from './commands/run.ts';
import { archiveOf, compose, type Composition, noteLog } from './compose.ts';
import { type Config, ConfigError, type Need, toConfig } from './config.ts';
import { toCredential } from './credentials.ts';
import type { Identity } from './identity.ts';
import { jsonLog, type Log, silentLog } from './log.ts';
import type { Signals } from './pipeline.ts';
import { pseudonyms } from './pseudonyms/pseudonyms.ts';
import { settings } from './settings.ts';
import { importFiles } from './sources/import-files/import-files.ts';
import { version } from './version.ts';

// A container gets 30 seconds between SIGTERM and SIGKILL; 25 are ours (docs: failure policy).
const WRITE_GRACE_MS = 20_000;
const END_AFTER_MS = 24_000;

const DONE = 0;
const CANNOT_START = 1;
const INCOMPLETE = 2;

/**
 * Stops reading at the first signal; what is read by then has 20 seconds to be written. A service that does not answer
 * must not keep us longer: what is not saved comes again.
 */
function stopSignals(): Signals {
  const reading = new AbortController();
  const writing = new AbortController();
  const stop = (): void => {
    if (reading.signal.aborted) writing.abort();
    reading.abort();
    setTimeout(() => writing.abort(), WRITE_GRACE_MS).unref();
    setTimeout(() => process.exit(process.exitCode ?? DONE), END_AFTER_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return { reading: reading.signal, writing: writing.signal };
}

const composed = (config: Config, log: Log = jsonLog(), purpose: 'collect' | 'check' = 'collect'): Composition =>
  compose(config, { log, purpose, credential: (identity) => toCredential(identity, config) });

// A person who watches the progress line is told the outcome at the end; log lines would break it.
const logBesideProgress = (): Log => (process.stderr.isTTY ? silentLog() : jsonLog());

// What goes wrong while the archive is read stands nowhere else: no health row tells it.
const troublesBesideProgress = (): Log => jsonLog(process.stderr.isTTY ? 'warn' : 'info');

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** What the SDK would say of a wrong file names neither the setting nor the remedy. */
function assertUsable(identity: Identity): void {
  if (identity.kind !== 'certificate' && identity.kind !== 'token-file') return;
  const { setting, path, kind } = identity;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`cannot start: ${setting}=${path} cannot be read (${reason}): mount the file, readable`);
  }
  const problem = kind === 'certificate' ? certificateProblem(text, Date.now()) : undefined;
  if (problem !== undefined) throw new ConfigError(`cannot start: ${setting}=${path} ${problem}`);
}

async function main(): Promise<void> {
  const signals = stopSignals();
  const configured = (...needs: readonly Need[]): Config => {
    const config = toConfig(process.env, new Set(needs));
    if (needs.includes('tenant')) assertUsable(config.sourceIdentity);
    if (needs.includes('rows') || needs.includes('archive')) assertUsable(config.azureIdentity);
    return config;
  };
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
      await using parts = composed(config);
      await run(parts.collector, config, signals);
    });
  program
    .command('once')
    .description('one pass over all sources; the last line is the summary as JSON')
    .action(async () => {
      // Until it is known to be complete.
      process.exitCode = INCOMPLETE;
      await using parts = composed(configured('tenant', 'rows'), logBesideProgress());
      const { collector } = parts;
      const { summary, isComplete } = await once(collector, collector.sources, signals, progress(process.stderr));
      print(JSON.stringify(summary));
      process.exitCode = isComplete ? DONE : INCOMPLETE;
    });
  program
    .command('import')
    .description('reads exported audit logs: Management API JSON, JSON Lines, gzip, Purview CSV')
    .argument('<file...>')
    .action(async (files: readonly string[]) => {
      process.exitCode = INCOMPLETE;
      await using parts = composed(configured('rows'), logBesideProgress());
      const source = importFiles({ paths: files, now: Date.now });
      const { summary, isComplete } = await once(parts.collector, [source], signals, progress(process.stderr));
      print(JSON.stringify(summary));
      process.exitCode = isComplete ? DONE : INCOMPLETE;
    });
  program
    .command('backfill')
    .description('reads the past by audit queries; without --yes it tells what it would do, and ends')
    .requiredOption('--from <time>', 'first time of events, UTC: 2026-05-01 or 2026-05-01T06:00:00Z')
    .requiredOption('--to <time>', 'time of events at which it ends, itself not included')
    .option('--force', 'ask also for hours that are held complete')
    .option('--yes', 'run it')
    .action(async (given: { from: string; to: string; force?: true; yes?: true }) => {
      process.exitCode = INCOMPLETE;
      const span = toSpan(given, Date.now());
      const config = configured('tenant', 'rows');
      const log = logBesideProgress();
      await using parts = composed(config, log, given.yes === true ? 'collect' : 'check');
      const mode = given.force === true ? 'all' : 'missing';
      const purpose = given.yes === true ? 'run' : 'plan';
      const { summary, isComplete } = await backfill(
        parts.collector,
        { span, mode, purpose, api: parts.queries, print, onNote: noteLog(log) },
        signals,
        progress(process.stderr),
      );
      print(JSON.stringify(summary));
      process.exitCode = isComplete ? DONE : INCOMPLETE;
    });
  program
    .command('replay')
    .description('sends dead letters again, or the archive; the last line is the summary as JSON')
    .addOption(new Option('--from <what>', 'what is sent').choices(['dead-letters', 'archive']).default('dead-letters'))
    .option('--collected-from <time>', 'archive: first hour of collection, UTC: 2026-05-01 or 2026-05-01T06:00:00Z')
    .option('--collected-to <time>', 'archive: time of collection at which it ends, itself not included')
    .action(async (given: { from: string; collectedFrom?: string; collectedTo?: string }) => {
      process.exitCode = INCOMPLETE;
      const span = toBounds(
        { from: given.collectedFrom, to: given.collectedTo },
        { from: '--collected-from', to: '--collected-to' },
      );
      if (given.from === 'archive') {
        // Facts are looked up where the tenant is named, as in a pass.
        const tenant: readonly Need[] = process.env['TENANT_ID'] ? ['tenant'] : [];
        await using parts = composed(configured('rows', 'archive', ...tenant), troublesBesideProgress());
        const { collector, archived: place } = parts;
        if (place === undefined) return;
        const { summary, isComplete } = await replayArchive(
          collector,
          { place, span },
          signals,
          progress(process.stderr),
        );
        print(JSON.stringify(summary));
        process.exitCode = isComplete ? DONE : INCOMPLETE;
        return;
      }
      if (given.collectedFrom !== undefined || given.collectedTo !== undefined)
        throw new ConfigError('--collected-from and --collected-to choose from the archive: add --from archive');
      await using parts = composed(configured('rows'));
      const summary = await replay(parts.collector, signals);
      print(JSON.stringify(summary));
      process.exitCode = summary.deadLettered === 0 && !signals.reading.aborted ? DONE : INCOMPLETE;
    });
  program
    .command('export')
    .description('makes activity records of exported audit logs, or without files of the archive')
    .argument('[file...]')
    .addOption(new Option('--format <name>', 'form of the records').choices(['activity-records']).makeOptionMandatory())
    .option('--from <time>', 'first time of events, UTC: 2026-05-01 or 2026-05-01T06:00:00Z')
    .option('--to <time>', 'time of events at which it ends, itself not included')
    .option('--out <directory>', 'JSON arrays of at most 1,000 records; - is standard output, one record a line', '-')
    .action(async (paths: readonly string[], given: { from?: string; to?: string; out: string }) => {
      process.exitCode = INCOMPLETE;
      const span = toBounds(given, { from: '--from', to: '--to' });
      const config = configured(...(paths.length > 0 ? [] : (['archive'] as const)));
      const credential = (identity: Identity): TokenCredential => toCredential(identity, config);
      const place = paths.length > 0 ? undefined : archiveOf(config, { credential });
      const { contentFields, recordTypes: extraRecordTypes, seenIdsMax } = config;
      const enough = new AbortController();
      process.stdout.once('error', () => enough.abort());
      const { summary, isComplete } = await exportActivities(
        {
          input: place === undefined ? { kind: 'files', paths } : { kind: 'archive', place },
          span,
          writer: given.out === '-' ? jsonLines(process.stdout) : jsonArrays(given.out),
          parsing: { contentFields, extraRecordTypes },
          mask: config.pseudonyms && pseudonyms(config.pseudonyms).value,
          seenIdsMax,
          log: troublesBesideProgress(),
        },
        AbortSignal.any([signals.reading, enough.signal]),
        progress(process.stderr),
      );
      // Standard output is for the records alone.
      if (given.out === '-') process.stderr.write(`${JSON.stringify(summary)}\n`);
      else print(JSON.stringify(summary));
      process.exitCode = isComplete || enough.signal.aborted ? DONE : INCOMPLETE;
    });
  program
    .command('check')
    .description('tries everything that collection needs, one line each')
    .action(async () => {
      process.exitCode = INCOMPLETE;
      const config = configured('tenant', 'rows');
      await using parts = composed(config, jsonLog(), 'check');
      const { api, collector, exports, archived, health, token, graphToken } = parts;
      const { sink, state, clockSkewMs } = collector;
      const active = new Set<string>([...config.sources, ...config.enrichers]);
      const optional = new Set(config.licensePlans.names.length === 0 ? [] : ['LicenseAssignment.Read.All']);
      // It names an exported file, which may be named after somebody.
      const { text = (line: string): string => line } = config.pseudonyms ? pseudonyms(config.pseudonyms) : {};
      const say = (line: string): void => print(text(line));
      const isGood = await check(
        { token, graphToken, active, optional, api, exports, archived, sink, state, health, clockSkewMs, print: say },
        signals.reading,
      );
      process.exitCode = isGood ? DONE : INCOMPLETE;
    });
  program
    .command('pseudonymize')
    .description('prints lists, watchlists for example, with tokens in place of people; - is standard input')
    .argument('<file...>')
    .option('--ids', 'GUIDs that stand alone are object ids of people, not of agents or labels')
    .action((files: readonly string[], { ids }: { ids?: true }) => {
      const { pseudonyms: given } = configured();
      if (given === undefined)
        throw new ConfigError(
          'cannot start: pseudonymize needs PSEUDONYMIZE=users and the PSEUDONYM_KEY of the collector',
        );
      const masks = pseudonyms(given);
      for (const file of files) {
        const list = readFileSync(file === '-' ? 0 : file, 'utf8');
        process.stdout.write(pseudonymizeList(list, masks, ids === true ? 'people' : 'things'));
      }
    });
  program
    .command('unsubscribe')
    .description('stops the subscription of this application; content created while it is stopped is lost')
    .action(async () => {
      await using parts = composed(configured('tenant'));
      await parts.api.stop(signals.reading);
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
  // A receiver of metrics that holds its connection must not hold the process.
  setTimeout(() => process.exit(), 5000).unref();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? CANNOT_START : INCOMPLETE);
}
