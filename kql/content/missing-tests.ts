/** Which cases a rule's tests lack. */
import type { RuleTest } from './rule-tests.ts';

/** The cases that every rule needs and these are without, each with what to write. */
export function missingTests(tests: readonly RuleTest[]): readonly string[] {
  const named = new Map(tests.map((test) => [test.name, test]));
  const fires = (test: RuleTest, depth = 0): boolean => {
    if (test.expect !== undefined) return test.expect.length > 0;
    const base = test.like === undefined ? undefined : named.get(test.like);
    return base !== undefined && depth < tests.length && fires(base, depth + 1);
  };
  const firing = tests.filter((test) => fires(test));
  const needs: readonly (readonly [boolean, string])[] = [
    [firing.some(({ like }) => like === undefined), 'no case that fires: write one with given and expect'],
    [firing.length < tests.length, 'no case that is silent: write a near miss with `expect: []`'],
    [firing.some(({ late }) => late !== undefined), 'no case that comes late: write `{ name, like, late: 2d }`'],
    [
      firing.some(({ delivered }) => delivered === 'twice'),
      'no case that is delivered twice: write `{ name, like, delivered: twice }`',
    ],
    [
      firing.some(({ decisive = [] }) => decisive.length > 0),
      'no firing case with `decisive`: name what must be gone for the rule to be silent',
    ],
  ];
  return needs.flatMap(([isThere, message]) => (isThere ? [] : [message]));
}
