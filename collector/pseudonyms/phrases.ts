/** Known names and aliases within a text, found by their words. Linear in the length of the text, however many are known. */

/** What may stand between the words of a phrase: `names` may be written in any way, `aliases` as they are. */
export type PhraseSpelling = 'names' | 'aliases';

/** A set of phrases. */
export interface Phrases {
  readonly add: (phrase: string) => void;
  readonly delete: (phrase: string) => void;
  /** The text with what `of` gives in place of each phrase, the longest where several begin. */
  readonly replace: (text: string, of: (phrase: string) => string) => string;
}

// An escaped space ends a word: `Alice%20Abbot`.
const WORD = /%(?:25)*20|[\p{L}\p{M}\p{N}]+/gu;
const NEXT: Readonly<Record<PhraseSpelling, RegExp>> = {
  names: /(?:[\s+_.,'’-]|%(?:25)*20){1,3}?([\p{L}\p{M}\p{N}]+)/uy,
  aliases: /[._+'-]{1,4}([\p{L}\p{M}\p{N}]+)/uy,
};
// Accounts of guests with domains of many labels.
const MAX_WORDS = 16;
// What is longer is nobody's name.
const MAX_LENGTH = 300;

interface Head {
  readonly phrases: number;
  /** Words of the longest. */
  readonly words: number;
}

const ASCII = /^\p{ASCII}*$/u;
// The dot of a capital dotted I would be a character of its own.
const fold = (text: string): string =>
  (ASCII.test(text) ? text : text.normalize('NFC').replaceAll('İ', 'i')).toLowerCase();
const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(WORD)].map(([word]) => word).filter((word) => !word.startsWith('%'));

/** An empty set. */
export function phrases(spelling: PhraseSpelling): Phrases {
  const byKey = new Map<string, string>();
  const heads = new Map<string, Head>();
  const next = NEXT[spelling];

  const keyOf = (words: readonly string[], written: string): string =>
    spelling === 'names' ? words.join(' ') : fold(written);
  const bare = (phrase: string): string => phrase.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '');

  /** Where a phrase lies; undefined for what is no name. */
  function placeOf(phrase: string) {
    if (phrase.length > MAX_LENGTH) return undefined;
    const words = wordsOf(fold(phrase));
    const [first] = words;
    if (first === undefined || words.length > MAX_WORDS) return undefined;
    return { key: keyOf(words, bare(phrase)), first, count: words.length };
  }

  /** Where the longest phrase ends that begins with the word. */
  function longest(text: string, at: number, word: string, most: number): { phrase: string; to: number } | undefined {
    const words = [fold(word)];
    let found: { phrase: string; to: number } | undefined;
    for (let to = at + word.length; ;) {
      const phrase = byKey.get(keyOf(words, text.slice(at, to)));
      if (phrase !== undefined) found = { phrase, to };
      next.lastIndex = to;
      const [all, following] = words.length < most ? (next.exec(text) ?? []) : [];
      if (all === undefined || following === undefined) return found;
      words.push(fold(following));
      to += all.length;
    }
  }

  return {
    add(phrase) {
      const place = placeOf(phrase);
      if (place === undefined) return;
      const { key, first, count } = place;
      const head = heads.get(first) ?? { phrases: 0, words: 0 };
      heads.set(first, {
        phrases: head.phrases + (byKey.has(key) ? 0 : 1),
        words: Math.max(head.words, count),
      });
      byKey.set(key, phrase);
    },
    delete(phrase) {
      const place = placeOf(phrase);
      if (place === undefined || byKey.get(place.key) !== phrase) return;
      byKey.delete(place.key);
      const { phrases: left = 1, words = 0 } = heads.get(place.first) ?? {};
      if (left === 1) heads.delete(place.first);
      else heads.set(place.first, { phrases: left - 1, words });
    },
    replace(text, of) {
      if (byKey.size === 0) return text;
      let out = '';
      let last = 0;
      for (const { 0: word, index } of text.matchAll(WORD)) {
        if (index < last) continue;
        const head = heads.get(fold(word));
        const found = head && longest(text, index, word, head.words);
        if (found === undefined) continue;
        out += text.slice(last, index) + of(found.phrase);
        last = found.to;
      }
      return out + text.slice(last);
    },
  };
}
