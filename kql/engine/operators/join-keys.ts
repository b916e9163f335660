/** Keys of joins: which rows of two relations share them. */
import { KqlError, UnsupportedError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import { type Cells, columnOf, type Relation } from '../relation.ts';
import type { Budget, Scope } from '../scope.ts';
import { keyOf } from '../values/order.ts';
import { Datetime, isNumeric, Timespan, type Type, type Value } from '../values/types.ts';

/** What `on` compares: one pair of cells for each key. */
export interface JoinKeys {
  readonly left: readonly Cells[];
  readonly right: readonly Cells[];
  /** Columns of the right side that are keys; `lookup` leaves them out. */
  readonly rightNames: ReadonlySet<string>;
}

const sideOf = (node: Syntax): string | undefined =>
  [...node.descendants()].find(({ kind, name }) => kind === 'NameReference' && (name === '$left' || name === '$right'))
    ?.name;

/** The parts of a condition that are joined by `and`. */
export function conjuncts(node: Syntax): readonly Syntax[] {
  if (node.kind === 'ParenthesizedExpression') return conjuncts(node.child('Expression'));
  return node.kind === 'AndExpression' ? [...conjuncts(node.child('Left')), ...conjuncts(node.child('Right'))] : [node];
}

/** Reads the conditions after `on`. @throws UnsupportedError for anything but columns and equality */
export function joinKeys(conditions: readonly Syntax[], left: Relation, right: Relation, scope: Scope): JoinKeys {
  const sides = { left, right };
  const leftKeys: Cells[] = [];
  const rightKeys: Cells[] = [];
  const rightNames = new Set<string>();
  for (const condition of conditions.flatMap(conjuncts)) {
    if (condition.kind === 'NameReference') {
      const { name } = condition;
      const [first, second] = [columnOf(left, name), columnOf(right, name)];
      if (first === undefined || second === undefined)
        throw new KqlError(`join on ${name}: the ${first === undefined ? 'left' : 'right'} side has no such column`, {
          code: 'KS145',
          position: condition.position,
        });
      // The binder refuses `$left.k == $right.k` of dynamic columns, and overlooks this form.
      if (first.type === 'dynamic' || second.type === 'dynamic')
        throw new KqlError(`join on ${name}: a key cannot be dynamic: use an explicit cast, as with tostring()`, {
          code: 'KS241',
          position: condition.position,
        });
      leftKeys.push(first);
      rightKeys.push(second);
      rightNames.add(name);
    } else if (condition.kind === 'EqualExpression') {
      const operands = [condition.child('Left'), condition.child('Right')];
      const ofLeft = operands.find((operand) => sideOf(operand) === '$left');
      const ofRight = operands.find((operand) => sideOf(operand) === '$right');
      if (ofLeft === undefined || ofRight === undefined)
        throw new UnsupportedError(`join condition ${condition.text} without $left and $right`, condition.position);
      leftKeys.push(scope.over(left, { sides }).scalar(ofLeft));
      rightKeys.push(scope.over(right, { sides }).scalar(ofRight));
      rightNames.add(ofRight.optional('Selector')?.name ?? '');
    } else throw new UnsupportedError(`join condition ${condition.text}`, condition.position);
  }
  return { left: leftKeys, right: rightKeys, rightNames };
}

/** A number for each row; rows of either side that share it have equal keys. */
export interface JoinCodes {
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Codes are under it. */
  readonly count: number;
}

const isPlain = (type: Type): boolean => type === 'string' || type === 'guid' || type === 'bool';

/** What a Map can tell equal values of two types by; text only where values have parts. */
function toKey(left: Type, right: Type): (value: Value) => unknown {
  if (isPlain(left) && left === right) return (value) => value;
  const isBinary = (type: Type): boolean => isNumeric(type) && type !== 'decimal';
  if (isBinary(left) && isBinary(right)) return (value) => value;
  if (left === right && (left === 'datetime' || left === 'timespan'))
    return (value) => (value instanceof Datetime || value instanceof Timespan ? value.ticks : value);
  return keyOf;
}

function codesOf(keys: Cells, length: number, toCode: (value: Value) => number, budget: Budget): Int32Array {
  const codes = new Int32Array(length);
  for (let row = 0; row < length; row += 1) {
    budget.visit();
    codes[row] = toCode(keys.at(row));
  }
  return codes;
}

const numbering = (): { readonly known: Map<unknown, number>; readonly codeOf: (key: unknown) => number } => {
  const known = new Map<unknown, number>();
  return {
    known,
    codeOf: (key) => {
      let code = known.get(key);
      if (code === undefined) {
        code = known.size;
        known.set(key, code);
      }
      return code;
    },
  };
};

function pairs(first: JoinCodes, second: JoinCodes): JoinCodes {
  const { known, codeOf } = numbering();
  const combine = (left: Int32Array, right: Int32Array): Int32Array =>
    left.map((code, row) => codeOf(code * second.count + (right[row] ?? 0)));
  const left = combine(first.left, second.left);
  const right = combine(first.right, second.right);
  return { left, right, count: known.size };
}

/** Codes of two sides that share no key, as when one has no rows: keys are not read. */
export const unequalCodes = (leftLength: number, rightLength: number): JoinCodes => ({
  left: new Int32Array(leftLength),
  right: new Int32Array(rightLength).fill(1),
  count: 2,
});

/** Codes the keys of both sides. Null equals null. */
export function joinCodes(
  { left, right }: JoinKeys,
  leftLength: number,
  rightLength: number,
  budget: Budget,
): JoinCodes {
  const each = left.flatMap((ofLeft, index): JoinCodes[] => {
    const ofRight = right[index];
    if (ofRight === undefined) return [];
    const { known, codeOf } = numbering();
    const keyOfValue = toKey(ofLeft.type, ofRight.type);
    const toCode = (value: Value): number => codeOf(keyOfValue(value));
    const leftCodes = codesOf(ofLeft, leftLength, toCode, budget);
    const rightCodes = codesOf(ofRight, rightLength, toCode, budget);
    return [{ left: leftCodes, right: rightCodes, count: known.size }];
  });
  const [first = { left: new Int32Array(leftLength), right: new Int32Array(rightLength), count: 1 }, ...others] = each;
  return others.reduce(pairs, first);
}
