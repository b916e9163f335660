/** `between` and `!between`, both ends included. */
import { pure } from '../functions/define.ts';
import type { Cell, Cells } from '../relation.ts';
import type { Expression } from '../scope.ts';
import type { Value } from '../values/types.ts';
import { add } from './arithmetic.ts';
import { comparison } from './comparison.ts';

/** Both ends ask for the value of the same row, one after the other. */
function twice({ at, ...cells }: Cells): Cells {
  if (cells.constant !== undefined) return { ...cells, at };
  let known = -1;
  let value: Value = null;
  const once: Cell = (row) => {
    if (row !== known) {
      value = at(row);
      known = row;
    }
    return value;
  };
  return { ...cells, at: once };
}

/** The outcome for a value inside of the range; the opposite outside, null where an end or the value is null. */
const range =
  (inside: 'true' | 'false'): Expression =>
  (node, scope) => {
    const value = twice(scope.scalar(node.child('Left')));
    const ends = node.child('Right');
    const first = scope.scalar(ends.child('First'));
    const second = scope.scalar(ends.child('Second'));
    // `between (start .. 5d)` ends five days after the start.
    const last = second.type === 'timespan' && value.type !== 'timespan' ? add(first, second, node) : second;
    const above = comparison('>=', value, first, node);
    const below = comparison('<=', value, last, node);
    const isInside = inside === 'true';
    return pure([value, first, last], 'bool', (row) => {
      const x = above.at(row);
      const y = below.at(row);
      if (x === null || y === null) return null;
      return (x === true && y === true) === isInside;
    });
  };

/** By kind of node. */
export const ranges: Readonly<Record<string, Expression>> = {
  BetweenExpression: range('true'),
  NotBetweenExpression: range('false'),
};
