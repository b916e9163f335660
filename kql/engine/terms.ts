/** Terms: what `has` and its kin match. A term is a run of letters and digits; everything else, `_` too, ends one. */

/** Which ends of the searched text must be ends of a term: `has`, `hasprefix` (start), `hassuffix` (end). */
export type TermEdge = 'both' | 'start' | 'end';

const alphanumeric = /[\p{L}\p{N}]/u;

function isAlphanumeric(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
  // A surrogate is half a character: the whole one decides.
  const isLow = code >= 0xdc_00 && code <= 0xdf_ff;
  const point = text.codePointAt(isLow && index > 0 ? index - 1 : index);
  return point !== undefined && alphanumeric.test(String.fromCodePoint(point));
}

/**
 * Whether a text holds a term. Both must be lower-cased already where case does not matter. The empty term is in
 * every text. Where the term itself begins or ends with another character, that end needs no boundary.
 */
export function hasTerm(text: string, term: string, edge: TermEdge = 'both'): boolean {
  if (term === '') return true;
  let index = text.indexOf(term);
  if (index < 0) return false;
  const needsStart = edge !== 'end' && isAlphanumeric(term, 0);
  const needsEnd = edge !== 'start' && isAlphanumeric(term, term.length - 1);
  for (; index >= 0; index = text.indexOf(term, index + 1)) {
    const end = index + term.length;
    if (needsStart && index > 0 && isAlphanumeric(text, index - 1)) continue;
    if (!needsEnd || end >= text.length || !isAlphanumeric(text, end)) return true;
  }
  return false;
}
