/** Runs a Pulumi program as Pulumi's language host does, against an engine that listens on loopback. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);

/** One run of a program. */
export interface Run {
  readonly program: string;
  /** The program's working directory. */
  readonly directory: string;
  readonly project: string;
  readonly stack: string;
  readonly mode: 'preview' | 'update';
  /** host:port of the engine. */
  readonly address: string;
  /** Full keys to text, as Pulumi hands them over. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** Environment of the program. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A program that has not ended by then is stopped. */
  readonly deadlineMs: number;
}

/** How the program ended; 0 is success, 32 an error that it logged. */
export interface Ended {
  readonly exitCode: number | null;
  /** What it printed to both streams. */
  readonly printed: string;
}

/** Runs the program to its end. */
export async function runProgram(run: Run): Promise<Ended> {
  const entry = join(dirname(require.resolve('@pulumi/pulumi/package.json')), 'cmd/run');
  const parameters = [
    '--no-warnings',
    entry,
    `--monitor=${run.address}`,
    `--engine=${run.address}`,
    `--project=${run.project}`,
    `--stack=${run.stack}`,
    '--organization=organization',
    `--pwd=${run.directory}`,
    `--root-directory=${run.directory}`,
    '--parallel=16',
    ...(run.mode === 'preview' ? ['--dry-run'] : []),
    run.program,
  ];
  const child = spawn(process.execPath, parameters, {
    cwd: run.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: run.deadlineMs,
    killSignal: 'SIGKILL',
    env: {
      ...run.env,
      PULUMI_CONFIG: JSON.stringify(run.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(run.secretKeys),
    },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  const [exitCode, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exitCode, printed: out + err };
}
