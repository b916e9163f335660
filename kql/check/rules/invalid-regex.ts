import { RE2JS } from 're2js';
import type { Syntax } from '../../engine/language/syntax.ts';
import { argumentsOf, at, calledName, constantText, type LintRule, type Subject } from '../lint-rule.ts';

/** Which argument of a function is a regular expression, from 0. */
const positions: Readonly<Record<string, number>> = {
  extract: 0,
  extract_all: 0,
  replace_regex: 1,
  trim: 0,
  trim_start: 0,
  trim_end: 0,
};

function* patterns(subject: Subject): Generator<readonly [node: Syntax, needsGroup: 'group' | 'any']> {
  for (const node of subject.nodes('MatchesRegexExpression')) yield [node.child('Right'), 'any'];
  for (const call of subject.nodes('FunctionCallExpression')) {
    const name = calledName(call);
    const given = argumentsOf(call);
    const position = name === 'countof' && given[2]?.literal === 'regex' ? 1 : positions[name];
    const pattern = position === undefined ? undefined : given[position];
    if (pattern !== undefined) yield [pattern, name === 'extract_all' ? 'group' : 'any'];
  }
  for (const operator of subject.nodes('ParseOperator', 'ParseWhereOperator'))
    if (/^parse(?:-where)?\s+kind\s*=\s*regex\b/.test(operator.text))
      for (const pattern of operator.list('Patterns')) if (pattern.literal !== undefined) yield [pattern, 'any'];
}

/** Regular expressions that RE2, which Kusto uses, does not take. */
export const invalidRegex: LintRule = {
  code: 'KQL001',
  title: 'A regular expression is not valid in RE2.',
  *remarks(subject) {
    for (const [node, needs] of patterns(subject)) {
      const text = constantText(node, subject);
      if (text === undefined) continue;
      try {
        if (RE2JS.compile(text).groupCount() === 0 && needs === 'group')
          yield at(
            node,
            `the pattern '${text}' of extract_all has no capture group: put ( ) around what it should give`,
          );
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        yield at(
          node,
          `'${text}' is no regular expression of RE2 (${reason}): RE2 knows no look-around, no back-reference`,
        );
      }
    }
  },
};
