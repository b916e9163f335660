/** How far back a rule's query looks, as far as its text tells. */
import type { Analysis } from '../engine/language/language.ts';
import type { Syntax } from '../engine/language/syntax.ts';
import { argumentsOf, calledName } from './lint-rule.ts';
import { constantMinutes, letsOf, shown } from './minutes.ts';
import { frequencyRemarks, overlapRemarks, periodRemarks, type QueryRemark, type Schedule } from './schedule.ts';

const comparisons: ReadonlySet<string> = new Set([
  'BetweenExpression',
  'EqualExpression',
  'GreaterThanExpression',
  'GreaterThanOrEqualExpression',
  'LessThanExpression',
  'LessThanOrEqualExpression',
]);
// What a rule's period cuts. Other times (FirstSeenTime) may be as old as they like.
const cutTimes: ReadonlySet<string> = new Set(['TimeGenerated', 'EventTime', 'IngestedAt', 'ingestion_time']);

/** Whether a time is only compared with a column that the period does not cut. */
function isOfAnotherColumn(call: Syntax): boolean {
  const comparison = call.ancestor(...comparisons, 'LetStatement', 'FunctionCallExpression');
  if (comparison === undefined || !comparisons.has(comparison.kind)) return false;
  const names = [...comparison.descendants()].filter(
    ({ kind, type, parent }) =>
      kind === 'NameReference' && type === 'datetime' && parent?.kind !== 'FunctionCallExpression',
  );
  return names.length > 0 && names.every(({ name }) => !cutTimes.has(name));
}

/** Every `ago()` that looks further back than the rule's period, a `let frequency` that is not the rule's, an overlap
 *  that does not cover the delay of a run, and a period too short for late events. Minutes. */
export function lookBackRemarks({ root }: Analysis, { period, frequency }: Schedule): readonly QueryRemark[] {
  const lets = letsOf(root);
  const agos = [...root.descendants()].filter(
    (node) => node.kind === 'FunctionCallExpression' && calledName(node) === 'ago',
  );
  const tooFar = agos.flatMap((call): readonly QueryRemark[] => {
    const [argument] = argumentsOf(call);
    const back = argument === undefined ? undefined : constantMinutes(argument, lets);
    if (back === undefined || back <= period || isOfAnotherColumn(call)) return [];
    const remedy = `give the rule a period of ${shown(back)} or more, or leave the bound out: the period is one`;
    return [
      {
        offset: call.span.start,
        message: `looks back ${shown(back)}, the rule's period is ${shown(period)}: ${remedy}`,
      },
    ];
  });
  return [
    ...tooFar,
    ...frequencyRemarks(lets, frequency),
    ...overlapRemarks(lets, agos, frequency),
    ...periodRemarks(root, { period, frequency }),
  ];
}
