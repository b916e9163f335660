/** How far back a rule's query looks, as far as its text tells. */
import type { Analysis } from '../engine/language/language.ts';
import type { Syntax } from '../engine/language/syntax.ts';
import { argumentsOf, calledName } from './lint-rule.ts';

/** Something at a character of the query's text. */
export interface QueryRemark {
  readonly offset: number;
  readonly message: string;
}

type Lets = ReadonlyMap<string, Syntax>;

const MINUTES: Readonly<Record<string, number>> = { d: 1440, h: 60, m: 1, s: 1 / 60, ms: 1 / 60_000 };
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

function literalMinutes(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)(d|h|m|s|ms)$/.exec(text);
  const unit = MINUTES[parts?.[2] ?? ''];
  return unit === undefined ? undefined : Number(parts?.[1]) * unit;
}

/** Minutes that an expression of literals and lets stands for; of a plain number, the number. */
function constantMinutes(node: Syntax, lets: Lets): number | undefined {
  const both = (of: (left: number, right: number) => number): number | undefined => {
    const [left, right] = [constantMinutes(node.child('Left'), lets), constantMinutes(node.child('Right'), lets)];
    return left === undefined || right === undefined ? undefined : of(left, right);
  };
  switch (node.kind) {
    case 'TimespanLiteralExpression':
      return literalMinutes(node.text);
    case 'LongLiteralExpression':
    case 'RealLiteralExpression':
      return Number(node.text);
    case 'ParenthesizedExpression':
      return constantMinutes(node.child('Expression'), lets);
    case 'AddExpression':
      return both((left, right) => left + right);
    case 'SubtractExpression':
      return both((left, right) => left - right);
    case 'MultiplyExpression':
      return both((left, right) => left * right);
    case 'NameReference': {
      const named = lets.get(node.name);
      // A let that reads another of its name would walk in a circle.
      const others = new Map([...lets].filter(([name]) => name !== node.name));
      return named === undefined ? undefined : constantMinutes(named, others);
    }
    default:
      return undefined;
  }
}

const letsOf = (root: Syntax): Lets =>
  new Map(
    [...root.descendants()]
      .filter(({ kind }) => kind === 'LetStatement')
      .map((node) => [node.child('Name').name, node.child('Expression')]),
  );

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

const shown = (minutes: number): string =>
  minutes % 1440 === 0 ? `${minutes / 1440}d` : minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;

/** Every `ago()` that looks further back than the rule's period, and a `let frequency` that is not the rule's. Minutes. */
export function lookBackRemarks(
  { root }: Analysis,
  { period, frequency }: { readonly period: number; readonly frequency: number },
): readonly QueryRemark[] {
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
  const named = lets.get('frequency');
  const written = named === undefined ? undefined : constantMinutes(named, lets);
  if (named === undefined || written === undefined || written === frequency) return tooFar;
  return [
    ...tooFar,
    {
      offset: named.span.start,
      message: `frequency is ${shown(written)}, queryFrequency ${shown(frequency)}: they must be the same`,
    },
  ];
}
