/** Patterns of `parse`: text, columns and `*`, turned into a function that finds the columns' texts. */
import { type Syntax } from '../language/syntax.ts';
import { toType, type Type } from '../values/types.ts';
import { regularExpression } from '../regular-expression.ts';

/** A part of a pattern. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'column'; readonly name: string; readonly type: Type };

export type Mode = 'simple' | 'relaxed' | 'regex';

/** Finds the texts of the columns, in their order; undefined where the pattern does not match. */
export type Matcher = (text: string) => readonly string[] | undefined;

/** Reads the parts after `with`. */
export const toParts = (patterns: readonly Syntax[]): readonly Part[] =>
  patterns.map((pattern): Part => {
    if (pattern.literal !== undefined) return { kind: 'text', text: pattern.literal };
    switch (pattern.kind) {
      case 'StarExpression':
        return { kind: 'any' };
      case 'NameAndTypeDeclaration':
        return {
          kind: 'column',
          name: pattern.child('Name').name,
          type: toType(pattern.child('Type').text) ?? 'string',
        };
      default:
        return { kind: 'column', name: pattern.name, type: 'string' };
    }
  });

const integer = String.raw`\s*([-+]?\d+)`;
const real = String.raw`\s*([-+]?\d*\.?\d+(?:[eE][-+]?\d+)?)`;

/** The pattern of a number; undefined for columns that take any text. */
function numberPattern(part: Part | undefined, next: Part | undefined, mode: Mode): string | undefined {
  if (part?.kind !== 'column') return undefined;
  // Relaxed: what does not fit the type is null, so any text is taken up to the next one.
  if (mode === 'relaxed' && next?.kind !== 'any') return undefined;
  if (part.type === 'int' || part.type === 'long') return integer;
  return part.type === 'real' ? real : undefined;
}

/** Texts and numbers between two gaps: a literal where there are no numbers. */
interface Segment {
  readonly literal: string | undefined;
  readonly pattern: string;
  readonly columns: number;
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/**
 * Simple patterns are matched from gap to gap: a gap (`*` or a column of text) ends where what follows it is first
 * found, so nothing is tried twice.
 */
function gapMatcher(parts: readonly Part[], mode: Mode): Matcher {
  const segments: Segment[] = [];
  // One for each place between segments: the columns among its parts.
  const gaps: Part[][] = [];
  let columns = 0;
  let pattern = '';
  let literal: string | undefined = '';
  const close = (): void => {
    segments.push({ literal, pattern, columns });
    [pattern, literal, columns] = ['', '', 0];
  };
  for (const [index, part] of parts.entries()) {
    const number = numberPattern(part, parts[index + 1], mode);
    if (part.kind === 'text') {
      pattern += escape(part.text);
      literal = literal === undefined ? undefined : literal + part.text;
    } else if (number !== undefined) {
      pattern += number;
      literal = undefined;
      columns += 1;
    } else {
      if (gaps.length > 0 && pattern === '') gaps.at(-1)?.push(part);
      else {
        close();
        gaps.push([part]);
      }
    }
  }
  close();
  return fromSegments(segments, gaps);
}

function fromSegments(segments: readonly Segment[], gaps: readonly (readonly Part[])[]): Matcher {
  const finders = segments.map(({ literal, pattern, columns }, index) => {
    const isFirst = index === 0;
    const isLast = index === segments.length - 1;
    if (literal !== undefined) {
      if (isFirst && isLast)
        return (text: string) => (text === literal ? { start: 0, end: text.length, found: [] } : undefined);
      if (isFirst)
        return (text: string) => (text.startsWith(literal) ? { start: 0, end: literal.length, found: [] } : undefined);
      if (isLast)
        return (text: string, from: number) => {
          const start = text.length - literal.length;
          return start >= from && text.endsWith(literal) ? { start, end: text.length, found: [] } : undefined;
        };
      return (text: string, from: number) => {
        const start = text.indexOf(literal, from);
        return start < 0 ? undefined : { start, end: start + literal.length, found: [] };
      };
    }
    const expression = new RegExp(`${pattern}${isLast ? '$' : ''}`, isFirst ? 'y' : 'g');
    return (text: string, from: number) => {
      expression.lastIndex = from;
      const match = expression.exec(text);
      if (match === null) return undefined;
      return { start: match.index, end: expression.lastIndex, found: match.slice(1, columns + 1) };
    };
  });
  return (text) => {
    const values: string[] = [];
    let at = 0;
    for (const [index, find] of finders.entries()) {
      const match = find(text, at);
      if (match === undefined) return undefined;
      const gap = index === 0 ? [] : (gaps[index - 1] ?? []);
      const between = text.slice(at, match.start);
      for (const [place, part] of gap.entries())
        if (part.kind === 'column') values.push(place === gap.length - 1 ? between : '');
      values.push(...match.found);
      at = match.end;
    }
    return values;
  };
}

/** In `kind=regex`, columns of text take as much as they can, `*` as little; flags are RE2's i, m, s and U. */
function regexMatcher(parts: readonly Part[], flags: string): Matcher {
  let names = 0;
  const body = parts.map((part, index) => {
    if (part.kind === 'text') return `(?:${part.text})`;
    if (part.kind === 'any') return index === parts.length - 1 ? '.*' : '.*?';
    const group = `(?P<kql${names}>`;
    names += 1;
    const number = numberPattern(part, parts[index + 1], 'regex');
    return number === undefined ? `${group}.*)` : number.replace('(', group);
  });
  const expression = regularExpression(`${flags === '' ? '' : `(?${flags})`}^${body.join('')}`);
  const groups = Array.from({ length: names }, (_, index) => expression.names[`kql${index}`] ?? 0);
  return (text) => {
    const match = expression.first(text);
    return match === null ? undefined : groups.map((group) => match.groups[group] ?? '');
  };
}

/** @param flags of `kind=regex`, as in `flags=Ui` */
export function matcher(parts: readonly Part[], mode: Mode, flags: string): Matcher {
  return mode === 'regex' ? regexMatcher(parts, flags) : gapMatcher(parts, mode);
}
