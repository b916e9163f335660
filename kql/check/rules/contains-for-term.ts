import { at, constantText, type LintRule } from '../lint-rule.ts';

const has: Readonly<Record<string, string>> = {
  ContainsExpression: 'has',
  ContainsCsExpression: 'has_cs',
  NotContainsExpression: '!has',
  NotContainsCsExpression: '!has_cs',
};

// Terms are runs of letters and digits; below four characters they are not in the index (Kusto: string operators).
const TERM = /^[\p{L}\p{N}]{4,}$/u;

/** `contains` with a whole term reads every row where `has` reads the index. */
export const containsForTerm: LintRule = {
  code: 'KQL004',
  title: '`has` serves where the text is a whole term.',
  *remarks(subject) {
    for (const node of subject.nodes(...Object.keys(has))) {
      const text = constantText(node.child('Right'), subject);
      if (text !== undefined && TERM.test(text))
        yield at(
          node.child('Right'),
          `"${text}" is a whole term: ${has[node.kind]} finds it by the index; contains reads every row`,
        );
    }
  },
};
