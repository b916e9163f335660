/** `npm start` as a person uses it: each kind of start as a real process, its console over HTTP, and how it ends. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { simulator } from '../../simulator/simulator.ts';
import type { IncidentSummary, IncidentView, Status } from '../../workspace/console/api.ts';
import { type Running, startNode, until } from './harness.ts';

const script = fileURLToPath(new URL('../../scripts/start.ts', import.meta.url));
const RULES = readdirSync(fileURLToPath(new URL('../../analytics-rules', import.meta.url))).length;
const hourMs = 3_600_000;
// All rules are bound and run, several times: a busy machine is no failure.
const longMs = 180_000;
vi.setConfig({ testTimeout: longMs });

let directory = '';
let at: readonly string[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'start-'));
  at = ['--directory', directory];
});
const open = new Set<Running>();
afterAll(async () => {
  // Left by tests that failed: the collector ends with them.
  for (const { child } of open) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

interface Started extends Running {
  readonly url: string;
  readonly get: <T>(path: string) => Promise<T>;
  readonly status: () => Promise<Status>;
  readonly stdout: () => string;
}

/** Starts it, and waits for its console. */
async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const running = startNode([script, '--port', '0', ...at, ...args], directory, env);
  open.add(running);
  let stdout = '';
  running.child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  const isNamed = (): boolean => stdout.includes('Console: ') || running.child.exitCode !== null;
  await until('the console is named', isNamed, longMs / 2);
  const url = /Console: (\S+)/.exec(stdout)?.[1] ?? '';
  const get = async <T>(path: string): Promise<T> => {
    // Asked a hundred times a second, it would do little else.
    await sleep(100);
    return (await fetch(`${url}${path}`)).json() as Promise<T>;
  };
  return { ...running, url, get, status: () => get<Status>('api/status'), stdout: () => stdout };
}

const untilRulesRan = (one: Started): Promise<void> =>
  until('the rules have run', async () => (await one.status()).steps.every(({ state }) => state === 'done'), longMs);

/** The incidents, as soon as there is one of a rule. The severest rules run first. */
async function untilFound(one: Started, rule: string): Promise<readonly IncidentSummary[]> {
  let found: readonly IncidentSummary[] = [];
  const isFound = async (): Promise<boolean> => {
    found = await one.get<readonly IncidentSummary[]>('api/incidents');
    return found.some((incident) => incident.rule === rule);
  };
  await until(`there is an incident of ${rule}`, isFound, longMs);
  return found;
}

/** Processes that a process has started, where the system tells. */
function childrenOf(pid: number | undefined): readonly number[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return Number(/^.*\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]) === pid;
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the simulated tenant', () => {
  it('is collected whole, its rules find campaigns, nobody else gets its port or folder, and SIGTERM ends everything with 0', async () => {
    const one = await start(['--users', '20', '--days', '3', '--seed', '2']);
    expect(await one.status()).toMatchObject({ mode: 'simulated', title: 'Simulated tenant, 20 people, 3 days' });
    await untilRulesRan(one);
    const status = await one.status();
    expect(status.steps[0]?.detail).toMatch(
      /^All [\d,]{3,} Copilot records that were in the tenant are stored, each once/,
    );
    expect(status.collector).toMatchObject({ state: 'running', exitCode: null });
    expect(status.collector.metrics.map(({ name }) => name)).toContain('copilot_records_total');
    expect(status.collector.log.map(({ message }) => message).join('\n')).toMatch(/activity-feed: pass ended/);
    expect(status.rules).toMatchObject({ done: RULES, total: RULES, failures: [], remark: null });
    expect(status.tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'CopilotAudit_CL',
        'CopilotEntities_CL',
        'CopilotHealth_CL',
        'CopilotUsage_CL',
        'SigninLogs',
      ]),
    );

    const incidents = await one.get<readonly IncidentSummary[]>('api/incidents');
    expect(new Set(incidents.map(({ rule }) => rule))).toContain('defense-evasion-jailbreak-series');
    const view = await one.get<IncidentView>(`api/incidents/${incidents[0]?.id}`);
    expect(view.alerts[0]?.recordIds.length).toBeGreaterThan(0);

    const alerts = readdirSync(join(directory, 'simulated', 'rows', 'SecurityAlert'));
    expect(alerts.map((name) => name.slice(10))).toEqual(['.ndjson']);

    const refusals = await Promise.all(
      [new URL(one.url).port, '0'].map((port) => startNode([script, '--port', port, ...at], directory, {}).ended),
    );
    expect(refusals).toMatchObject([
      { code: 1, stderr: expect.stringMatching(/^port \d+ of 127\.0\.0\.1 is taken.*--port/) as unknown },
      { code: 1, stderr: expect.stringMatching(/is in use by process \d+: .*--directory/) as unknown },
    ]);
    expect((await one.status()).tables).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'SigninLogs' })]),
    );

    const children = childrenOf(one.child.pid);
    one.child.kill('SIGTERM');
    expect(await one.ended).toMatchObject({ code: 0, stderr: '' });
    await until('its processes have ended', () => !children.some(isAlive));
  });

  it('ends with the summary table when there is to be no console, whatever tenant the environment names', async () => {
    const ended = await startNode(
      [script, '--headless', '--users', '12', '--days', '2', '--directory', join(directory, 'headless')],
      directory,
      { SOURCE_CLIENT_ID: '3e3e3e3e-0000-4000-8000-000000000009', SOURCE_CLIENT_SECRET: 'another' },
    ).ended;
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    const numberOf = (name: string): string =>
      new RegExp(`^ {2}${name} +([\\d,]+)$`, 'm').exec(ended.stdout)?.[1] ?? name;
    expect(numberOf('stored')).toBe(numberOf('Copilot records in the tenant'));
    expect(numberOf('gaps')).toBe('0');
    expect(Number(numberOf('rows of usage reports').replaceAll(',', ''))).toBeGreaterThan(0);
  });
});

