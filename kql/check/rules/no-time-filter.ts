import type { Syntax } from '../../engine/language/syntax.ts';
import { at, type LintRule } from '../lint-rule.ts';
import { operatorsAfter } from '../pipeline.ts';
import { filtersBy, isTimeColumn } from '../time-filter.ts';

// A workbook sets the range around the query, and who calls a function filters what it gives. Items of a watchlist do
// not age.
const kinds: ReadonlySet<string> = new Set(['hunting', 'rule']);
const timeless: ReadonlySet<string> = new Set(['Watchlist']);

/** A base table of Microsoft's that is read from its first day to its last. */
export const noTimeFilter: LintRule = {
  code: 'KQL005',
  title: 'Every base table is filtered by time.',
  *remarks({ kind, nodes, lets, tableReferences }) {
    if (!kinds.has(kind)) return;
    const references = (name: string): readonly Syntax[] => nodes('NameReference').filter((node) => node.name === name);
    const isTime = isTimeColumn(lets);
    for (const table of tableReferences) {
      if (timeless.has(table.name)) continue;
      if (![...operatorsAfter(table, references)].some((operator) => filtersBy(operator, isTime)))
        yield at(
          table,
          `${table.name} is read without a time filter: put \`| where TimeGenerated > ago(...)\` behind it`,
        );
    }
  },
};
