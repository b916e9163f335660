import { at, type LintRule } from '../lint-rule.ts';

/** `join` without `kind=` is innerunique, which drops rows of the left side. */
export const implicitJoinKind: LintRule = {
  code: 'KQL003',
  title: 'A join says its kind.',
  *remarks({ nodes }) {
    for (const join of nodes('JoinOperator')) {
      const says = join.list('Parameters').some((parameter) => parameter.child('Name').name === 'kind');
      if (!says)
        yield at(
          join,
          'join without kind is innerunique and drops left rows of the same key: write kind=inner or another',
        );
    }
  },
};
