/** Lengths of time in a query's text, in minutes. */
import type { Syntax } from '../engine/language/syntax.ts';

/** The expression of each `let`, by name. */
export type Lets = ReadonlyMap<string, Syntax>;

const MINUTES: Readonly<Record<string, number>> = { d: 1440, h: 60, m: 1, s: 1 / 60, ms: 1 / 60_000 };

function literalMinutes(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)(d|h|m|s|ms)$/.exec(text);
  const unit = MINUTES[parts?.[2] ?? ''];
  return unit === undefined ? undefined : Number(parts?.[1]) * unit;
}

/** Minutes that an expression of literals and lets stands for; of a plain number, the number. */
export function constantMinutes(node: Syntax, lets: Lets): number | undefined {
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

/** The expression of each `let`, by name. */
export const letsOf = (root: Syntax): Lets =>
  new Map(
    [...root.descendants()]
      .filter(({ kind }) => kind === 'LetStatement')
      .map((node) => [node.child('Name').name, node.child('Expression')]),
  );

/** Minutes as a query writes them. */
export const shown = (minutes: number): string =>
  minutes % 1440 === 0 ? `${minutes / 1440}d` : minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
