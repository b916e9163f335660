import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { simulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';

const main = fileURLToPath(new URL('../../collector/main.ts', import.meta.url));

/** What a finished collector said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A collector process that is running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard error has said `text`. */
  said(text: string): Promise<void>;
}

/** Counts of the last line of `once`. */
export type Summary = Readonly<
  Record<'seen' | 'foreign' | 'selected' | 'unparsable' | 'duplicate' | 'deadLettered' | 'accepted' | 'gaps', number>
>;

/** A simulated tenant and a directory for a collector, both gone after `close`. */
export interface Scene {
  readonly tenant: Simulator;
  readonly directory: string;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  collect(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Rows of a table in the order of their arrival. */
  rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Every byte that the collector left on disk. */
  leftOnDisk(): Promise<string>;
  close(): Promise<void>;
  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

export const summaryOf = ({ stdout }: Ended): Summary => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Summary;

/** Starts Node on a script with arguments, with nothing of our own environment but the path and what is compiled. */
export function startNode(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const listener = (): void => {
        if (!stderr.includes(text)) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
      listener();
      void ended.then(() => reject(new Error(`the process ended and never said "${text}": ${stderr}`)));
    });
  return { child, ended, said };
}

/** Starts a tenant and prepares a collector that points at it with a client secret. */
export async function scene(options: SimulatorOptions = {}): Promise<Scene> {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-e2e-'));
  const tenant = await simulator({ users: 12, days: 3, ...options });

  const start = (args: readonly string[], env: Readonly<Record<string, string>> = tenant.env): Running =>
    startNode([main, ...args], directory, {
      INGESTION_URL: join(directory, 'rows'),
      STATE_URL: join(directory, 'state'),
      REQUESTS_PER_MINUTE: '100000',
      HEALTH_PORT: '0',
      ...env,
    });

  async function rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const at = join(directory, 'rows', table);
    if (!existsSync(at)) return [];
    const files = await Promise.all((await readdir(at)).toSorted().map((name) => readFile(join(at, name), 'utf8')));
    return files.flatMap((text) => text.split('\n').filter((line) => line !== '')).map((line) => JSON.parse(line));
  }

  async function leftOnDisk(): Promise<string> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const texts = entries
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1'));
    return (await Promise.all(texts)).join('\n');
  }

  async function close(): Promise<void> {
    await tenant.close();
    await rm(directory, { recursive: true, force: true });
  }

  return {
    tenant,
    directory,
    start,
    collect: (args, env) => start(args, env).ended,
    rows,
    leftOnDisk,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A port that was free a moment ago, below those that the system gives to everybody who asks for any. */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 30_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until something is true, asking a hundred times a second; throws when it does not come true in time. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  deadlineMs = 20_000,
): Promise<void> {
  for (const end = performance.now() + deadlineMs; performance.now() < end; await sleep(10)) {
    if (await isTrue()) return;
  }
  throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
}

const checkpoint = z.object({
  content: z.object({ sources: z.record(z.string(), z.object({ cursor: z.string().nullable() })) }),
});
const cursor = z.object({ readUpToMs: z.number().nullable() });

/** How far the feed is read by the text of a checkpoint (epoch milliseconds), or null. */
export function cursorOf(text: string): number | null {
  const feed = checkpoint.parse(JSON.parse(text)).content.sources['activity-feed'];
  return feed === undefined || feed.cursor === null ? null : cursor.parse(JSON.parse(feed.cursor)).readUpToMs;
}

/** The nearest time before `ms` that ends two days of work: on others the simulated people do little. */
export function afterWork(ms: number): number {
  const dayMs = 24 * 3_600_000;
  const day = new Date(ms - dayMs / 2).getUTCDay();
  return day >= 3 && day <= 5 ? ms : afterWork(ms - dayMs);
}

const SUMS = [
  ['Listed', 'Fetched', 'Expired', 'Parked', 'Pending'],
  ['Seen', 'Foreign', 'Selected', 'Unparsable'],
  ['Selected', 'Accepted', 'Duplicate', 'DeadLettered'],
] as const;

/** The newest snapshot of every hour; throws when a sum does not hold or the collector says so itself. */
export function newestLedger(
  health: readonly Readonly<Record<string, unknown>>[],
): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const newest = new Map<string, Record<string, number>>();
  for (const row of health) {
    if (row['HealthKind'] !== 'ledger') continue;
    const key = `${String(row['Source'])} ${String(row['Hour'])}`;
    if ((newest.get(key)?.['Revision'] ?? -1) < Number(row['Revision'])) newest.set(key, row as Record<string, number>);
  }
  for (const [key, row] of newest) {
    for (const [whole, ...parts] of SUMS) {
      const sum = parts.reduce((total, part) => total + (row[part] ?? 0), 0);
      if (sum !== row[whole])
        throw new Error(`ledger of ${key}: ${whole} is ${row[whole]}, its parts add up to ${sum}`);
    }
    if ((row['IsBalanced'] as unknown) !== true) throw new Error(`ledger of ${key} says that it is not balanced`);
  }
  return newest;
}
