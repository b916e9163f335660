/** The rows of a case: what lies in the workspace's tables when the rule runs. */
import type { Given } from '../../kql/content/rule-tests.ts';
import { fromJsonRows } from '../../kql/engine/json-rows.ts';
import type { Tables } from '../../workspace/rules/run-rule.ts';
import { watchlistRows, type Watchlists } from '../../workspace/rules/watchlist-rows.ts';
import { schemaOf } from '../../workspace/workspace.ts';
import { activityRow } from './activity-row.ts';
import { recordBase, rowBase } from './bases.ts';
import { removeField } from './field-path.ts';
import {
  arrivedAgain,
  arrivedAt,
  auditRow,
  changed,
  type StoredRow,
  type Times,
  timesOf,
  toStoredRow,
} from './given-rows.ts';
import { isoOf } from './times.ts';

// A second delivery follows the first so soon.
const AGAIN_MS = 2 * 60_000;

/** How the rows of a case come in. Times in milliseconds. */
export interface SceneOptions {
  /** The scheduled time of the run. */
  readonly run: number;
  /** How much earlier all of it happened. */
  readonly late?: number;
  /** Everything comes a second time: soon after the first, and so long after the run. */
  readonly again?: number;
  /** Records as rows of Microsoft's table. */
  readonly records?: 'collector' | 'CopilotActivity';
  /** What is taken away: a path, or `record:`, `row:`, `watchlist:` and a name. */
  readonly without?: string | undefined;
  /** Puts tokens in place of people, where the collector would: in records and in rows of its own tables. */
  readonly mask?: ((value: unknown) => unknown) | undefined;
  /** Puts tokens into watchlists, too. */
  readonly maskList?: ((cell: string) => string) | undefined;
}

/** The rows of a case, and whether what was to be taken away was there. */
export interface Scene {
  readonly tables: Tables;
  readonly isTaken: boolean;
  /** Rows of all tables but watchlists. */
  readonly rowCount: number;
}

interface Placed {
  readonly table: string;
  readonly row: StoredRow;
}

function toTables(placed: readonly Placed[], lists: Watchlists): Tables {
  const byTable = Map.groupBy(placed, ({ table }) => table);
  const entries = [...byTable].map(([name, rows]) => [name, rows.map(({ row }) => row)] as const);
  const all = [...entries, ['Watchlist', [...lists.values()].flat()] as const];
  return Object.fromEntries(all.map(([name, rows]) => [name, fromJsonRows(schemaOf(name), rows)]));
}

const toId = (number: number): string => `e0e0e0e0-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

/** `record:interaction`, `row:SigninLogs`, `watchlist:CopilotVIP`. */
const placeOf = ({ record, row, watchlist }: Given): string => {
  if (record !== undefined) return `record:${record}`;
  return row === undefined ? `watchlist:${watchlist ?? ''}` : `row:${row}`;
};

function maskedItem<T extends Readonly<Record<string, unknown>>>(item: T, mask: (cell: string) => string): T {
  const entries = Object.entries(item).map(([name, cell]) => [name, typeof cell === 'string' ? mask(cell) : cell]);
  return Object.fromEntries(entries) as T;
}

/** Makes the rows of a case. @throws Error naming the base, table or field that is wrong */
export function scene(givens: readonly Given[], watchlists: Watchlists, options: SceneOptions): Scene {
  const { run, late = 0, again, records = 'collector', without = '', mask, maskList } = options;
  const masked = (fields: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(mask?.(fields) ?? fields));
  const placed: Placed[] = [];
  const lists = new Map(watchlists);
  let isTaken = false;
  let recordCount = 0;

  const take = (fields: object): void => {
    if (removeField(fields, without)) isTaken = true;
  };

  const put = (table: string, row: StoredRow, ingested: number): void => {
    placed.push({ table, row });
    if (again === undefined) return;
    const copies = [Math.min(ingested + AGAIN_MS, Math.max(run, ingested)), Math.max(run, ingested) + again];
    placed.push(...copies.map((time) => ({ table, row: arrivedAgain(table, row, time) })));
  };

  const putRecord = (name: string, given: Given, { at, ingested }: Times, n: number): void => {
    const raw = changed(recordBase(name), given, { at, run, n });
    recordCount += 1;
    raw['Id'] ??= toId(recordCount);
    raw['CreationTime'] ??= isoOf(at).slice(0, 19);
    take(raw);
    if (records === 'collector')
      put('CopilotAudit_CL', auditRow(masked(raw), ingested, toStoredRow(masked(given.columns))), ingested);
    else put(records, toStoredRow(activityRow(raw, { happened: isoOf(at), received: isoOf(ingested) })), ingested);
  };

  const putRow = (table: string, given: Given, { at, ingested }: Times, n: number): void => {
    const whole = changed(rowBase(table), given, { at, run, n });
    take(whole);
    const row = /^Copilot\w+_CL$/.test(table) ? masked(whole) : whole;
    const stored = toStoredRow({ TimeGenerated: isoOf(at), ...row });
    // Times that a case sets stay.
    put(table, { ...arrivedAt(table, stored, ingested), ...toStoredRow(row) }, ingested);
  };

  for (const given of givens) {
    const { record, row, watchlist, items = [] } = given;
    if (placeOf(given) === without) {
      isTaken = true;
      continue;
    }
    if (watchlist !== undefined) {
      const cells = maskList === undefined ? items : items.map((item) => maskedItem(item, maskList));
      lists.set(watchlist, watchlistRows(watchlist, cells));
      continue;
    }
    for (let index = 0; index < given.times; index += 1) {
      const times = timesOf(given, index, run, late);
      if (record !== undefined) putRecord(record, given, times, index + 1);
      if (row !== undefined) putRow(row, given, times, index + 1);
    }
  }
  return { tables: toTables(placed, lists), isTaken, rowCount: placed.length };
}
