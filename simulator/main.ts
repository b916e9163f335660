import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { campaignLines } from './campaigns/campaigns.ts';
import { habits, type Habits } from './content.ts';
import { faultLines } from './server/faults.ts';
import { simulator } from './simulator.ts';
import { writeSurroundings } from './write-surroundings.ts';

interface Flags {
  readonly port: number;
  readonly seed: string;
  readonly users: number;
  readonly days: number;
  readonly pastDays: number;
  readonly aheadHours: number;
  readonly quota: number;
  readonly querySeconds: number;
  readonly withheld: number;
  readonly feedOnly: number;
  readonly now?: number;
  readonly faults: readonly string[];
  readonly envFile?: string;
  readonly report?: string;
  readonly rows?: string;
  readonly listFaults?: true;
  readonly habits: Habits;
  readonly campaigns: readonly string[];
  readonly truth?: string;
  readonly listCampaigns?: true;
}

const toCount = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('give a whole number, 0 or more.');
  return value;
};
const toShare = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('give a share from 0 to 1.');
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
  .option('--past-days <number>', 'days before those that only audit queries find, made when asked for', toCount, 0)
  .option('--ahead-hours <number>', 'hours of content that appear as time passes', toCount, 0)
  .option('--quota <number>', 'requests a minute before AF429', toCount, 2000)
  .option('--query-seconds <number>', 'seconds until an audit query has succeeded', toCount, 600)
  .option('--withheld <share>', 'share of Copilot records that the feed never gives and audit queries do', toShare, 0)
  .option('--feed-only <share>', 'share of Copilot records that audit queries never give and the feed does', toShare, 0)
  .option('--now <time>', 'simulated time at the start; default: the real time', toMs)
  .option('--faults <names>', 'comma-separated names, see --list-faults', toNames, [])
  .addOption(
    new Option('--habits <habits>', 'how people behave: by chance, or weeks in which nothing is wrong')
      .choices(habits)
      .default('drawn'),
  )
  .option('--campaigns <names>', 'comma-separated names of attacks to plant, see --list-campaigns', toNames, [])
  .option('--truth <file>', 'write what was planted as JSON')
  .option('--env-file <file>', 'write KEY=VALUE lines that point a client here')
  .option('--report <file>', 'write what clients did as JSON at the end')
  .option('--rows <directory>', 'write stored rows to <directory>/<Table>/<YYYY-MM-DD>.ndjson')
  .option('--list-faults', 'print the fault menu and end')
  .option('--list-campaigns', 'print the campaigns and end')
  .action(run);

async function run(flags: Flags): Promise<void> {
  if (flags.listFaults) {
    console.log(faultLines().join('\n'));
    return;
  }
  if (flags.listCampaigns) {
    console.log(campaignLines().join('\n'));
    return;
  }
  const { port, seed, users, days, pastDays, aheadHours, faults, now, habits, campaigns } = flags;
  const tenant = await simulator({
    port,
    seed,
    users,
    days,
    pastDays,
    aheadHours,
    faults,
    habits,
    campaigns,
    // Whoever wants rows has them in files.
    switches: {
      quotaPerMinute: flags.quota,
      keepRows: 'ids',
      auditQueryLatencyMs: 1000 * flags.querySeconds,
      withheld: { share: flags.withheld },
      feedOnly: { share: flags.feedOnly },
    },
    ...(now === undefined ? {} : { now }),
    ...(flags.rows === undefined ? {} : { rowsDirectory: flags.rows }),
  });
  const lines = Object.entries({ ...tenant.env, ...tenant.ingestionEnv }).map(([name, value]) => `${name}=${value}`);
  if (flags.envFile !== undefined) writeFileSync(flags.envFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  if (flags.truth !== undefined) {
    const truths = tenant.campaigns.map(({ truth }) => truth);
    writeFileSync(flags.truth, `${JSON.stringify(truths, null, 2)}\n`);
  }
  if (flags.rows !== undefined) await writeSurroundings(flags.rows, tenant);
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
    // Not by node --env-file: Node looks for further authorities before it reads that file.
    flags.envFile === undefined ? lines.join('\n') : `  set -a; . ${resolve(flags.envFile)}; set +a`,
  );
}

try {
  await command.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
