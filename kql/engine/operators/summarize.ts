import type { Operator } from '../scope.ts';
import { columnsOf, groupRows, keysOf, overGroups } from './grouping.ts';

/** `summarize`: one row per group, keys first; one row in all where there are no keys, even without input. */
const summarize: Operator = (node, scope) => {
  const keys = (node.optional('ByClause')?.list('Expressions') ?? []).map((key) => scope.named(key));
  const groups = groupRows(
    keys.map(({ cells }) => cells),
    scope,
  );
  const values = keysOf(
    keys.map(({ cells }) => cells),
    groups,
  );
  const taken = new Set<string>();
  const keyColumns = columnsOf(
    keys.map((key, index) => ({ ...key, cells: values[index] ?? key.cells })),
    taken,
  );
  const grouped = overGroups(scope, groups, keyColumns);
  const results = columnsOf(
    node.list('Aggregates').map((aggregate) => grouped.named(aggregate)),
    taken,
  );
  return { columns: [...keyColumns, ...results], length: groups.count, order: 'none' };
};

/** `summarize`. */
export const summarizeOperators: Readonly<Record<string, Operator>> = { SummarizeOperator: summarize };
