/** `npm run rules -- --workspace DIR (--now T | --from T --to T) [--rule FILE] [--json]`: the rules over rows on this machine. */
import { statSync } from 'node:fs';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import type { AlertJson } from './rules/alert-json.ts';
import { evaluate, type Outcome } from './rules/evaluate.ts';
import { ruleFile, shippedRuleFiles } from './rules/read-pack.ts';
import type { Times } from './rules/runner.ts';

const OK = 0;
const USAGE = 2;

interface Options {
  readonly workspace: string;
  readonly now?: Date;
  readonly from?: Date;
  readonly to?: Date;
  readonly rule?: string;
  readonly json?: true;
}

function toDate(text: string): Date {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError('must be a time as ISO 8601: 2026-11-20T12:00:00Z');
  return new Date(milliseconds);
}

/** The one time, or the two. @throws Error naming what is missing */
function timesOf({ now, from, to }: Options): Times {
  if (now !== undefined && from === undefined && to === undefined) return { now };
  if (now !== undefined || from === undefined || to === undefined)
    throw new Error('give --now, or --from and --to: when should the rules run?');
  if (from > to) throw new Error(`--from ${from.toISOString()} is after --to ${to.toISOString()}`);
  return { from, to };
}

async function outcomeOf(options: Options): Promise<Outcome> {
  const { workspace: directory, rule } = options;
  const times = timesOf(options);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`--workspace ${directory}: no such directory`);
  return evaluate(rule === undefined ? shippedRuleFiles() : [ruleFile(rule)], { directory, times });
}

function toTable(alerts: readonly AlertJson[]): string {
  const table = new Table({
    head: ['Time', 'Rule', 'Severity', 'Incident', 'Entities'],
    style: { head: [], border: [] },
  });
  for (const { time, rule, severity, incident, entities } of alerts)
    table.push([
      time,
      rule,
      severity,
      incident,
      entities.map(({ type, ...identifiers }) => `${type} ${Object.values(identifiers).join(' ')}`).join('\n'),
    ]);
  return table.toString();
}

async function run(options: Options): Promise<number> {
  try {
    const { alerts, incidents, failures } = await outcomeOf(options);
    for (const { rule, reason } of failures) process.stderr.write(`${rule} could not run: ${reason}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(alerts)}\n`);
    else {
      if (alerts.length > 0) process.stdout.write(`${toTable(alerts)}\n`);
      process.stdout.write(
        `${alerts.length} alerts in ${incidents.length} incidents, ${failures.length} rules could not run\n`,
      );
    }
    return OK;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return USAGE;
  }
}

// Whoever reads the answer may have read enough (`| head -1`).
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

await new Command('npm run rules --')
  .description('Runs analytics rules over rows on this machine, as Microsoft Sentinel would')
  .requiredOption('--workspace <directory>', 'rows as the collector writes them: <directory>/<Table>/*.ndjson')
  .option('--now <time>', 'one run of each rule, as scheduled for this time (ISO 8601)', toDate)
  .option('--from <time>', 'every run that is scheduled from then on', toDate)
  .option('--to <time>', 'the last time of a run', toDate)
  .option('--rule <file>', 'one rule: a file, or the name of a shipped one')
  .option('--json', 'alerts as one line of JSON')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? OK : USAGE))
  .action(async (options: Options) => {
    process.exitCode = await run(options);
  })
  .parseAsync();
