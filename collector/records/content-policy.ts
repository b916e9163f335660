import { isGuid } from './json-value.ts';

/** What happens to text that people wrote: replaced by its length, or kept. */
export type ContentFields = 'drop' | 'keep';

const MARKER = /^\[(\d+) characters\](?:#\d+)?$/;
const MAX_WORD_LENGTH = 64;
const MIN_WORDS = 3;
// Scripts written without spaces: a few characters are already a sentence.
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/gu;
const MAX_UNSPACED = 8;
const URL = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;
const ID = /^[\w+/=.:@!|~%{}-]+$/;

/** What stands in place of dropped text: `[24 characters]`. */
export function lengthMarker(text: string): string {
  return `[${characterCount(text)} characters]`;
}

/** Length of a text in characters (code points); of a marker, the length of the text that it replaced. */
export function characterCount(text: string): number {
  const marked = MARKER.exec(text);
  if (marked !== null) return Number(marked[1]);
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** True for a marker that an earlier pass left, so that a dead letter can be read again. */
export function isLengthMarker(text: string): boolean {
  return MARKER.test(text);
}

/**
 * The rule for strings that the collector does not know: text-like is what has three or more words, more than 8
 * characters of a script without spaces, or more than 64 characters without being an address, a GUID or one id in the
 * alphabet of base64. A marker is not text.
 */
export function isTextLike(text: string): boolean {
  if (text.length < 2 * MIN_WORDS - 1 || isGuid(text) || isLengthMarker(text)) return false;
  if (text.trim().split(/\s+/, MIN_WORDS).length === MIN_WORDS) return true;
  if (text.length > MAX_WORD_LENGTH && !URL.test(text) && !ID.test(text)) return true;
  return (text.match(UNSPACED)?.length ?? 0) > MAX_UNSPACED;
}

const TEXT_NAME =
  /(?:(?<!con)text|body|content|prompt|response|utterance|transcript|question|answer|snippet|completion|caption|instruction|summary|subject|query)s?$/i;

/** True for a key whose name says that its value is text that somebody wrote: any string under it is dropped. */
export function isTextName(key: string): boolean {
  return TEXT_NAME.test(key);
}
