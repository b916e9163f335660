import type { QueryItem } from '../../workbook/workbook.ts';
import { didYouMean } from '../../engine/suggest.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

/** A column that an item names, and what for. */
interface Named {
  readonly column: string;
  readonly use: string;
}

function namedBy({ grid, tiles, chart, exports }: QueryItem): readonly Named[] {
  const parts = [tiles.title, tiles.subtitle, tiles.left, tiles.right, tiles.secondary].flatMap((part) => part ?? []);
  const use =
    (what: string) =>
    (column: string): Named => ({ column, use: what });
  return [
    ...grid.formats.map(({ column }) => column).map(use('a column of the grid')),
    ...grid.sortBy.map(({ column }) => column).map(use('the order of the grid')),
    ...parts.map(({ column }) => column).map(use('a tile')),
    ...[chart.xAxis, chart.group, ...chart.yAxis].flatMap((column) => column ?? []).map(use('the chart')),
    ...exports.flatMap(({ field }) => field ?? []).map(use('what a chosen row sets')),
  ];
}

// Columns that only the rows tell.
const openEnded = /\bevaluate\s+(?:pivot|bag_unpack)\b/;

/** Columns that formatters, tiles, charts and exports name, and that the query does not answer. */
export const columns: WorkbookRule = {
  code: 'KQL036',
  title: 'Every column that a grid, a tile, a chart or an export names is in the result.',
  *remarks({ queries, bind }) {
    for (const { item, parameter, path, query, sent } of queries) {
      if (item.kind !== 'query' || parameter !== undefined || openEnded.test(query)) continue;
      const told = new Set<string>();
      for (const { variant, text } of sent) {
        const { columns: answered, diagnostics } = bind(text);
        // What does not bind is told elsewhere.
        if (diagnostics.some(({ severity }) => severity === 'Error')) continue;
        const known = (answered ?? []).map(({ name }) => name);
        for (const { column, use } of namedBy(item)) {
          if (known.includes(column) || told.has(column)) continue;
          told.add(column);
          yield {
            at: path.slice(0, -1),
            message: `${item.name}: ${use} names ${column}, which the query does not answer ${variant}${didYouMean(column, known)}`,
          };
        }
      }
    }
  },
};
