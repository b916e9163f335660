/** The words of a KQL text by kind, for colours only: Microsoft's parser is on the server. */

export type TokenKind = 'comment' | 'string' | 'number' | 'keyword' | 'function' | 'operator';

/** A coloured piece of the text, by characters from 0. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
}

const keywords = new Set(
  `and as asc between by contains contains_cs count desc distinct endswith endswith_cs evaluate extend false find first
  getschema graph has has_all has_any has_cs hasprefix hassuffix hint if in inner invoke join kind last leftanti leftouter
  leftsemi let limit lookup make-series materialize matches mv-apply mv-expand not null nulls of on or order parse
  parse-where partition print project project-away project-keep project-rename project-reorder range reduce regex render
  rightanti rightouter rightsemi sample sample-distinct scan search serialize sort startswith startswith_cs step summarize
  take to top top-nested true typeof union where with fullouter innerunique innerunique !in !contains !has !startswith
  !endswith !between in~ !in~`.split(/\s+/),
);

// A hyphen makes one word only of these: `a-b` is a difference.
const hyphened = [...keywords].filter((word) => word.includes('-'));

// One alternative for each kind, the longest form first. Verbatim strings double their quotes; others escape them.
const form = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*)`,
    '(?<block>```[\\s\\S]*?(?:```|$)|~~~[\\s\\S]*?(?:~~~|$))',
    String.raw`(?<verbatim>[hH]?@(?:"(?:[^"\n]|"")*"?|'(?:[^'\n]|'')*'?))`,
    String.raw`(?<quoted>(?:\b[hH])?(?:"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?))`,
    String.raw`(?<number>\b\d+(?:\.\d+)?(?:e[+-]?\d+|ms|microseconds?|ticks?|[dhms])?\b)`,
    String.raw`(?<call>\b[A-Za-z_]\w*(?=\s*\())`,
    String.raw`(?<word>!?\b(?:${hyphened.join('|')})\b|!?[A-Za-z_]\w*~?)`,
    String.raw`(?<operator>[|=<>!+*/%~]+|-(?!-))`,
  ].join('|'),
  'g',
);

function kindOf(groups: Readonly<Record<string, string | undefined>>): TokenKind | undefined {
  if (groups['comment'] !== undefined) return 'comment';
  if (groups['block'] !== undefined || groups['verbatim'] !== undefined || groups['quoted'] !== undefined)
    return 'string';
  if (groups['number'] !== undefined) return 'number';
  if (groups['operator'] !== undefined) return 'operator';
  return undefined;
}

/** The tokens of a text, in order and apart; what has no colour is left out. */
export function tokensOf(text: string): readonly Token[] {
  return [...text.matchAll(form)].flatMap(({ 0: found, index, groups = {} }) => {
    const { call, word } = groups;
    const end = index + found.length;
    if (call !== undefined) return [{ start: index, end, kind: keywords.has(call) ? 'keyword' : 'function' } as const];
    if (word !== undefined) return keywords.has(word) ? [{ start: index, end, kind: 'keyword' } as const] : [];
    const kind = kindOf(groups);
    return kind === undefined ? [] : [{ start: index, end, kind }];
  });
}
