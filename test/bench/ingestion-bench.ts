/** What is measured of the way into Azure: throughput of the sink, time from listing to acceptance. */
import { fork } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { measuredProcess } from './measured-process.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const served = z.object({ base: z.string(), ca: z.string() });
const sent = z.object({ rowBytes: z.number(), seconds: z.number(), cpuSeconds: z.number(), stallMs: z.number() });
const accepted = z.array(z.tuple([z.string(), z.number()]));

/** How rows are sent: see sink-client.ts. */
export type Way = 'ours' | 'sdk' | 'ceiling';

/** A data collection endpoint that discards, in a process of its own; `caPath` is a file in `directory`. */
export async function discardingEndpoint(directory: string, mode: 'discard' | 'read-rows' | 'digest') {
  const child = fork(path('ingestion-server.ts'), [mode]);
  const { base, ca } = served.parse(await new Promise((resolve) => child.once('message', resolve)));
  const caPath = join(directory, 'endpoint-ca.pem');
  await writeFile(caPath, ca);
  return { base, caPath, child, close: () => child.disconnect() };
}

/** Sends `rows` rows to an endpoint in one of the ways, in a process of its own. */
export async function sendRows(
  way: Way,
  endpoint: { readonly base: string; readonly caPath: string },
  rows: number,
): Promise<z.infer<typeof sent> & { readonly peakMiB: number }> {
  const { stdout, stderr, code, peakMiB } = await measuredProcess(
    [path('sink-client.ts'), way, endpoint.base, String(rows)],
    { NODE_EXTRA_CA_CERTS: endpoint.caPath },
  );
  if (code !== 0) throw new Error(`sink client ended with ${code}: ${stderr.slice(-2000)}`);
  return { ...sent.parse(JSON.parse(stdout)), peakMiB };
}

/** When the row of each record was accepted: milliseconds since 1970 by record id. */
export async function acceptances(endpoint: {
  readonly child: ReturnType<typeof fork>;
}): Promise<ReadonlyMap<string, number>> {
  const answer = new Promise((resolve) => endpoint.child.once('message', resolve));
  endpoint.child.send('accepted');
  return new Map(accepted.parse(await answer));
}

/** Digests of the ids of accepted rows by UTC day of the event. */
export async function digestsByDay(endpoint: {
  readonly child: ReturnType<typeof fork>;
}): Promise<Readonly<Record<string, string>>> {
  const answer = new Promise((resolve) => endpoint.child.once('message', resolve));
  endpoint.child.send('digests');
  return z.record(z.string(), z.string()).parse(await answer);
}

/** The value below which `share` of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
