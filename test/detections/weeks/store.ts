/** Tables in memory that are cut by time without looking at every row. */
import { fromJsonRows } from '../../../kql/engine/json-rows.ts';
import { gather, type Relation } from '../../../kql/engine/relation.ts';
import type { JsonRow } from '../../../kql/engine/json-rows.ts';
import type { Tables } from '../../../workspace/rules/run-rule.ts';
import { schemaOf } from '../../../workspace/workspace.ts';
import type { Stored } from './rows.ts';

/** What a run sees: TimeGenerated from `fromMs` to before `toMs`, received by `receivedMs` (epoch milliseconds). */
export interface Cut {
  readonly fromMs: number;
  readonly toMs: number;
  readonly receivedMs: number;
}

/** Rows by table. */
export interface Store {
  readonly cut: (cut: Cut) => Tables;
}

interface Table {
  readonly relation: Relation;
  /** By TimeGenerated, ascending. */
  readonly generated: Float64Array;
  readonly received: Float64Array;
}

function firstFrom(times: Float64Array, ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toTable(name: string, rows: readonly Stored[]): Table {
  const sorted = rows.toSorted((one, other) => one.generatedMs - other.generatedMs);
  return {
    relation: fromJsonRows(
      schemaOf(name),
      sorted.map(({ row }) => row),
    ),
    generated: Float64Array.from(sorted, ({ generatedMs }) => generatedMs),
    received: Float64Array.from(sorted, ({ receivedMs }) => receivedMs),
  };
}

function cutTable({ relation, generated, received }: Table, { fromMs, toMs, receivedMs }: Cut): Relation {
  const rows: number[] = [];
  const end = firstFrom(generated, toMs);
  for (let row = firstFrom(generated, fromMs); row < end; row += 1)
    if ((received[row] ?? 0) <= receivedMs) rows.push(row);
  return gather(relation, rows);
}

/** A store of rows. Watchlists are there whole at any time. */
export function store(rows: readonly Stored[], lists: readonly JsonRow[]): Store {
  const tables = [...Map.groupBy(rows, ({ table }) => table)].map(([name, own]) => [name, toTable(name, own)] as const);
  const watchlist = fromJsonRows(schemaOf('Watchlist'), lists);
  return {
    cut: (cut) => ({
      ...Object.fromEntries(tables.map(([name, table]) => [name, cutTable(table, cut)] as const)),
      Watchlist: watchlist,
    }),
  };
}

function joined(one: Relation, other: Relation): Relation {
  const second = new Map(other.columns.map((column) => [column.name, column.at]));
  const { receivedAt } = one;
  return {
    ...one,
    columns: one.columns.map((column) => ({
      ...column,
      at: (row) => (row < one.length ? column.at(row) : (second.get(column.name)?.(row - one.length) ?? null)),
    })),
    length: one.length + other.length,
    ...(receivedAt === undefined
      ? {}
      : { receivedAt: (row) => (row < one.length ? receivedAt(row) : (other.receivedAt?.(row - one.length) ?? null)) }),
  };
}

/** Both stores as one; watchlists are those of the second. */
export const both = (first: Store, second: Store): Store => ({
  cut(cut) {
    const [one, other] = [first.cut(cut), second.cut(cut)];
    const tables: Record<string, Relation> = {};
    for (const [name, table] of [...Object.entries(one), ...Object.entries(other)]) {
      if (typeof table === 'function') continue;
      const before = tables[name];
      tables[name] = before === undefined || name === 'Watchlist' ? table : joined(before, table);
    }
    return tables;
  },
});