describe('a real tenant', () => {
  it('says which settings are missing, and ends with 1', async () => {
    const ended = await startNode(
      [script, '--tenant', '--port', '0', '--directory', join(directory, 'unset')],
      directory,
      {},
    ).ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^cannot start, .*\n- TENANT_ID is missing/);
  });

  it('keeps its incidents from start to start, a kill leaves no collector behind, and a wrong secret is no success', async () => {
    const tenant = await simulator({ users: 12, days: 2, habits: 'benign', campaigns: ['jailbreak-series'] });
    try {
      const first = await start(['--tenant'], { ...tenant.env, REQUESTS_PER_MINUTE: '100000' });
      const before = await untilFound(first, 'defense-evasion-jailbreak-series');
      expect((await first.status()).title).toBe(`Tenant ${tenant.tenantId}`);
      const children = childrenOf(first.child.pid);
      first.child.kill('SIGKILL');
      await until('its processes have ended', () => !children.some(isAlive));

      const second = await start(['--tenant'], { ...tenant.env, AZURE_CLIENT_SECRET: 'wrong' });
      const after = await second.get<readonly IncidentSummary[]>('api/incidents');
      // A rule may have ended between the question and the kill.
      expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
      const lines = await readFile(join(directory, 'tenant', 'alerts.ndjson'), 'utf8');
      expect(lines).not.toContain(tenant.clientSecret);
      const isOver = async (): Promise<boolean> => (await second.status()).steps[0]?.state === 'failed';
      await until('the first pass has failed', isOver, longMs);
      expect((await second.status()).steps[0]?.detail).toMatch(/activity-feed: the pass ended early: ./);
      second.child.kill('SIGINT');
      expect(await second.ended).toMatchObject({ code: 0 });
    } finally {
      await tenant.close();
    }
  });
});

describe('an export', () => {
  it('is shown over its own span, and rules have seen it as it happened', async () => {
    const now = Date.parse('2026-09-16T12:00:00Z');
    const tenant = await simulator({
      users: 12,
      days: 9,
      clock: () => now,
      habits: 'benign',
      campaigns: ['jailbreak-series'],
    });
    const records = tenant.blobs.flatMap((blob) => JSON.parse(blob.body()) as readonly unknown[]);
    const [truth] = tenant.campaigns;
    await tenant.close();
    const path = join(directory, 'export.json');
    await writeFile(path, JSON.stringify(records));

    const one = await start(['--import', path]);
    const incidents = await untilFound(one, 'defense-evasion-jailbreak-series');
    const status = await one.status();
    expect(status).toMatchObject({ mode: 'import', title: 'Import of export.json' });
    expect(status.collector).toMatchObject({ state: 'ended', exitCode: 0 });
    // Two weeks, each with every rule.
    expect(status.rules.total).toBe(2 * RULES);
    expect(status.rules.remark).toMatch(/week by week as it happened/);
    const [from, to] = [Date.parse(status.span?.from ?? ''), Date.parse(status.span?.to ?? '')];
    expect(from).toBeGreaterThanOrEqual(now - 9 * 24 * hourMs);
    expect(to).toBeLessThanOrEqual(now + hourMs);

    const user = truth?.truth.users[0] ?? '';
    const found = incidents.filter(
      ({ rule, entities }) => rule === 'defense-evasion-jailbreak-series' && JSON.stringify(entities).includes(user),
    );
    expect(found).toHaveLength(1);
    one.child.kill('SIGINT');
    expect(await one.ended).toMatchObject({ code: 0 });
  });
});
