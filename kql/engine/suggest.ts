import { distance } from 'fastest-levenshtein';

/**
 * The candidate that somebody who wrote `name` most likely meant, in any casing: at most 2 edits away, or a third of
 * the length; undefined when none is that close, and for names of one or two letters.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  // Everything of one or two letters is a guess away.
  if (name.length < 3) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let fewest = Math.max(2, Math.floor(wanted.length / 3));
  // A short name is another word after two edits.
  if (wanted.length <= 3) fewest = 1;
  for (const candidate of new Set(candidates)) {
    const edits = candidate === name ? Infinity : distance(wanted, candidate.toLowerCase());
    if (edits < fewest || (edits === fewest && best === undefined)) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** `; did you mean ActorName?` to put behind a message, or nothing when no candidate is close. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const found = suggest(name, candidates);
  return found === undefined ? '' : `; did you mean ${found}?`;
}
