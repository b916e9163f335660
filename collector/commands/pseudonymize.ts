/** Tokens for lists that people keep by hand, so that watchlists name the same people as rows. */
import type { Pseudonyms } from '../pseudonyms/pseudonyms.ts';

const BARE_ID = /(?<=^|[",;\s])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=$|[",;\s])/gim;

/**
 * A text with tokens in place of user principal names, mail addresses and accounts of personal sites. `ids` says of what
 * the GUIDs are that stand alone: agents and labels have such, too.
 */
export function pseudonymizeList(
  list: string,
  { text, person }: Pick<Pseudonyms, 'text' | 'person'>,
  ids: 'people' | 'things',
): string {
  const named = text(list);
  return ids === 'people' ? named.replaceAll(BARE_ID, person) : named;
}
