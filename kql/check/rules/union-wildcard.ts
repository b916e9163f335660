import { at, type LintRule } from '../lint-rule.ts';

/** `union *`: whatever tables the workspace happens to have (Microsoft Sentinel: not allowed in scheduled rules). */
export const unionWildcard: LintRule = {
  code: 'KQL007',
  title: '`union` names its tables.',
  *remarks({ nodes }) {
    for (const union of nodes('UnionOperator'))
      for (const source of union.list('Expressions'))
        if (source.kind === 'NameReference' && source.name.includes('*'))
          yield at(source, `union ${source.text} reads whatever tables match: name them`);
  },
};
