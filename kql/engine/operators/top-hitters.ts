import { count } from '../aggregates/counts.ts';
import { sum } from '../aggregates/sums.ts';
import { type Cells, gather } from '../relation.ts';
import type { Operator } from '../scope.ts';
import { toNumber } from '../values/numbers.ts';
import { compare } from '../values/order.ts';
import { aggregated, columnsOf, groupRows, keysOf } from './grouping.ts';

/** `top-hitters`: the values that come most often, or weigh most. Exact, where the engine may estimate. */
const topHitters: Operator = (node, scope) => {
  const most = Math.max(0, toNumber(scope.constant(node.child('Expression'))));
  const of = scope.named(node.child('OfExpression'));
  const groups = groupRows([of.cells], scope);
  const [values = of.cells] = keysOf([of.cells], groups);
  const byNode = node.optional('ByClause')?.child('Expression');
  const by = byNode === undefined ? undefined : scope.scalar(byNode);
  const name = of.names[0] ?? 'Column1';
  const site = { name: 'top-hitters', node, scope };
  const hits: Cells = aggregated(by === undefined ? count([], site) : sum([by], site), groups, scope.run);
  const hitsName =
    byNode === undefined ? `approximate_count_${name}` : `approximate_sum_${byNode.resultName ?? byNode.text}`;
  const ranked = Array.from({ length: groups.count }, (_, group) => group)
    .sort((left, right) => compare(hits.at(right), hits.at(left)))
    .slice(0, most);
  const columns = columnsOf([
    { cells: values, names: [name], naming: 'automatic' },
    { cells: hits, names: [hitsName], naming: 'automatic' },
  ]);
  return gather({ columns, length: groups.count, order: 'none' }, ranked);
};

/** `top-hitters`. */
export const topHittersOperators: Readonly<Record<string, Operator>> = { TopHittersOperator: topHitters };
