/** `npm start -- --headless`: collects once and ends with the summary table. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import ora from 'ora';
import { collectorProcess } from '../../workspace/console/service/collector-process.ts';
import { type PassCounts, passCounts, passWatch } from '../../workspace/console/service/first-pass.ts';
import type { Flags } from './flags.ts';
import { freePort } from './free-port.ts';
import { openPlaces, type Places, placesOf } from './places.ts';
import { acceptedIn, simulatedSources } from './progress-text.ts';
import { simulatedTenant } from './simulated-tenant.ts';
import { compareStored, defectOf } from './stored-records.ts';
import { type Line, number, summaryLines, toTable } from './summary-table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const endWithParent = new URL('../../workspace/console/service/end-with-parent.ts', import.meta.url).href;

const INCOMPLETE = 2;
const DEFECT = 1;
const SHOW_EVERY_MS = 200;

const end = (places: Places, startedAt: number): readonly Line[] => [
  ['time', `${((performance.now() - startedAt) / 1000).toFixed(1)} s`],
  ['rows', `${places.rows}/CopilotAudit_CL/`],
];

/** Runs the collector to its end; its progress and log go to the terminal. @returns its exit code, and counts where it got so far */
async function collectorToEnd(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly counts?: PassCounts }> {
  const child = spawn(process.execPath, ['--import', endWithParent, 'collector/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
    // A Ctrl-C of the terminal is ours to pass on: two signals would end it in haste.
    detached: process.platform !== 'win32',
  });
  child.stdin.on('error', () => undefined);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const stop = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  const code = (await new Promise<number | null>((resolve) => child.once('close', resolve))) ?? 1;
  const last = output.trim().split('\n').at(-1) ?? '';
  return last === '' ? { code } : { code, counts: passCounts.parse(JSON.parse(last)) };
}

/** A real tenant, or exported logs. */
async function collectOnce(flags: Flags, startedAt: number): Promise<number> {
  const mode = flags.import === undefined ? 'tenant' : 'import';
  const places = placesOf(flags.directory, mode);
  const close = await openPlaces(places, mode);
  const args = flags.import === undefined ? ['once'] : ['import', ...flags.import];
  try {
    const { code, counts } = await collectorToEnd(args, places.env);
    if (counts === undefined) console.error('The collector did not get as far as a summary; see above.');
    else console.log(toTable([...summaryLines(counts), ...end(places, startedAt)]));
    // A gap or a source that ended early is told by the exit code, too.
    return code;
  } finally {
    await close();
  }
}

/** The simulated tenant: one pass of each source, compared with what was there. */
async function collectSimulated(flags: Flags, startedAt: number): Promise<number> {
  const { users, days, seed } = flags;
  const places = placesOf(flags.directory, 'simulated');
  const close = await openPlaces(places, 'simulated');
  console.log(`Simulating ${users} people over ${days} days (seed ${seed}) ...`);
  const tenant = await simulatedTenant({ users, days, seed, aheadHours: 0, rows: places.rows });
  const watch = passWatch(simulatedSources);
  const collector = collectorProcess({
    args: ['run'],
    env: { ...tenant.env, ...places.env },
    healthPort: await freePort(),
    onEvent: watch.see,
  });
  const stop = (): void => void collector.stop();
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  const spinner = ora({ isEnabled: process.stderr.isTTY });
  const shown = setInterval(() => {
    spinner.text = `${number(acceptedIn(collector.status()))} of ${number(tenant.expected)} records stored`;
    if (process.stderr.isTTY && !spinner.isSpinning) spinner.start();
  }, SHOW_EVERY_MS);
  try {
    const pass = await Promise.race([watch.ended, collector.ended]);
    if (!('counts' in pass)) {
      console.error(`The collector ended before the first pass was over. ${pass.words}`);
      return pass.code ?? DEFECT;
    }
    await collector.stop();
    const found = await compareStored(places.rows, await tenant.idsAt(Date.now()));
    const feed = pass.counts.get('activity-feed');
    const usage = pass.counts.get('usage-report')?.accepted ?? 0;
    console.log(
      toTable([
        ['Copilot records in the tenant', number(found.expected)],
        ...(feed === undefined ? [] : summaryLines(feed)),
        ['rows of usage reports', number(usage)],
        ...end(places, startedAt),
      ]),
    );
    for (const problem of watch.problems()) console.error(problem);
    const defect = defectOf(found);
    if (defect !== undefined) console.error(defect);
    if (defect !== undefined) return DEFECT;
    return watch.problems().length > 0 || (feed?.gaps ?? 0) > 0 ? INCOMPLETE : 0;
  } finally {
    clearInterval(shown);
    spinner.stop();
    await collector.stop();
    await tenant.close();
    await close();
  }
}

/** Collects once. @returns the exit code */
export function headless(flags: Flags): Promise<number> {
  const startedAt = performance.now();
  return flags.tenant === true || flags.import !== undefined
    ? collectOnce(flags, startedAt)
    : collectSimulated(flags, startedAt);
}
