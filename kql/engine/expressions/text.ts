/** Operators over text: `has`, `contains`, `startswith`, `=~`, `matches regex` and their negations and cases. */
import { pure } from '../functions/define.ts';
import type { Cell, Cells } from '../relation.ts';
import { regularExpression } from '../regular-expression.ts';
import type { Expression, Scope } from '../scope.ts';
import { hasTerm } from '../terms.ts';
import { asString } from '../values/convert.ts';
import { counting } from '../weight.ts';

type Matcher = (text: string) => boolean;
/** Prepares a pattern, once for as many texts as there are. */
type Preparation = (pattern: string) => Matcher;

/** A preparation that keeps the last pattern: a column of patterns often repeats itself. */
function rememberingLast(prepare: Preparation): Preparation {
  let last: string | undefined;
  let matcher: Matcher = () => false;
  return (pattern) => {
    if (pattern !== last) {
      matcher = prepare(pattern);
      last = pattern;
    }
    return matcher;
  };
}

/** Reads text; null stays null, which a string is never. */
function textOf({ at, type }: Cells): (row: number) => string | null {
  return (row) => {
    const value = at(row);
    if (typeof value === 'string') return value;
    return value === null ? null : asString(value, type);
  };
}

/** One null is no match, two are null. */
function matchCell(left: Cells, right: Cells, prepare: Preparation, matched: 'true' | 'false'): Cell {
  const isMatched = matched === 'true';
  const first = textOf(left);
  if (right.constant !== undefined && right.constant !== null) {
    const matches = prepare(asString(right.constant, right.type));
    return (row) => {
      const text = first(row);
      return text === null ? !isMatched : matches(text) === isMatched;
    };
  }
  const second = textOf(right);
  const prepared = rememberingLast(prepare);
  return (row) => {
    const text = first(row);
    const pattern = second(row);
    if (text === null || pattern === null) return text === null && pattern === null ? null : !isMatched;
    return prepared(pattern)(text) === isMatched;
  };
}

/** `* has "x"`: some column matches. */
function anyColumn(scope: Scope, right: Cells, prepare: Preparation, matched: 'true' | 'false'): Cells {
  const cells = scope.relation.columns
    .filter(({ name }) => name !== '$table')
    .map((column) => matchCell({ type: 'string', at: textOrEmpty(column) }, right, prepare, matched));
  return { type: 'bool', at: (row) => cells.some((cell) => cell(row) === true) };
}

const textOrEmpty =
  ({ at, type }: Cells): Cell =>
  (row) =>
    asString(at(row), type);

const operation =
  (prepare: Preparation, matched: 'true' | 'false'): Expression =>
  (node, scope) => {
    const leftNode = node.child('Left');
    const right = scope.scalar(node.child('Right'));
    if (leftNode.kind === 'StarExpression') return anyColumn(scope, right, prepare, matched);
    const left = counting(scope.scalar(leftNode), scope.run.budget);
    return pure([left, right], 'bool', matchCell(left, right, prepare, matched));
  };

const ignoringCase =
  (prepare: Preparation): Preparation =>
  (pattern) => {
    const matches = prepare(pattern.toLowerCase());
    return (text) => matches(text.toLowerCase());
  };

const preparations: Readonly<Record<string, Preparation>> = {
  Has: (pattern) => (text) => hasTerm(text, pattern),
  HasPrefix: (pattern) => (text) => hasTerm(text, pattern, 'start'),
  HasSuffix: (pattern) => (text) => hasTerm(text, pattern, 'end'),
  Contains: (pattern) => (text) => text.includes(pattern),
  StartsWith: (pattern) => (text) => text.startsWith(pattern),
  EndsWith: (pattern) => (text) => text.endsWith(pattern),
};
const same: Preparation = (pattern) => (text) => text === pattern;

function operations(): Readonly<Record<string, Expression>> {
  const found: Record<string, Expression> = {
    EqualTildeExpression: operation(ignoringCase(same), 'true'),
    BangTildeExpression: operation(ignoringCase(same), 'false'),
    MatchesRegexExpression: operation((pattern) => regularExpression(pattern).test, 'true'),
  };
  for (const [name, prepare] of Object.entries(preparations)) {
    found[`${name}Expression`] = operation(ignoringCase(prepare), 'true');
    found[`${name}CsExpression`] = operation(prepare, 'true');
    found[`Not${name}Expression`] = operation(ignoringCase(prepare), 'false');
    found[`Not${name}CsExpression`] = operation(prepare, 'false');
  }
  return found;
}

/** By kind of node. */
export const textOperators: Readonly<Record<string, Expression>> = operations();
