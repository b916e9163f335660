import { type Cells, gather, type Relation } from '../relation.ts';
import type { Operator, Run } from '../scope.ts';

/** The rows whose predicate is true; numbers other than 0 are true, null is not. */
export function matchingRows({ at }: Cells, length: number, { budget }: Run): Uint32Array {
  const rows = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row += 1) {
    budget.visit();
    const value = at(row);
    if (value === true || (typeof value === 'number' && value !== 0)) {
      rows[count] = row;
      count += 1;
    }
  }
  budget.keep(count);
  return rows.slice(0, count);
}

/** The relation without the rows whose predicate is not true. A constant predicate reads no row. */
export function filtered(relation: Relation, predicate: Cells, run: Run): Relation {
  const { constant } = predicate;
  if (constant === true) return relation;
  if (constant === false || constant === null) return { ...relation, length: 0 };
  const rows = matchingRows(predicate, relation.length, run);
  return rows.length === relation.length ? relation : gather(relation, rows);
}

const where: Operator = (node, scope) => filtered(scope.relation, scope.scalar(node.child('Condition')), scope.run);

export const whereOperators: Readonly<Record<string, Operator>> = { FilterOperator: where };
