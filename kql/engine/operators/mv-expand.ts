/** `mv-expand`: one row for each element of an array or bag. */
import type { Syntax } from '../language/syntax.ts';
import { isArray, isBag, toType, type Type, type Value } from '../values/types.ts';
import { type Cells, type Column, freeName, gather, listed, type Relation, withColumns } from '../relation.ts';
import type { Operator, Scope } from '../scope.ts';
import { convert } from '../values/convert.ts';
import { toBag } from '../values/json.ts';
import { namedParameters } from './named-parameters.ts';

/** A column that is expanded. */
interface Item {
  readonly name: string;
  readonly cells: Cells;
  readonly type: Type;
}

/** What to expand, and how. */
export interface Expansion {
  readonly items: readonly Item[];
  /** `with_itemindex`: the name of the column with the element's place, from 0. */
  readonly indexName: string | undefined;
  /** The most elements of a row. */
  readonly limit: number;
  readonly bags: 'bag' | 'array';
  /** Elements of a row whose value is null: `mv-expand` keeps the row, `mv-apply` has no elements. */
  readonly ofNull: readonly Value[];
}

/** Rows after expansion. */
export interface Expanded {
  readonly relation: Relation;
  /** By row: the row of the input that it comes from, ascending. */
  readonly of: Int32Array;
}

function toItem(node: Syntax, scope: Scope): Item {
  const named = node.child('Expression');
  const isNamed = named.kind === 'SimpleNamedExpression';
  const expression = isNamed ? named.child('Expression') : named;
  const [type] = node.optional('ToTypeOf')?.child('TypeOf').list('Types') ?? [];
  const ownName = expression.kind === 'NameReference' ? expression.name : (expression.resultName ?? 'Column1');
  return {
    name: isNamed ? named.child('Name').name : ownName,
    cells: scope.scalar(expression),
    type: (type === undefined ? undefined : toType(type.text)) ?? 'dynamic',
  };
}

/** Reads the clauses that `mv-expand` and `mv-apply` share. */
export function expansion(node: Syntax, scope: Scope, ofNull: readonly Value[]): Expansion {
  const parameters = namedParameters(node);
  const limit = node.optional('RowLimitClause')?.child('RowLimit');
  return {
    items: node.list('Expressions').map((item) => toItem(item, scope)),
    indexName: parameters.get('with_itemindex'),
    limit: limit === undefined ? Number.POSITIVE_INFINITY : Number(scope.constant(limit)),
    bags: (parameters.get('bagexpansion') ?? parameters.get('kind')) === 'array' ? 'array' : 'bag',
    ofNull,
  };
}

function elementsOf(value: Value, { bags, ofNull }: Expansion): readonly Value[] {
  if (isArray(value)) return value;
  if (value === null) return ofNull;
  if (!isBag(value)) return [value];
  return Object.entries(value).map((pair) => (bags === 'array' ? pair : toBag([pair])));
}

function replaced(columns: readonly Column[], column: Column, taken: Set<string>): readonly Column[] {
  if (columns.some(({ name }) => name === column.name))
    return columns.map((own) => (own.name === column.name ? column : own));
  return [...columns, { ...column, name: freeName(column.name, taken) }];
}

/** Expands the rows of the scope's relation; several columns are expanded side by side, the shorter filled with null. */
export function expand(plan: Expansion, { relation, run: { budget } }: Scope): Expanded {
  const { items, indexName, limit } = plan;
  const of: number[] = [];
  const places: number[] = [];
  const values = items.map((): Value[] => []);
  for (let row = 0; row < relation.length; row += 1) {
    budget.visit();
    const elements = items.map(({ cells }) => elementsOf(cells.at(row), plan));
    const count = Math.min(limit, Math.max(...elements.map(({ length }) => length)));
    budget.keep(count);
    for (let place = 0; place < count; place += 1) {
      of.push(row);
      places.push(place);
      for (let item = 0; item < items.length; item += 1) values[item]?.push(elements[item]?.[place] ?? null);
    }
  }
  const indices = Int32Array.from(of);
  const rows = gather(relation, indices);
  const taken = new Set(rows.columns.map(({ name }) => name));
  let { columns } = rows;
  for (const [index, { name, type }] of items.entries()) {
    const list = values[index] ?? [];
    const typed = type === 'dynamic' ? list : list.map((value) => convert(value, type));
    columns = replaced(columns, { name, ...listed(type, typed) }, taken);
  }
  if (indexName !== undefined) columns = [...columns, { name: freeName(indexName, taken), ...listed('long', places) }];
  return { relation: withColumns(rows, columns), of: indices };
}

/** An empty array drops the row, null keeps one. */
export const mvExpand: Operator = (node, scope) => expand(expansion(node, scope, [null]), scope).relation;

export const mvExpandOperators: Readonly<Record<string, Operator>> = { MvExpandOperator: mvExpand };
