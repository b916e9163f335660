/** From tokens back to identities, in requests: in memory, by this process, about those it has met. */
import type { Identities } from './identities.ts';
import type { Tokens } from './tokens.ts';

const PERSON = String.raw`p(?:[-._][0-9a-f]{4}){8}`;
const GUEST = String.raw`(?:_[a-z0-9.-]+)?(?:(?:#|%23)ext(?:#|%23))?`;
const HOST = String.raw`(?:@|%40)[\p{L}\p{N}.-]+`;
const TOKEN = new RegExp(
  [
    `${PERSON}(?:${GUEST}${HOST}|(?:_[a-z0-9]*)*)?`,
    String.raw`(?:n-|(?<![0-9a-z]))[0-9a-f]{32}(?![0-9a-z])(?:${HOST})?`,
    '[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}',
  ].join('|'),
  'giu',
);

/** Puts identities, percent-encoded as in a path, in place of tokens; undefined where one has not been met. */
export function revealer(tokens: Tokens, identities: Identities): (text: string) => string | undefined {
  return (text) => {
    let isKnown = true;
    const revealed = text.replaceAll(TOKEN, (written) => {
      const token = written.replaceAll(/%40/g, '@').replaceAll(/%23/g, '#');
      if (!tokens.isOwn(token)) return written;
      const identity = identities.identityOf(token);
      if (identity !== undefined) return encodeURIComponent(identity);
      isKnown = false;
      return written;
    });
    return isKnown ? revealed : undefined;
  };
}
