/** `in`, `in~`, `has_any`, `has_all` and their negations. Lists, arrays and the first column of tables are one set. */
import { pure } from '../functions/define.ts';
import type { Syntax } from '../language/syntax.ts';
import type { Cell, Cells } from '../relation.ts';
import type { Expression, Scope } from '../scope.ts';
import { hasTerm } from '../terms.ts';
import { asString } from '../values/convert.ts';
import { keyOf } from '../values/order.ts';
import { isArray, type Type, type Value } from '../values/types.ts';

function append(values: Value[], value: Value): void {
  if (isArray(value)) for (const element of value) values.push(element);
  else values.push(value);
}

interface List {
  /** The cells that the elements depend on; none where all are known now. */
  readonly varying: readonly Cells[];
  readonly valuesOf: (row: number) => readonly Value[];
}

function listOf(node: Syntax, scope: Scope): List {
  const known: Value[] = [];
  const varying: Cells[] = [];
  for (const element of node.child('Right').list('Expressions')) {
    if (element.isTabular) {
      const relation = scope.tabular(element);
      const [column] = relation.columns;
      if (column === undefined) continue;
      for (let row = 0; row < relation.length; row += 1) {
        scope.run.budget.visit();
        append(known, column.at(row));
      }
      continue;
    }
    const cells = scope.scalar(element);
    if (cells.constant === undefined) varying.push(cells);
    else append(known, cells.constant);
  }
  scope.run.budget.keep(known.length);
  return {
    varying,
    valuesOf: (row) => {
      if (varying.length === 0) return known;
      scope.run.budget.visit(known.length);
      const values = [...known];
      for (const { at } of varying) append(values, at(row));
      return values;
    },
  };
}

type Fold = (text: string) => string;
const asWritten: Fold = (text) => text;
const lowered: Fold = (text) => text.toLowerCase();

/** Elements as the left side compares them: beside a string all are text. */
const keyed = (value: Value, type: Type, fold: Fold): string => {
  const alike = type === 'string' && value !== null ? asString(value) : value;
  return keyOf(typeof alike === 'string' ? fold(alike) : alike);
};

function memberCell(left: Cells, list: List, fold: Fold, outcome: 'in' | 'not in'): Cell {
  const isIn = outcome === 'in';
  const { at, type } = left;
  if (type === 'string' && list.varying.length === 0) {
    // The common case needs no keys.
    const present = list.valuesOf(0).filter((value) => value !== null);
    const texts = new Set(present.map((value) => fold(asString(value))));
    return (row) => {
      const value = at(row);
      return typeof value === 'string' ? texts.has(fold(value)) === isIn : !isIn;
    };
  }
  const keysOf = (row: number): ReadonlySet<string> =>
    new Set(list.valuesOf(row).map((value) => keyed(value, type, fold)));
  const constant = list.varying.length === 0 ? keysOf(0) : undefined;
  return (row) => {
    const value = at(row);
    // A null is in no list, not even beside a null.
    if (value === null) return !isIn;
    return (constant ?? keysOf(row)).has(keyed(value, type, fold)) === isIn;
  };
}

const membership =
  (fold: Fold, outcome: 'in' | 'not in'): Expression =>
  (node, scope) => {
    const left = scope.scalar(node.child('Left'));
    const list = listOf(node, scope);
    return pure([left, ...list.varying], 'bool', memberCell(left, list, fold, outcome));
  };

type Quantifier = (terms: readonly string[], isIn: (term: string) => boolean) => boolean;
const any: Quantifier = (terms, isIn) => terms.some(isIn);
const all: Quantifier = (terms, isIn) => terms.every(isIn);

const terms =
  (quantifier: Quantifier): Expression =>
  (node, scope) => {
    const left = scope.scalar(node.child('Left'));
    const list = listOf(node, scope);
    const { at, type } = left;
    const { budget } = scope.run;
    const termsOf = (row: number): readonly string[] =>
      list.valuesOf(row).map((value) => asString(value).toLowerCase());
    const constant = list.varying.length === 0 ? termsOf(0) : undefined;
    return pure([left, ...list.varying], 'bool', (row) => {
      const value = at(row);
      if (value === null) return false;
      const text = asString(value, type).toLowerCase();
      const visits = 1 + Math.floor(text.length / 64);
      return quantifier(constant ?? termsOf(row), (term) => {
        budget.visit(visits);
        return hasTerm(text, term);
      });
    });
  };

/** By kind of node: `InCs` is what the parser calls `in~`. */
export const memberships: Readonly<Record<string, Expression>> = {
  InExpression: membership(asWritten, 'in'),
  InCsExpression: membership(lowered, 'in'),
  NotInExpression: membership(asWritten, 'not in'),
  NotInCsExpression: membership(lowered, 'not in'),
  HasAnyExpression: terms(any),
  HasAllExpression: terms(all),
};
