import { latency } from '../latency.ts';
import type { PlantedItem, PlantedRecord, PlantedRow } from '../planted.ts';
import { guid, letters, random, type Random } from '../random.ts';
import type { Act } from '../records/crafted.ts';
import type { Json, WireRecord } from '../records/scene.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';

/** Notes what happens, with chance and ids of its own. */
export interface Plot {
  readonly tenant: Tenant;
  readonly next: Random;
  /** A new conversation. */
  readonly thread: () => string;
  readonly mailId: () => string;
  /** Notes a record at a time (epoch milliseconds), from the user's office unless an address is given; returns its id. */
  readonly record: (timeMs: number, user: User, make: (act: Act) => WireRecord, address?: string) => string;
  /** Notes a row of another table, which has it ten minutes later. */
  readonly row: (table: string, timeMs: number, columns: Readonly<Record<string, Json>>) => void;
  readonly item: (watchlist: string, columns: PlantedItem['columns']) => void;
  readonly records: readonly PlantedRecord[];
  readonly rows: readonly PlantedRow[];
  readonly items: readonly PlantedItem[];
}

const ROW_DELAY_MS = 600_000;

/** An empty plot; the same keys make the same chance and ids. */
export function plot(tenant: Tenant, ...keys: readonly (string | number)[]): Plot {
  const next = random(tenant.seed, 'plot', ...keys);
  const ids = random(tenant.seed, 'plot-id', ...keys);
  const lateness = random(tenant.seed, 'plot-lateness', ...keys);
  const records: PlantedRecord[] = [];
  const rows: PlantedRow[] = [];
  const items: PlantedItem[] = [];
  return {
    tenant,
    next,
    thread: () => `19:${guid(ids).replaceAll('-', '')}1@thread.v2`,
    mailId: () => `AAMkAGI${letters(ids, 30)}`,
    record(time, user, make, address = user.addresses[1]) {
      // The wire tells whole seconds.
      const timeMs = Math.floor(time / 1000) * 1000;
      const id = guid(ids);
      const record = make({ tenant, actor: user, address, timeMs, id });
      records.push({ timeMs, availableMs: timeMs + latency(lateness, true), id, record });
      return id;
    },
    row: (table, timeMs, columns) => void rows.push({ table, timeMs, receivedMs: timeMs + ROW_DELAY_MS, columns }),
    item: (watchlist, columns) => void items.push({ watchlist, columns }),
    records,
    rows,
    items,
  };
}
