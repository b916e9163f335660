import { at, type LintRule } from '../lint-rule.ts';

/** `search` over all tables, or for everything (Microsoft Sentinel: scheduled rules may not hold `search *`). */
export const searchEverything: LintRule = {
  code: 'KQL006',
  title: '`search` names its tables and what it looks for.',
  *remarks({ nodes }) {
    for (const search of nodes('SearchOperator')) {
      const { parent } = search;
      const isPiped = parent?.kind === 'PipeExpression' && parent.child('Operator') === search;
      const looksFor = search.children.findLast(({ isToken }) => !isToken);
      if (looksFor?.kind === 'StarExpression')
        yield at(search, '`search *` finds every row: use `where` with a condition');
      else if (!isPiped && search.optional('InClause') === undefined)
        yield at(search, 'search reads every table: pipe a table into it, or write search in (Table) ...');
    }
  },
};
