/** Addresses of people within a text: where they begin and end. Linear in the length of the text. */
import { isSyntheticActor } from '../records/synthetic-actor.ts';

/** A part of a text. */
export interface Found {
  readonly from: number;
  readonly to: number;
  /** Decoded: `alice@contoso.example`, `ann_fabrikam.example#EXT#@contoso.example`. */
  readonly address: string;
  /** True where `@` is written as `%40`. */
  readonly isEncoded: boolean;
}

const AT = /@|%(?:25)*40/g;
// Besides letters and digits what Microsoft Entra ID takes in a user principal name, and + of mail addresses.
const LOCAL = /[\p{L}\p{N}._+'#!^~-]/u;
const ESCAPE = /^%[0-9a-f]{2}$/i;
// Of what may stand before the @: # + ' - . _ ! ^ ~
const LOCAL_ESCAPE = /^%(?:23|2b|27|2d|2e|5f|21|5e|7e)$/i;
const DOMAIN =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,10}(?:xn--[a-z0-9-]{1,59}|\p{L}{2,24})(?![\p{L}\p{N}]|-\w)/uy;
// RFC 5321 has 64; a guest's user principal name holds an address.
const MAX_LOCAL = 128;
// Names of conversations and of mails, not of people.
const NO_PERSON = /(?:^|\.)(?:thread\.skype|gbl\.spaces|prod\.outlook\.com|prod\.exchangelabs\.com)$/i;

/** Every address of a person in a text; addresses of agents that act as users are left out. */
export function findAddresses(text: string): readonly Found[] {
  const found: Found[] = [];
  let last = 0;
  for (const at of text.matchAll(AT)) {
    if (at.index < last) continue;
    const from = localFrom(text, last, at.index);
    const after = at.index + at[0].length;
    DOMAIN.lastIndex = after;
    const domain = DOMAIN.exec(text)?.[0];
    if (from === at.index || domain === undefined || NO_PERSON.test(domain)) continue;
    const written = text.slice(from, at.index);
    const local = written.includes('%') ? decode(written) : written;
    if (isSyntheticActor(local, null)) continue;
    last = after + domain.length;
    found.push({ from, to: last, address: `${local}@${domain}`, isEncoded: at[0] !== '@' });
  }
  return found;
}

function localFrom(text: string, last: number, at: number): number {
  let from = at;
  while (from > last && at - from < MAX_LOCAL) {
    const escape = from - 3 >= last ? text.slice(from - 3, from) : '';
    if (ESCAPE.test(escape)) {
      if (!LOCAL_ESCAPE.test(escape)) break;
      from -= 3;
    } else if (LOCAL.test(text[from - 1] ?? '')) from -= 1;
    else break;
  }
  // What a sentence puts before an address.
  while (from < at && /[.'#!-]/.test(text[from] ?? '')) from += 1;
  return from;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
