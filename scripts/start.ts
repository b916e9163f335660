/**
 * `npm start`: the product on a laptop. A simulated tenant, the real collector as a process of its own, and its rows in
 * a local directory. With --tenant a real tenant, with --import exported logs instead of the simulated one.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { simulator } from '../simulator/simulator.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// Far above any quota: the simulated tenant is on this machine and nobody shares it.
const REQUESTS_PER_MINUTE = 100_000;

const summarySchema = z.object({
  seen: z.number(),
  foreign: z.number(),
  selected: z.number(),
  unparsable: z.number(),
  duplicate: z.number(),
  deadLettered: z.number(),
  accepted: z.number(),
  gaps: z.number(),
});

const atLeastOne = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('give a whole number, 1 or more.');
};
const port = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('give a port from 0 to 65535.');
};

const flags = z
  .object({
    headless: z.boolean().optional(),
    users: z.number(),
    days: z.number(),
    seed: z.string(),
    port: z.number(),
    tenant: z.boolean().optional(),
    import: z.array(z.string()).optional(),
  })
  .parse(
    new Command('npm start --')
      .description('Runs the collector on this machine, against a simulated tenant unless told otherwise.')
      .option('--headless', 'end with the summary table')
      .option('--users <number>', 'people in the simulated tenant', atLeastOne, 200)
      .option('--days <number>', 'days of content; the feed reaches seven back', atLeastOne, 7)
      .option('--seed <text>', 'same seed, same tenant', '1')
      .option('--port <number>', 'port of the simulated tenant; 0 takes a free one', port, 0)
      .addOption(new Option('--tenant', 'collect from the real tenant that the environment names').conflicts('import'))
      .option('--import <file...>', 'read exported audit logs instead')
      .parse()
      .opts(),
  );

/** Runs the collector to its end; its progress and log go to the terminal. */
async function collect(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<z.infer<typeof summarySchema>> {
  const child = spawn(process.execPath, ['collector/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const stop = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const last = output.trim().split('\n').at(-1) ?? '';
  if (last === '') {
    console.error('The collector did not get as far as a summary; see above.');
    process.exit(code ?? 1);
  }
  // A gap or a source that ended early is told by the exit code, too.
  process.exitCode = code ?? 1;
  return summarySchema.parse(JSON.parse(last));
}

const number = (value: number): string => value.toLocaleString('en-US');
function table(lines: readonly (readonly [string, string])[]): void {
  const width = Math.max(...lines.map(([name]) => name.length));
  console.log();
  for (const [name, value] of lines) console.log(`  ${name.padEnd(width)}  ${value}`);
  console.log();
}

const directory = `${root}.copilot-sentinel/${flags.tenant === true ? 'tenant' : flags.import === undefined ? 'simulated' : 'import'}`;
const places = { INGESTION_URL: `${directory}/rows`, STATE_URL: `${directory}/state` };
// A real tenant's rows and state are kept from run to run; a simulated tenant and an import begin anew.
if (flags.tenant !== true) await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });

const startedAt = performance.now();
const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

if (flags.tenant === true || flags.import !== undefined) {
  const args = flags.import === undefined ? ['once'] : ['import', ...flags.import];
  report(await collect(args, places), []);
} else {
  console.log(`Simulating ${flags.users} people over ${flags.days} days (seed ${flags.seed}) ...`);
  const { users, days, seed } = flags;
  const tenant = await simulator({
    users,
    days,
    seed,
    port: flags.port,
    switches: { quotaPerMinute: REQUESTS_PER_MINUTE },
  });
  try {
    const limit = { REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE) };
    const summary = await collect(['once'], { ...tenant.env, ...limit, ...places });
    const { idsExpected } = tenant.report();
    report(summary, [['Copilot records in the tenant', number(idsExpected)]]);
    if (summary.accepted !== idsExpected) {
      console.error(`${number(idsExpected)} were there and ${number(summary.accepted)} are stored: this is a defect.`);
      process.exitCode = 1;
    }
  } finally {
    await tenant.close();
  }
}

function report(summary: z.infer<typeof summarySchema>, extra: readonly (readonly [string, string])[]): void {
  table([
    ...extra,
    ['audit records seen', number(summary.seen)],
    ['of other workloads, not kept', number(summary.foreign)],
    ['selected', number(summary.selected)],
    ['stored', number(summary.accepted)],
    ['duplicates dropped', number(summary.duplicate)],
    ['put aside (dead letters)', number(summary.deadLettered)],
    ['unparsable', number(summary.unparsable)],
    ['gaps', number(summary.gaps)],
    ['time', seconds()],
    ['rows', `${places.INGESTION_URL}/CopilotAudit_CL/`],
  ]);
}
