/** What a place of a query lies in: nothing, a comment, or a literal of text by its kind. */
export type Surroundings =
  | 'code'
  | 'comment'
  | { readonly quote: "'" | '"'; readonly isVerbatim: boolean }
  | { readonly fence: '```' | '~~~' };

// A comment, a fenced, a verbatim, a plain literal; one without an end goes to the end of its line (of the text).
const region =
  /\/\/[^\n]*|(```|~~~)[^]*?(?:\1|$)|@'(?:[^'\n]|'')*'?|@"(?:[^"\n]|"")*"?|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?/g;

/** Tells for each character of a query what it lies in. */
export function surroundings(query: string): (offset: number) => Surroundings {
  const regions = [...query.matchAll(region)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    text: match[0],
  }));
  return (offset) => {
    const text = regions.find(({ from, to }) => from < offset && offset < to)?.text;
    if (text === undefined) return 'code';
    if (text.startsWith('//')) return 'comment';
    if (text.startsWith('```')) return { fence: '```' };
    if (text.startsWith('~~~')) return { fence: '~~~' };
    const isVerbatim = text.startsWith('@');
    return { quote: text[isVerbatim ? 1 : 0] === "'" ? "'" : '"', isVerbatim };
  };
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

const escaped = (text: string, quote: "'" | '"'): string =>
  // Control characters and the separators of lines and paragraphs: some end a line.
  text.replaceAll(/[\\'"\p{Cc}\u2028\u2029]/gu, (each) => {
    if (each === "'" || each === '"') return each === quote ? `\\${each}` : each;
    return named[each] ?? `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });

/** A text as a literal of KQL. */
export const toLiteral = (text: string, quote: "'" | '"' = "'"): string => `${quote}${escaped(text, quote)}${quote}`;

const oneLine = (text: string): string => text.replaceAll(/[\n\r\u0085\u2028\u2029]+/g, ' ');

// What is no word and no number would be code.
const PLAIN = /^(?:-?\d[\d.]*[a-z]*|[A-Za-z_]\w*)?$/;

/**
 * A value from outside, written so that it stays a value where it stands: part of the literal around it, or a literal
 * of its own unless it is a plain word or number. What a verbatim or fenced literal has no way to write is replaced: a
 * line break by a blank, a character of the fence by its like.
 */
export function inert(value: string, where: Surroundings): string {
  if (where === 'comment') return oneLine(value);
  if (where === 'code') return PLAIN.test(value) ? value : toLiteral(value);
  if ('fence' in where) return where.fence === '```' ? value.replaceAll('`', "'") : value.replaceAll('~', '-');
  if (!where.isVerbatim) return escaped(value, where.quote);
  return oneLine(value).replaceAll(where.quote, where.quote.repeat(2));
}
