import { gather } from '../relation.ts';
import type { Plugin } from '../scope.ts';
import { KqlError } from '../errors.ts';
import { argument, argumentsOf } from './arguments.ts';

/** `rows_near(condition, rows [, rows after])`: rows that match, and those around them. @throws KqlError if unsorted */
export const rowsNear: Plugin = (call, scope) => {
  const { relation, run } = scope;
  if (relation.order !== 'serialized')
    throw new KqlError('rows_near: the rows have no order: sort or serialize them first', {
      code: 'runtime',
      position: call.position,
    });
  const { at } = scope.scalar(argument(call, 0));
  const before = Number(scope.constant(argument(call, 1)));
  const third = argumentsOf(call).placed[2];
  const after = third === undefined ? before : Number(scope.constant(third));
  const isNear = new Uint8Array(relation.length);
  for (let row = 0; row < relation.length; row += 1) {
    run.budget.visit();
    if (at(row) === true) isNear.fill(1, Math.max(0, row - before), row + after + 1);
  }
  const rows: number[] = [];
  for (let row = 0; row < relation.length; row += 1) if (isNear[row] === 1) rows.push(row);
  return gather(relation, rows);
};
