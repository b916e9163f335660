/**
 * Regular expressions: RE2 as Kusto has it, without backtracking, so no pattern of a query can run away. Other than
 * in RE2, `\d` is every decimal digit and `\s` every blank of Unicode.
 */
import { RE2JS } from 're2js';
import { KqlError } from './errors.ts';

/** A place where a pattern matches. */
export interface Match {
  readonly index: number;
  readonly length: number;
  /** The whole match, then one text per group; null for a group that took no part. */
  readonly groups: readonly (string | null)[];
}

export interface RegularExpression {
  /** Capturing groups, the whole match not counted. */
  readonly groups: number;
  /** The number of each named group. */
  readonly names: Readonly<Record<string, number>>;
  readonly test: (text: string) => boolean;
  /** The first match at or after an index. */
  readonly first: (text: string, from?: number) => Match | null;
  /** All matches that do not overlap. */
  readonly all: (text: string) => readonly Match[];
  /** Replaces all matches. In the rewrite, `\0` is the match, `\1` to `\9` its groups, `\\` a backslash. */
  readonly replace: (text: string, rewrite: string) => string;
}

// White_Space of Unicode, and what is left of it: a class cannot hold the complement of another by name.
const blanks = String.raw`\x09-\x0d\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}`;
const others =
  String.raw`\x00-\x08\x0e-\x1f\x21-\x{84}\x{86}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}` +
  String.raw`\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff}`;
const insideClass: Readonly<Record<string, string>> = {
  '\\d': '\\p{Nd}',
  '\\D': '\\P{Nd}',
  '\\s': blanks,
  '\\S': others,
};
const outsideClass: Readonly<Record<string, string>> = {
  ...insideClass,
  '\\s': `[${blanks}]`,
  '\\S': `[${others}]`,
};

// Quoted text, an escape, a class (whose first `]` is a character), in that order.
const parts = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/g;
const escapes = /\\[\s\S]/g;

/** The pattern with the classes that Kusto understands wider than RE2. */
function toUnicode(pattern: string): string {
  return pattern.replace(parts, (part) => {
    if (part.startsWith('[')) return part.replace(escapes, (escape) => insideClass[escape] ?? escape);
    return outsideClass[part] ?? part;
  });
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(toUnicode(pattern));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KqlError(
      `the regular expression ${JSON.stringify(pattern)} is not valid RE2 (${reason}): RE2 has no look-around and no back references`,
      { code: 'regex', cause },
    );
  }
}

/** A rewrite's literal pieces and group numbers. */
function toPieces(rewrite: string): readonly (string | number)[] {
  const pieces: (string | number)[] = [];
  let last = 0;
  for (const { 0: escape, index } of rewrite.matchAll(/\\([\d\\])/g)) {
    pieces.push(rewrite.slice(last, index));
    if (escape === '\\\\') pieces.push('\\');
    else pieces.push(Number(escape.slice(1)));
    last = index + 2;
  }
  pieces.push(rewrite.slice(last));
  return pieces;
}

// Columns such as operations and hosts repeat few short texts; what was found of the last ones is kept.
const rememberedTexts = 256;
const longestRemembered = 100;

function remembering<T extends Match | boolean | null>(match: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > longestRemembered) return match(text);
    const found = known.get(text);
    if (found !== undefined) return found;
    const result = match(text);
    if (known.size >= rememberedTexts) known.clear();
    known.set(text, result);
    return result;
  };
}

function toExpression(pattern: string): RegularExpression {
  const compiled = compile(pattern);
  const groups = compiled.groupCount();

  const firstFrom = (text: string, from: number): Match | null => {
    if (from > text.length) return null;
    const matcher = compiled.matcher(text);
    if (!matcher.find(from)) return null;
    const found: (string | null)[] = [];
    for (let group = 0; group <= groups; group += 1) found.push(matcher.group(group));
    const index = matcher.start();
    return { index, length: matcher.end() - index, groups: found };
  };

  const all = (text: string): readonly Match[] => {
    const matches: Match[] = [];
    const matcher = compiled.matcher(text);
    let end = -1;
    while (matcher.find()) {
      const index = matcher.start();
      // As RE2: an empty match right after a match is none.
      if (matcher.end() === index && index === end) continue;
      end = matcher.end();
      const found: (string | null)[] = [];
      for (let group = 0; group <= groups; group += 1) found.push(matcher.group(group));
      matches.push({ index, length: end - index, groups: found });
    }
    return matches;
  };

  const firstOf = remembering((text) => firstFrom(text, 0));
  return {
    groups,
    names: compiled.namedGroups(),
    test: remembering((text) => compiled.test(text)),
    first: (text, from = 0) => (from === 0 ? firstOf(text) : firstFrom(text, from)),
    all,
    replace: (text, rewrite) => {
      if (!compiled.test(text)) return text;
      const pieces = toPieces(rewrite);
      let replaced = '';
      let last = 0;
      for (const match of all(text)) {
        replaced += text.slice(last, match.index);
        // A group that the pattern has not is empty.
        for (const piece of pieces) replaced += typeof piece === 'string' ? piece : (match.groups[piece] ?? '');
        last = match.index + match.length;
      }
      return replaced + text.slice(last);
    },
  };
}

// Patterns may come from data (`matches regex Column`), so the cache has an end.
const cacheSize = 1000;
const known = new Map<string, RegularExpression>();

/** Compiles a pattern, once. @throws KqlError with code `regex` naming the pattern where RE2 cannot read it. */
export function regularExpression(pattern: string): RegularExpression {
  const found = known.get(pattern);
  if (found !== undefined) return found;
  const expression = toExpression(pattern);
  if (known.size >= cacheSize) known.clear();
  known.set(pattern, expression);
  return expression;
}
