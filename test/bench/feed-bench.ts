import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { diskPlace } from '../../collector/state/disk-place.ts';
import { state } from '../../collector/state/state.ts';
import { bundle, nodeEnvironment, nodeFlags } from '../../scripts/bundle.ts';
import { measuredProcess, type Measured } from './measured-process.ts';

// What is measured is what a container runs.
export const built = bundle();

/** What the bench server serves. */
export interface Load {
  readonly blobs: number;
  readonly copilotPercent: number;
  readonly recordsPerBlob: number;
  readonly giantBytes: number;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const served = z.object({ base: z.string(), recordBytes: z.number() });
const counts = z.object({ listings: z.number(), blobs: z.number(), records: z.number(), bytes: z.number() });
const summary = z.object({ seen: z.number(), accepted: z.number(), duplicate: z.number(), foreign: z.number() });

/** A bench server in a process of its own. */
export async function benchServer({ blobs, copilotPercent, recordsPerBlob, giantBytes }: Load) {
  const child = fork(path('feed-server.ts'), [blobs, copilotPercent, recordsPerBlob, giantBytes].map(String));
  const { base, recordBytes } = served.parse(await new Promise((resolve) => child.once('message', resolve)));
  return {
    base,
    recordBytes,
    counts: async () => counts.parse(await (await fetch(`${base}/counts`)).json()),
    listedAt: async () => z.array(z.number()).parse(await (await fetch(`${base}/listed`)).json()),
    close: () => child.disconnect(),
  };
}

/** How a bench runs the collector beside the usual: other settings, and a command that starts it. */
export interface Beside {
  readonly env?: Readonly<Record<string, string>>;
  readonly prefix?: readonly string[];
}

/** One `collect once` over a bench server, in a process of its own. */
export async function collectOnce(
  base: string,
  directory: string,
  { env = {}, prefix = [] }: Beside = {},
): Promise<Measured & z.infer<typeof summary>> {
  const measured = await measuredProcess(
    [...nodeFlags, await built, 'once'],
    {
      ...nodeEnvironment,
      TENANT_ID: '0a0a0a0a-0000-4000-8000-00000000b1b1',
      ACTIVITY_FEED_URL: base,
      IDENTITY_ENDPOINT: `${base}/msi/token`,
      IDENTITY_HEADER: 'bench',
      INGESTION_URL: join(directory, 'rows'),
      STATE_URL: join(directory, 'state'),
      REQUESTS_PER_MINUTE: '100000000',
      // There is no Graph behind these benches; enrichment has one of its own.
      ENRICH: 'none',
      ...env,
    },
    prefix,
  );
  if (measured.code !== 0) throw new Error(`collect once ended with ${measured.code}: ${measured.stderr.slice(-2000)}`);
  return { ...measured, ...summary.parse(JSON.parse(measured.stdout.trim().split('\n').at(-1) ?? '')) };
}

/** Seconds that a client needs which only reads. */
export async function ceilingSeconds(base: string, blobs: number): Promise<number> {
  const measured = await measuredProcess([path('read-only-client.ts'), base, String(blobs), '16'], {});
  return z.object({ seconds: z.number() }).parse(JSON.parse(measured.stdout)).seconds;
}

/** Saves a state that has seen `count` record ids. */
export async function fillSeenIds(directory: string, count: number): Promise<void> {
  const store = state(diskPlace(join(directory, 'state')));
  const held = await store.load();
  const hour = Math.floor(Date.now() / 3_600_000);
  for (let n = 0; n < count; n++) {
    held.records.add(`ffffffff-0000-4000-8000-${n.toString(16).padStart(12, '0')}`, hour - (n % 168));
  }
  await store.save(held);
  await store.close();
}

/** Runs `act` in a temporary directory that is gone afterwards. */
export async function inTemporaryDirectory<T>(act: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-bench-'));
  try {
    return await act(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
