/** `parse-kv`: columns from pairs of keys and values in a text. */
import { UnsupportedError } from '../errors.ts';
import { type Syntax } from '../language/syntax.ts';
import { defaultOf, toType, type Value } from '../values/types.ts';
import { type Cell, type Column, withColumns } from '../relation.ts';
import { regularExpression } from '../regular-expression.ts';
import type { Operator, Scope } from '../scope.ts';
import { asString, convert } from '../values/convert.ts';

type Pairs = ReadonlyMap<string, string>;

interface Quote {
  readonly open: string;
  readonly close: string;
}
interface Options {
  readonly pairDelimiter: string;
  readonly delimiter: string;
  readonly quotes: readonly Quote[];
  readonly escapes: readonly string[];
  readonly isGreedy: boolean;
}

function unquoted(key: string, quotes: readonly Quote[]): string {
  const quote = quotes.find(({ open, close }) => key.length > 1 && key.startsWith(open) && key.endsWith(close));
  return quote === undefined ? key : key.slice(quote.open.length, -quote.close.length);
}

/** The value in quotes that starts at an index, and where it ends; a value without its closing quote takes the rest. */
function quotedValue(
  text: string,
  start: number,
  { open, close }: Quote,
  escapes: readonly string[],
): [string, number] {
  let value = '';
  let at = start + open.length;
  while (at < text.length && !text.startsWith(close, at)) {
    const escape = escapes.find((mark) => text.startsWith(mark, at));
    if (escape !== undefined) at += escape.length;
    value += text[at] ?? '';
    at += 1;
  }
  return [value, at + close.length];
}

const indexOr = (index: number, none: number): number => (index < 0 ? none : index);

/** Blanks around keys and values do not count; the first of equal keys is taken. */
function pairsOf(text: string, options: Options): Pairs {
  const { pairDelimiter, delimiter, quotes, escapes, isGreedy } = options;
  const pairs = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf(delimiter, at);
    if (end < 0) break;
    const before = text.slice(at, end).trim();
    const key = unquoted(
      before.slice(indexOr(before.lastIndexOf(pairDelimiter), -pairDelimiter.length) + pairDelimiter.length).trim(),
      quotes,
    );
    at = end + delimiter.length;
    while (at < text.length && text[at]?.trim() === '') at += 1;
    const quote = quotes.find(({ open }) => text.startsWith(open, at));
    let value: string;
    if (quote !== undefined) {
      [value, at] = quotedValue(text, at, quote, escapes);
      at = indexOr(text.indexOf(pairDelimiter, at), text.length);
    } else {
      const next = isGreedy ? text.indexOf(delimiter, at) : -1;
      const until = isGreedy
        ? next < 0
          ? text.length
          : Math.max(at, text.slice(0, next).trimEnd().lastIndexOf(pairDelimiter))
        : indexOr(text.indexOf(pairDelimiter, at), text.length);
      value = text.slice(at, until).trim();
      at = until;
    }
    if (!pairs.has(key)) pairs.set(key, value);
    if (text.startsWith(pairDelimiter, at)) at += pairDelimiter.length;
  }
  return pairs;
}

function byRegex(pattern: string): (text: string) => Pairs {
  const expression = regularExpression(pattern);
  return (text) => {
    const pairs = new Map<string, string>();
    for (const { groups } of expression.all(text)) {
      const [, key, value] = groups;
      if (typeof key === 'string' && !pairs.has(key)) pairs.set(key, value ?? '');
    }
    return pairs;
  };
}

function toReader(node: Syntax, scope: Scope): (text: string) => Pairs {
  const properties = node.optional('WithClause')?.list('Properties') ?? [];
  const all = (name: string): Value[] =>
    properties
      .filter((property) => property.child('Name').name === name)
      .map((property) => scope.constant(property.child('Expression')));
  const one = (name: string): Value => all(name)[0] ?? null;
  const regex = one('regex');
  if (typeof regex === 'string') return byRegex(regex);
  const [pairDelimiter, delimiter] = [one('pair_delimiter'), one('kv_delimiter')];
  if (typeof pairDelimiter !== 'string' || typeof delimiter !== 'string' || pairDelimiter === '' || delimiter === '')
    throw new UnsupportedError('parse-kv without pair_delimiter and kv_delimiter', node.position);
  const options: Options = {
    pairDelimiter,
    delimiter,
    quotes: all('quote').map((value) => {
      const [open = '', close = open] = asString(value);
      return { open, close };
    }),
    escapes: all('escape').map((value) => asString(value)),
    isGreedy: one('greedy') === true,
  };
  return (text) => pairsOf(text, options);
}

/** Only the listed keys become columns; a key that is not there is '' or null. */
export const parseKv: Operator = (node, scope) => {
  const { relation } = scope;
  const { at, type } = scope.scalar(node.child('Expression'));
  const read = toReader(node, scope);
  const known: (Pairs | undefined)[] = [];
  const pairsAt = (row: number): Pairs => {
    let pairs = known[row];
    if (pairs === undefined) {
      scope.run.budget.visit();
      pairs = read(asString(at(row), type));
      known[row] = pairs;
    }
    return pairs;
  };
  const keys = node
    .child('Keys')
    .list('Columns')
    .map((key): Column => {
      const { name } = key.child('Name');
      const output = toType(key.child('Type').text) ?? 'string';
      const cell: Cell = (row) => {
        const text = pairsAt(row).get(name);
        return text === undefined ? defaultOf(output) : convert(text, output, 'string');
      };
      return { name, type: output, at: cell };
    });
  const names = new Set(keys.map(({ name }) => name));
  return withColumns(relation, [...relation.columns.filter(({ name }) => !names.has(name)), ...keys]);
};

export const parseKvOperators: Readonly<Record<string, Operator>> = { ParseKvOperator: parseKv };
