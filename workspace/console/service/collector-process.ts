/** The collector as a process of its own, watched. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LogLine, Status } from '../api.ts';
import { type CollectorEvent, lineReader, toEvent, toLogLine } from './collector-log.ts';
import { readSamples, type Sample } from './metrics-text.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const endWithParent = new URL('end-with-parent.ts', import.meta.url).href;

const LOOPBACK = '127.0.0.1';
const KEPT_LINES = 200;
const SCRAPE_EVERY_MS = 1000;
// It ends by itself within 25 seconds of SIGTERM.
const KILL_AFTER_MS = 27_000;

/** How to start it. */
export interface CollectorOptions {
  /** `['run']`, `['import', ...files]`. */
  readonly args: readonly string[];
  /** Beside our own environment; undefined takes a name out of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it answers /metrics, if it does. */
  readonly healthPort?: number;
  readonly onEvent?: (event: CollectorEvent) => void;
}

/** How it ended. */
export interface CollectorEnd {
  /** null: by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  /** What it said on standard error that was no event of its log: why it could not start. */
  readonly words: string;
}

/** A running collector. */
export interface CollectorProcess {
  readonly status: () => Status['collector'];
  /** Never rejects. */
  readonly ended: Promise<CollectorEnd>;
  /** Ends it in order, and by force where it does not. */
  readonly stop: () => Promise<void>;
}

/** Starts a collector. It ends with this process, however that ends. */
export function collectorProcess({ args, env, healthPort, onEvent }: CollectorOptions): CollectorProcess {
  // An address for probes in our own environment is a container's, not ours to ask at.
  const probes = healthPort === undefined ? {} : { HEALTH_PORT: String(healthPort), HEALTH_HOST: LOOPBACK };
  const child = spawn(process.execPath, ['--import', endWithParent, 'collector/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env, ...probes },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A Ctrl-C of the terminal is ours to pass on: two signals would end it in haste.
    detached: process.platform !== 'win32',
  });
  const log: LogLine[] = [];
  const words: string[] = [];
  let stdout = '';
  let end: CollectorEnd | undefined;
  let isStopped = false;
  let metrics: readonly Sample[] = [];

  const lines = lineReader((line) => {
    const event = toEvent(line);
    if (event === undefined && words.length < KEPT_LINES) words.push(line);
    const now = new Date().toISOString();
    log.push(event === undefined ? { level: 'error', time: now, message: line } : toLogLine(event));
    if (log.length > KEPT_LINES) log.shift();
    if (event !== undefined) onEvent?.(event);
  });
  child.stderr.setEncoding('utf8').on('data', lines.push).on('end', lines.end);
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  // Closed while it still starts: nothing is ever written there.
  child.stdin.on('error', () => undefined);

  const ended = new Promise<CollectorEnd>((resolve) => {
    const close = (code: number | null): void => {
      end ??= { code, stdout, words: words.join('\n') };
      resolve(end);
    };
    child.once('close', close);
    child.once('error', (error) => {
      words.push(`the collector could not be started: ${error.message}`);
      close(1);
    });
  });

  const scrape = async (): Promise<void> => {
    const isOver = ended.then(() => true);
    for (let over = false; !over; over = await Promise.race([isOver, sleep(SCRAPE_EVERY_MS, false, { ref: false })])) {
      try {
        const answer = await fetch(`http://${LOOPBACK}:${healthPort}/metrics`, { headers: { accept: 'text/plain' } });
        if (answer.ok) metrics = readSamples(await answer.text());
      } catch {
        // It does not listen yet, or no more: the last answer stands.
      }
    }
  };
  if (healthPort !== undefined) void scrape();

  const state = (): Status['collector']['state'] => {
    if (end !== undefined) return end.code === 0 || isStopped ? 'ended' : 'failed';
    return log.length === 0 && metrics.length === 0 ? 'starting' : 'running';
  };
  return {
    status: () => ({ state: state(), exitCode: end?.code ?? null, log: [...log], metrics }),
    ended,
    stop: async () => {
      isStopped = true;
      if (end === undefined) child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
