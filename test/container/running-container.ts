import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tools } from './tools.ts';

/** What a container may see beside its image. */
export interface ContainerOptions {
  /** Directory with config.json and rootfs. */
  readonly bundle: string;
  /** Unique on this machine. */
  readonly id: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly { readonly from: string; readonly to: string; readonly mode: 'ro' | 'rw' }[];
}

/** A container that is running. */
export interface RunningContainer {
  /** What its process wrote, so far. */
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** A line of /proc/<pid>/status of its first process. */
  status(name: string): Promise<string>;
  /** Runs a script with the container's Node, as the container's user; resolves with what it printed. */
  evaluate(script: string): Promise<string>;
  kill(signal: 'TERM' | 'KILL'): Promise<void>;
}

interface RuntimeConfig {
  process: { env: string[]; terminal: boolean; capabilities: object; noNewPrivileges: boolean };
  root: { path: string; readonly: boolean };
  mounts: { destination: string; type: string; source: string; options: string[] }[];
  linux: { namespaces: { type: string }[] };
}

/** Starts the container hardened as docs/container.md asks, in the network of the host. */
export async function runningContainer(tools: Tools, options: ContainerOptions): Promise<RunningContainer> {
  const { bundle, id, env, mounts } = options;
  const path = join(bundle, 'config.json');
  const config = JSON.parse(await readFile(path, 'utf8')) as RuntimeConfig;
  config.process.terminal = false;
  config.process.capabilities = {};
  config.process.noNewPrivileges = true;
  config.process.env.push(...Object.entries(env).map(([name, value]) => `${name}=${value}`));
  config.root.readonly = true;
  config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== 'network');
  // sysfs belongs to a network namespace of its own, and the collector reads neither it nor its cgroup.
  config.mounts = config.mounts.filter(({ destination }) => !destination.startsWith('/sys'));
  for (const { from, to, mode } of mounts)
    config.mounts.push({ destination: to, type: 'bind', source: from, options: ['bind', mode] });
  await writeFile(path, JSON.stringify(config));

  const child = spawn(tools.runcCommand.file, ['run', '--bundle', bundle, id], {
    env: tools.runcCommand.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
  return {
    output: () => output,
    ended,
    async status(name) {
      const { pid } = JSON.parse(await tools.runc(['state', id])) as { pid: number };
      const text = await readFile(`/proc/${pid}/status`, 'utf8');
      return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
    },
    evaluate: (script) => tools.runc(['exec', id, '/nodejs/bin/node', '-p', script]),
    kill: async (signal) => void (await tools.runc(['kill', id, signal])),
  };
}
