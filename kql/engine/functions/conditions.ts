/** Functions that choose: `iff`, `case`, `coalesce`, `max_of`, … */
import { KqlError } from '../errors.ts';
import { unify } from '../expressions/unify.ts';
import { type Cell, type Cells, constant } from '../relation.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { asDecimal } from '../values/convert.ts';
import { plain, toNumber } from '../values/numbers.ts';
import { compare } from '../values/order.ts';
import { isNumeric, type Type, type Value } from '../values/types.ts';
import { bool, pure, unary } from './define.ts';
import { toDynamic } from './dynamic-values.ts';

/** A branch as a value of the common type: numbers are widened, others stay. */
function branch({ at, type }: Cells, to: Type): Cell {
  if (type === to) return at;
  if (to === 'dynamic') return (row) => toDynamic(at(row), type);
  if (!isNumeric(type) || !isNumeric(to) || to === 'long') return at;
  if (to === 'decimal') return (row) => asDecimal(at(row));
  return (row) => {
    const value = at(row);
    return value === null ? null : toNumber(value);
  };
}

const typeOf = (cells: readonly Cells[]): Type => unify(cells.map(({ type }) => type));

/** The type of branches, which the engine does not mix: only int with long, and dynamic with anything. */
function branchType(cells: readonly Cells[], { name, node }: Site): Type {
  const type = typeOf(cells);
  const isInteger = (of: Type): boolean => of === 'int' || of === 'long';
  const other = cells.find((cell) => cell.type !== type && !(isInteger(cell.type) && isInteger(type)));
  if (type === 'dynamic' || other === undefined) return type;
  throw new KqlError(`${name}: branches of type ${other.type} and ${type}: convert one, as with to${type}()`, {
    code: 'runtime',
    position: node.position,
  });
}

const iff: ScalarFunction = (args, site) => {
  const [condition = constant('bool', null), yes = constant('dynamic', null), no = constant('dynamic', null)] = args;
  const type = branchType([yes, no], site);
  const holds = condition.at;
  const atYes = branch(yes, type);
  const atNo = branch(no, type);
  return pure(args, type, (row) => (holds(row) === true ? atYes(row) : atNo(row)));
};

const choose: ScalarFunction = (args, site) => {
  const last = args.length - 1;
  const type = branchType(
    args.filter((_, index) => index % 2 === 1 || index === last),
    site,
  );
  const cells = args.map((arg, index) => (index % 2 === 1 || index === last ? branch(arg, type) : arg.at));
  return pure(args, type, (row) => {
    for (let index = 0; index < last; index += 2)
      if (cells[index]?.(row) === true) return cells[index + 1]?.(row) ?? null;
    return cells[last]?.(row) ?? null;
  });
};

/** The first value that is neither null nor ''. */
const coalesce: ScalarFunction = (args, site) => {
  const type = branchType(args, site);
  const cells = args.map((arg) => branch(arg, type));
  return pure(args, type, (row) => {
    let value: Value = null;
    for (const at of cells) {
      value = at(row);
      if (value !== null && value !== '') return value;
    }
    return value;
  });
};

const isNaNValue = (value: Value): boolean => {
  const number = plain(value);
  return typeof number === 'number' && Number.isNaN(number);
};

/** The largest (1) or smallest (-1) value that is not null; NaN beats all numbers. */
const extreme =
  (direction: 1 | -1): ScalarFunction =>
  (args) => {
    const type = typeOf(args);
    const cells = args.map((arg) => branch(arg, type));
    return pure(args, type, (row) => {
      let best: Value = null;
      for (const at of cells) {
        const value = at(row);
        if (value === null) continue;
        if (isNaNValue(value)) return value;
        if (best === null || compare(value, best) * direction > 0) best = value;
      }
      return best;
    });
  };

const assert: ScalarFunction = (args, { node }) => {
  const [condition = constant('bool', null), message = constant('string', '')] = args;
  const check = (value: Value, row: number): Value => {
    if (value === true) return true;
    const text = message.at(row);
    throw new KqlError(`assert failed: ${typeof text === 'string' ? text : ''}`, {
      code: 'runtime',
      position: node.position,
    });
  };
  return pure(args, 'bool', (row) => check(condition.at(row), row));
};

/** Functions that choose between values. */
export const conditions: Readonly<Record<string, ScalarFunction>> = {
  iff,
  iif: iff,
  case: choose,
  coalesce,
  max_of: extreme(1),
  min_of: extreme(-1),
  not: unary(bool, 'bool', (value) => !value),
  assert,
};
