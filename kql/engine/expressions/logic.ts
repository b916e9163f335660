/** `and` and `or` with three values: null is unknown. */
import { pure } from '../functions/define.ts';
import type { Cell, Cells } from '../relation.ts';
import type { Expression } from '../scope.ts';
import { asBool } from '../values/convert.ts';

const never: Cell = () => false;

/** Reads an operand. A number is no condition: in `search` the engine finds nothing by it. */
function conditionOf({ type, at }: Cells): Cell {
  if (type === 'bool') return at;
  return type === 'dynamic' ? (row) => asBool(at(row)) : never;
}

/** `and` is decided by a false, `or` by a true; otherwise a null leaves it open. */
const decidedBy =
  (decisive: boolean): Expression =>
  (node, scope) => {
    const left = scope.scalar(node.child('Left'));
    const right = scope.scalar(node.child('Right'));
    const first = conditionOf(left);
    const second = conditionOf(right);
    return pure([left, right], 'bool', (row) => {
      const x = first(row);
      if (x === decisive) return decisive;
      const y = second(row);
      if (y === decisive) return decisive;
      return x === null || y === null ? null : !decisive;
    });
  };

/** By kind of node. */
export const logic: Readonly<Record<string, Expression>> = {
  AndExpression: decidedBy(false),
  OrExpression: decidedBy(true),
};
