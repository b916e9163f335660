/** Functions over neighbouring rows: `prev`, `row_number`, `row_cumsum`, … They need an order to rely on. */
import { KqlError } from '../errors.ts';
import { type Cells, constant } from '../relation.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { asLong } from '../values/convert.ts';
import { isNumber, plain, toNumber } from '../values/numbers.ts';
import { keyOf } from '../values/order.ts';
import { Datetime, Decimal, defaultOf, Timespan, type Type, type Value } from '../values/types.ts';
import { addLongs } from './longs.ts';

function requireOrder({ name, node, scope }: Site): void {
  if (scope.relation.order === 'serialized') return;
  throw new KqlError(`${name}: the rows have no order here: put sort or serialize before it`, {
    code: 'runtime',
    position: node.position,
  });
}

/** The values of all rows, computed from the first to the last when one is asked for. */
function sequential(type: Type, { scope }: Site, step: (row: number) => Value): Cells {
  const { relation, run } = scope;
  let values: Value[] | undefined;
  const compute = (): Value[] => {
    run.budget.keep(relation.length);
    const computed: Value[] = Array.from({ length: relation.length });
    for (let row = 0; row < relation.length; row += 1) {
      run.budget.visit();
      computed[row] = step(row);
    }
    return computed;
  };
  return {
    type,
    at: (row) => {
      values ??= compute();
      return values[row] ?? null;
    },
  };
}

const neighbour =
  (direction: 1 | -1): ScalarFunction =>
  (args, site) => {
    requireOrder(site);
    const [cells = constant('dynamic', null), offset = constant('long', 1), otherwise] = args;
    const distance = offset.constant === undefined ? null : asLong(offset.constant);
    if (distance === null || distance < 1 || (otherwise !== undefined && otherwise.constant === undefined))
      throw new KqlError(`${site.name}: the distance must be a constant from 1, the default a constant`, {
        code: 'runtime',
        position: site.node.position,
      });
    const { at, type } = cells;
    const absent = otherwise?.constant ?? defaultOf(type);
    const { length } = site.scope.relation;
    const step = direction * Number(distance);
    return {
      type,
      at: (row) => {
        const index = row + step;
        return index < 0 || index >= length ? absent : at(index);
      },
    };
  };

const never = constant('bool', false);

const rowNumber: ScalarFunction = (args, site) => {
  requireOrder(site);
  const [start = constant('long', 1), restart = never] = args;
  let number = 0;
  return sequential('long', site, (row) => {
    const first = Number(asLong(start.at(row)) ?? 1);
    number = row === 0 || restart.at(row) === true ? first : number + 1;
    return number;
  });
};

/** Adds a term to a sum of the same kind; null adds nothing. */
function add(sum: Value, term: Value): Value {
  const left = plain(sum);
  const right = plain(term);
  if (right === null) return sum;
  if (left instanceof Timespan && right instanceof Timespan) return new Timespan(left.ticks + right.ticks);
  if (left instanceof Decimal && right instanceof Decimal) return left.plus(right);
  return isNumber(left) && isNumber(right) ? toNumber(left) + toNumber(right) : sum;
}

const addLong = (sum: Value, term: Value): Value => {
  const left = asLong(sum);
  const right = asLong(term);
  return left === null || right === null ? left : addLongs(left, right);
};

function zeroOf(type: Type): Value {
  if (type === 'timespan') return new Timespan(0n);
  return type === 'decimal' ? new Decimal(0) : 0;
}

const cumulativeSum: ScalarFunction = (args, site) => {
  requireOrder(site);
  const [term = constant('long', null), restart = never] = args;
  const type = term.type === 'int' ? 'long' : term.type;
  const plus = type === 'long' ? addLong : add;
  let sum = zeroOf(type);
  return sequential(type, site, (row) => {
    if (row === 0 || restart.at(row) === true) sum = zeroOf(type);
    sum = plus(sum, term.at(row));
    return sum;
  });
};

/** The rank rises where the value differs from the row before: by one, or to the number of the row in its run. */
const rank =
  (kind: 'dense' | 'min'): ScalarFunction =>
  (args, site) => {
    requireOrder(site);
    const [term = constant('dynamic', null), restart = never] = args;
    let key = '';
    let current = 0;
    let count = 0;
    return sequential('long', site, (row) => {
      const next = keyOf(term.at(row));
      if (row === 0 || restart.at(row) === true) {
        count = 1;
        current = 1;
      } else {
        count += 1;
        if (next !== key) current = kind === 'dense' ? current + 1 : count;
      }
      key = next;
      return current;
    });
  };

/** The start of the session that a row belongs to. */
const windowSession: ScalarFunction = (args, site) => {
  requireOrder(site);
  const none = constant('timespan', null);
  const [time = constant('datetime', null), fromFirst = none, fromPrevious = none, restart = never] = args;
  let start: Datetime | undefined;
  let previous: Datetime | undefined;
  const isOver = (row: number, since: Datetime | undefined, now: Datetime, { at }: Cells): boolean => {
    const most = at(row);
    return since === undefined || (most instanceof Timespan && now.ticks - since.ticks > most.ticks);
  };
  return sequential('datetime', site, (row) => {
    const now = time.at(row);
    const isRestart = row === 0 || restart.at(row) === true;
    if (!(now instanceof Datetime)) {
      if (isRestart) start = undefined;
      return null;
    }
    if (isRestart || isOver(row, start, now, fromFirst) || isOver(row, previous, now, fromPrevious)) start = now;
    previous = now;
    return start ?? now;
  });
};

/** Functions over neighbouring rows. */
export const windows: Readonly<Record<string, ScalarFunction>> = {
  prev: neighbour(-1),
  next: neighbour(1),
  row_number: rowNumber,
  row_cumsum: cumulativeSum,
  row_rank_dense: rank('dense'),
  row_rank_min: rank('min'),
  row_window_session: windowSession,
};
