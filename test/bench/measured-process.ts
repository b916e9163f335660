import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** A finished process: what it printed, and what it used as far as /proc told. */
export interface Measured {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

const TICKS_PER_SECOND = 100;

/** Runs Node on a script to its end, after a `prefix` that execs it, sampling memory and CPU from /proc. */
export async function measuredProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  prefix: readonly string[] = [],
): Promise<Measured> {
  const started = performance.now();
  const [command = process.execPath, ...rest] = [...prefix, process.execPath, ...args];
  const child = spawn(command, rest, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  let cpuSeconds = Number.NaN;
  let peakMiB = Number.NaN;
  const sample = async (): Promise<void> => {
    try {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      peakMiB = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024 || peakMiB;
      const stat = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      cpuSeconds = (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
    } catch {
      // The process has ended, or there is no /proc: the last sample stands.
    }
  };
  const timer = setInterval(() => void sample(), 100);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  return { stdout, stderr, code, seconds: (performance.now() - started) / 1000, cpuSeconds, peakMiB };
}
