/** Identities within a text. */
import { findAddresses } from './addresses.ts';
import type { Identities } from './identities.ts';
import type { Tokens } from './tokens.ts';

/** Replaces what is an identity by its form or is known as one; gives back the same text when there is none. */
export type InText = (text: string) => string;

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
// Chats of Teams, join addresses of meetings, paths of Graph, workloads that name a principal by its id.
const BEFORE_OBJECT_ID =
  /(?:8(?::|%3a)orgid(?::|%3a)|oid\\*(?:"|%22)?\s*(?::|%3a|=|%3d)\s*\\*(?:"|%22)?|\/users(?:\/|\('|%2f)|ServicePrincipal_)$/i;
const ONE_TO_ONE = /(?:@|%40)unq\.gbl\.spaces/i;
const IN_ONE_TO_ONE = /(?:19(?::|%3a)|[0-9a-f]{12}_)$/i;
const BEFORE_MAX = 24;
// "1*" in base64, where the id of an online meeting begins: 1*<organizer>*0**<thread>.
const MEETING = /(?<![\w+/])MSo[\w+/-]{40,}={0,2}/g;
// PUIDs of organisations' and of Microsoft accounts.
const PUID = /(?<![0-9a-z])1003[0-9a-f]{12}(?![0-9a-z])/gi;
const PERSONAL = /((?:\/|%(?:25)*2f)personal(?:\/|%(?:25)*2f))((?:[^/?#%&"'\\\s|<>()]|%5f)+)/gi;
// An address of a person has a local part and two labels at least; a folder may be called personal, too.
const ACCOUNT = /_.*_/;
const NON_ASCII_ESCAPE = /%[c-f][0-9a-f]/i;

/** For identities that are known, and the forms that only people have. */
export function inText(tokens: Tokens, identities: Identities): InText {
  function addresses(text: string): string {
    let out = '';
    let last = 0;
    for (const { from, to, address, isEncoded } of findAddresses(text)) {
      if (tokens.isOwn(address)) continue;
      const token = identities.toToken('address', address);
      out += text.slice(last, from) + (isEncoded ? encodeURIComponent(token) : token);
      last = to;
    }
    return out + text.slice(last);
  }

  const accounts = (text: string): string =>
    text.replaceAll(PERSONAL, (all, before: string, written: string) => {
      const account = written.replaceAll(/%5f/gi, '_');
      return !ACCOUNT.test(account) || tokens.isOwn(account) ? all : before + identities.toToken('account', account);
    });

  function objectIds(text: string): string {
    const isOneToOne = ONE_TO_ONE.test(text);
    return text.replaceAll(GUID, (id, at: number) => {
      const before = text.slice(Math.max(0, at - BEFORE_MAX), at);
      if (BEFORE_OBJECT_ID.test(before) || (isOneToOne && IN_ONE_TO_ONE.test(before)))
        return tokens.isOwn(id) ? id : identities.toToken('object-id', id);
      return identities.knownToken('object-id', id) ?? id;
    });
  }

  const meetings = (text: string): string =>
    text.replaceAll(MEETING, (id) => {
      const inside = Buffer.from(id, 'base64').toString('latin1');
      if (!/^1\*[0-9a-f-]{36}\*/i.test(inside)) return id;
      const organizer = inside.slice(2, 38);
      const token = tokens.isOwn(organizer) ? organizer : identities.toToken('object-id', organizer);
      return Buffer.from(`1*${token}${all(inside.slice(38))}`, 'latin1').toString(
        /[-_]/.test(id) ? 'base64url' : 'base64',
      );
    });

  const userKeys = (text: string): string => text.replaceAll(PUID, (key) => identities.toToken('user-key', key));

  const aliases = (text: string): string =>
    identities.aliases.replace(
      text,
      (alias) => identities.knownToken('alias', alias) ?? identities.toToken('account', alias),
    );
  const names = (text: string): string => identities.names.replace(text, (name) => identities.toToken('name', name));

  function namesIn(text: string): string {
    const out = names(text);
    if (!NON_ASCII_ESCAPE.test(out)) return out;
    const decoded = decode(out);
    const replaced = names(decoded);
    return replaced === decoded ? out : encodeURI(replaced);
  }

  function all(text: string): string {
    let out = text;
    if (out.includes('@') || out.includes('40')) out = addresses(out);
    if (/personal/i.test(out)) out = accounts(out);
    if (out.length >= 36 && out.includes('-')) out = objectIds(out);
    if (out.includes('MSo')) out = meetings(out);
    if (out.includes('1003')) out = userKeys(out);
    return namesIn(aliases(out));
  }
  return (text) => (text.length < 5 ? text : all(text));
}

function decode(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}
