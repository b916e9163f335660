/** Functions over regular expressions. */
import { KqlError } from '../errors.ts';
import { type Match, type RegularExpression, regularExpression } from '../regular-expression.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { asString, convert } from '../values/convert.ts';
import { isArray, type Value } from '../values/types.ts';
import { any, binary, integer, ternary, text, unary } from './define.ts';

interface Trim {
  readonly start: RegularExpression;
  readonly end: RegularExpression;
}
const trims = new WeakMap<RegularExpression, Trim>();

/** The anchored forms of a pattern, made once. */
function trimOf(pattern: string): Trim {
  const plain = regularExpression(pattern);
  const known = trims.get(plain);
  if (known !== undefined) return known;
  const made = { start: regularExpression(`^(?:${pattern})`), end: regularExpression(`(?:${pattern})$`) };
  trims.set(plain, made);
  return made;
}

/** One match only, not a run of them. */
function trimStart(pattern: string, source: string): string {
  const match = trimOf(pattern).start.first(source);
  return match === null ? source : source.slice(match.length);
}

function trimEnd(pattern: string, source: string): string {
  const match = trimOf(pattern).end.first(source);
  return match === null ? source : source.slice(0, match.index);
}

/** `extract(pattern, group, source [, typeof(type)])`. A group that took no part, or that there is none of, is empty. */
const extract: ScalarFunction = (args, site) => {
  const type = args.length > 3 ? (site.node.type ?? 'string') : 'string';
  const found = (pattern: string, group: number, source: string): Value => {
    const value = regularExpression(pattern).first(source)?.groups[group] ?? '';
    return value === '' && type !== 'string' ? null : convert(value, type, 'string');
  };
  return ternary(text, integer, text, type, found)(args, site);
};

const refuse = (reason: string, site: Site): KqlError =>
  new KqlError(`${site.name}: ${reason}`, { code: 'runtime', position: site.node.position });

/** The numbers of the groups that are asked for, by number or by name; all of them where none are. */
function groupsOf(expression: RegularExpression, asked: Value, site: Site): readonly number[] {
  if (!isArray(asked)) return Array.from({ length: expression.groups }, (_, index) => index + 1);
  return asked.map((group) => {
    const number = typeof group === 'string' ? expression.names[group] : Number(group);
    if (number === undefined || !Number.isInteger(number) || number > expression.groups)
      throw refuse(`the pattern has no group ${asString(group)}: it has ${expression.groups}`, site);
    return number;
  });
}

function extractAll(pattern: string, asked: Value, source: string, site: Site): Value {
  const expression = regularExpression(pattern);
  if (expression.groups === 0)
    throw refuse(`the pattern ${JSON.stringify(pattern)} has no group: put one into parentheses`, site);
  const matches = expression.all(source);
  if (matches.length === 0) return null;
  const groups = groupsOf(expression, asked, site);
  const [only] = groups;
  const read = ({ groups: found }: Match, group: number): string => found[group] ?? '';
  return groups.length === 1 && only !== undefined
    ? matches.map((match) => read(match, only))
    : matches.map((match) => groups.map((group) => read(match, group)));
}

const replaceRegex = (source: string, pattern: string, rewrite: string): string =>
  regularExpression(pattern).replace(source, rewrite);

export const regularExpressionFunctions: Readonly<Record<string, ScalarFunction>> = {
  trim: binary(text, text, 'string', (pattern, source) => trimEnd(pattern, trimStart(pattern, source))),
  trim_start: binary(text, text, 'string', trimStart),
  trim_end: binary(text, text, 'string', trimEnd),
  replace_regex: ternary(text, text, text, 'string', replaceRegex),
  /** The old order of arguments: pattern, rewrite, source. */
  replace: ternary(text, text, text, 'string', (pattern, rewrite, source) => replaceRegex(source, pattern, rewrite)),
  extract,
  /** `extract_all(pattern, [groups,] source)`: null where nothing matches. */
  extract_all: (args, site) =>
    args.length > 2
      ? ternary(text, any, text, 'dynamic', extractAll)(args, site)
      : binary(text, text, 'dynamic', (pattern, source) => extractAll(pattern, null, source, site))(args, site),
  // The meta characters of the engine's regular expressions.
  regex_quote: unary(text, 'string', (source) => source.replace(/[.*+?^${}()|[\]\\\-#&~]/g, String.raw`\$&`)),
};
