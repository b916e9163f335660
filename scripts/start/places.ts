/** Where a start keeps what it makes. */
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Mode } from '../../workspace/console/api.ts';

/** Folders of one kind of start. */
export interface Places {
  readonly rows: string;
  readonly state: string;
  /** Alerts of a real tenant. */
  readonly alerts: string;
  /** What points the collector there. */
  readonly env: Readonly<Record<string, string>>;
}

/** Names the folders; nothing is made yet. */
export function placesOf(directory: string, mode: Mode): Places {
  const at = (name: string): string => join(resolve(directory), mode, name);
  const [rows, state] = [at('rows'), at('state')];
  return { rows, state, alerts: at('alerts.ndjson'), env: { INGESTION_URL: rows, STATE_URL: state } };
}

/** Makes the folders. A real tenant's rows and state are kept from start to start; others begin anew. */
export async function openPlaces({ rows, state }: Places, mode: Mode): Promise<void> {
  for (const folder of [rows, state]) {
    if (mode !== 'tenant') await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}
