import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { faultLines } from './server/faults.ts';
import { simulator } from './simulator.ts';

interface Flags {
  readonly port: number;
  readonly seed: string;
  readonly users: number;
  readonly days: number;
  readonly aheadHours: number;
  readonly quota: number;
  readonly now?: number;
  readonly faults: readonly string[];
  readonly envFile?: string;
  readonly report?: string;
  readonly rows?: string;
  readonly listFaults?: true;
}

const toCount = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('give a whole number, 0 or more.');
  return value;
};
const toMs = (text: string): number => {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError('give an ISO time such as 2026-11-20T12:00:00Z.');
  return value;
};
const toNames = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

const command = new Command('simulator')
  .description(
    'A simulated tenant on loopback: Entra, managed identity, the Management Activity API, Microsoft Graph, and Azure Monitor ingestion.',
  )
  .option('--port <number>', 'port on 127.0.0.1; 0 takes a free one', toCount, 0)
  .option('--seed <text>', 'same seed, same tenant', '1')
  .option('--users <number>', 'people in the tenant', toCount, 50)
  .option('--days <number>', 'days of content before the start', toCount, 3)
  .option('--ahead-hours <number>', 'hours of content that appear as time passes', toCount, 0)
  .option('--quota <number>', 'requests a minute before AF429', toCount, 2000)
  .option('--now <time>', 'simulated time at the start; default: the real time', toMs)
  .option('--faults <names>', 'comma-separated names, see --list-faults', toNames, [])
  .option('--env-file <file>', 'write KEY=VALUE lines that point a client here')
  .option('--report <file>', 'write what clients did as JSON at the end')
  .option('--rows <directory>', 'write stored rows to <directory>/<Table>/<YYYY-MM-DD>.ndjson')
  .option('--list-faults', 'print the fault menu and end')
  .action(run);

async function run(flags: Flags): Promise<void> {
  if (flags.listFaults) {
    console.log(faultLines().join('\n'));
    return;
  }
  const { port, seed, users, days, aheadHours, faults, now } = flags;
  const tenant = await simulator({
    port,
    seed,
    users,
    days,
    aheadHours,
    faults,
    // Whoever wants rows has them in files.
    switches: { quotaPerMinute: flags.quota, keepRows: 'ids' },
    ...(now === undefined ? {} : { now }),
    ...(flags.rows === undefined ? {} : { rowsDirectory: flags.rows }),
  });
  const lines = Object.entries({ ...tenant.env, ...tenant.ingestionEnv }).map(([name, value]) => `${name}=${value}`);
  if (flags.envFile !== undefined) writeFileSync(flags.envFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  const end = (): void => {
    if (flags.report !== undefined) writeFileSync(flags.report, `${JSON.stringify(tenant.report(), null, 2)}\n`);
    tenant.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  console.log(`${tenant.url} serves tenant ${tenant.tenantId} with ${tenant.blobs.length} blobs; Ctrl-C ends it.`);
  console.log('Point a client at it with:');
  console.log(
    flags.envFile === undefined ? lines.join('\n') : `  node --env-file=${flags.envFile} collector/main.ts once`,
  );
}

try {
  await command.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
