/** Base tables as a run sees them: empty where there are no rows, and cut to a rule's period. */
import type { TableSchema } from './language/schema.ts';
import { columnOf, gather, type Relation } from './relation.ts';
import type { Budget } from './scope.ts';
import { Datetime, defaultOf } from './values/types.ts';

/** The rows of a table, or what makes them when they are read: it is told all names that the query mentions. */
export type TableRows = Relation | ((mentioned: ReadonlySet<string>) => Relation);

/** A span of time: its start is in it, its end is not. */
export interface Period {
  readonly from: Datetime;
  readonly to: Datetime;
}

// Items of a watchlist are written once and re-sent every 12 days; Sentinel shows them to rules of any period.
const withoutPeriod: ReadonlySet<string> = new Set(['Watchlist']);

const emptyTable = ({ columns }: TableSchema): Relation => ({
  columns: columns.map((column) => ({ ...column, at: () => defaultOf(column.type) })),
  length: 0,
  order: 'none',
});

function within(relation: Relation, { from, to }: Period, budget: Budget): Relation {
  const time = columnOf(relation, 'TimeGenerated');
  if (time === undefined) return relation;
  const rows: number[] = [];
  for (let row = 0; row < relation.length; row += 1) {
    budget.visit();
    const at = time.at(row);
    if (at instanceof Datetime && at.ticks >= from.ticks && at.ticks < to.ticks) rows.push(row);
  }
  budget.keep(rows.length);
  return gather(relation, rows);
}

/** What there is to read. */
export interface TableSource {
  readonly schemas: ReadonlyMap<string, TableSchema>;
  readonly rows: Readonly<Record<string, TableRows>>;
  readonly period: Period | undefined;
  /** Names that the query mentions. */
  readonly mentioned: () => ReadonlySet<string>;
}

/** Reads tables by name, each once in a run; undefined for a table that the schema has not. */
export function tableReader(
  { schemas, rows, period, mentioned }: TableSource,
  budget: Budget,
): (name: string) => Relation | undefined {
  const read = new Map<string, Relation>();
  const open = (schema: TableSchema): Relation => {
    const source = rows[schema.name];
    if (source === undefined) return { ...emptyTable(schema), name: schema.name };
    const relation = typeof source === 'function' ? source(mentioned()) : source;
    const visible =
      period === undefined || withoutPeriod.has(schema.name) ? relation : within(relation, period, budget);
    return { ...visible, name: schema.name };
  };
  return (name) => {
    const schema = schemas.get(name);
    if (schema === undefined) return undefined;
    let relation = read.get(name);
    if (relation === undefined) {
      relation = open(schema);
      read.set(name, relation);
    }
    return relation;
  };
}
