/** Aggregates that choose a row and yield columns of it: the row's number is kept, its cells are read when asked for. */
import type { Syntax } from '../language/syntax.ts';
import type { Cell, Cells, Column } from '../relation.ts';
import type { Accumulator, Aggregate, Site } from '../scope.ts';
import { defaultOf, type Value } from '../values/types.ts';
import { argument, conditional, over } from './define.ts';
import { type End, wins } from './extremes.ts';

/** The columns of the rows that groups have kept; a group without one reads defaults. */
const ofKept =
  (columns: readonly Column[]) =>
  (kept: Cell): readonly Column[] =>
    columns.map(({ name, type, at }) => ({
      name,
      type,
      at: (group) => {
        const row = kept(group);
        return typeof row === 'number' ? at(row) : defaultOf(type);
      },
    }));

const argumentsOf = (call: Syntax): readonly Syntax[] => call.child('ArgumentList').list('Expressions');

/** Names of the keys that the rows are grouped by: `*` leaves them out. */
function groupKeys(call: Syntax): readonly string[] {
  const by = call.ancestor('SummarizeOperator')?.optional('ByClause');
  if (by === undefined) return [];
  return by
    .list('Expressions')
    .map((node) => (node.kind === 'SimpleNamedExpression' ? node.child('Name').name : (node.resultName ?? '')));
}

/** The columns that arguments stand for, `*` for all of the input but those left out. */
function selected(nodes: readonly Syntax[], { node: call, scope }: Site, leftOut: readonly string[]): Column[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'StarExpression') {
      const without = new Set([...leftOut, ...groupKeys(call)]);
      return scope.relation.columns.filter(({ name }) => !without.has(name));
    }
    const { cells, names } = scope.named(node);
    return [{ name: names[0] ?? 'Column1', type: cells.type, at: cells.at }];
  });
}

/** The first row with the least or greatest value. A row with null only counts where there is no other. */
class ArgExtreme implements Accumulator {
  readonly #by: Cells;
  readonly #end: End;
  #row: number | null = null;
  #best: Value = null;
  constructor(by: Cells, end: End) {
    this.#by = by;
    this.#end = end;
  }
  add(row: number): void {
    const value = this.#by.at(row);
    if (value === null) this.#row ??= row;
    else if (this.#best === null || wins(value, this.#best, this.#end)) {
      this.#best = value;
      this.#row = row;
    }
  }
  result(): Value {
    return this.#row;
  }
}

const argExtreme =
  (end: End): Aggregate =>
  (args, site) => {
    const [first, ...others] = argumentsOf(site.node);
    const by = argument(args, 0, site);
    const name = first?.resultName ?? (end === 'least' ? 'min_' : 'max_');
    const columns = [{ name, type: by.type, at: by.at }, ...selected(others, site, [name])];
    return { type: by.type, accumulator: () => new ArgExtreme(by, end), tuple: ofKept(columns) };
  };

/** The first row of a group. */
class FirstRow implements Accumulator {
  #row: number | null = null;
  add(row: number): void {
    this.#row ??= row;
  }
  result(): Value {
    return this.#row;
  }
}

/** The first value that is neither null nor ''; '' where all are. */
class FirstValue implements Accumulator {
  readonly #of: Cells;
  #value: Value;
  constructor(of: Cells) {
    this.#of = of;
    this.#value = defaultOf(of.type);
  }
  add(row: number): void {
    if (this.#value === null || this.#value === '') this.#value = this.#of.at(row);
  }
  result(): Value {
    return this.#value;
  }
}

const anyValue = over(
  (of) => of,
  (of) => new FirstValue(of),
);

/** Several columns come from one row; a single one looks for a value that is not empty, as documented. */
const anyRow =
  (prefix: '' | 'any_'): Aggregate =>
  (args, site) => {
    const nodes = argumentsOf(site.node);
    if (nodes.length === 1 && args.length === 1) return anyValue(args, site);
    const columns = selected(nodes, site, []).map((column) => ({ ...column, name: `${prefix}${column.name}` }));
    return { type: 'dynamic', accumulator: () => new FirstRow(), tuple: ofKept(columns) };
  };

/** `arg_max`, `arg_min`, `take_any`. */
export const keptRows: Readonly<Record<string, Aggregate>> = {
  arg_max: argExtreme('greatest'),
  arg_min: argExtreme('least'),
  take_any: anyRow(''),
  take_anyif: conditional(anyValue),
  any: anyRow('any_'),
  anyif: conditional(anyValue),
};
