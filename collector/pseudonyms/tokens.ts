/** The forms of tokens: each has the shape of what it stands for, so that look-ups, joins and functions go on working. */
import { toOneDriveAccount } from '../records/one-drive-account.ts';
import type { PseudonymKey } from './pseudonym-key.ts';

/** What a token stands for. */
export type IdentityKind = 'address' | 'account' | 'alias' | 'object-id' | 'user-key' | 'name' | 'ip-address';

/** Makes and knows tokens of one key. Nothing is remembered: the same text has the same token in every process. */
export interface Tokens {
  /** `p-…@domain` for a user principal name or a mail address; `#ext#` and the domains stay. */
  readonly address: (address: string) => string;
  /** The account of a OneDrive address: what `toOneDriveAccount` makes of the token of its owner's address. */
  readonly account: (account: string, domains: ReadonlySet<string>) => string;
  /** What stands before the `@` of the token of an address. */
  readonly alias: (address: string) => string;
  /** A GUID of version 8. */
  readonly objectId: (id: string) => string;
  /** 32 hexadecimal digits for a PUID or a security identifier: functions take such for the id of a person. */
  readonly userKey: (key: string) => string;
  /** `n-…` for a display name. */
  readonly name: (name: string) => string;
  /** A unique local IPv6 address (fd00::/8). */
  readonly ipAddress: (address: string) => string;
  /** True for a token that this key has made, whole. */
  readonly isOwn: (text: string) => boolean;
}

const GUEST = /^(.+)_([^_@]+)#ext#@(.+)$/;
const GUEST_ACCOUNT = /_ext__.*$/;
// A name of the DNS has 253 characters, and stands behind a character.
const MAX_DOMAIN = 254;
const PUID = /^1003[0-9a-f]{12}$/;
const GROUPS = /.{4}/g;
const PERSON = /^p((?:[-._][0-9a-f]{4}){8})(?![0-9a-f])/i;
const KEYED = /^(?:n-)?([0-9a-f]{32})$/i;
const OBJECT = /^([0-9a-f]{8})-([0-9a-f]{4})-8([0-9a-f]{3})-a([0-9a-f]{3})-([0-9a-f]{12})$/i;

/** Text in the form under which all its spellings have one token. */
export const toNormalForm = (text: string): string =>
  text.trim().normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ');

/** The address at home of a guest's user principal name; any other address as it is. Lower case. */
function toHomeAddress(address: string): string {
  const guest = GUEST.exec(address);
  return guest === null ? address : `${guest[1]}@${guest[2]}`;
}

/** The token forms of a key. */
export function tokens(key: PseudonymKey): Tokens {
  // By the account: it is all that the address of a OneDrive tells of its owner.
  const groupsOf = (account: string): readonly string[] =>
    key.hex('person', account.replace(GUEST_ACCOUNT, '')).match(GROUPS) ?? [];

  function alias(address: string): string {
    const home = toHomeAddress(toNormalForm(address));
    const local = home.slice(0, home.lastIndexOf('@'));
    if (PUID.test(local)) return userKey(local);
    // anna.b@ and anna_b@ have one account and are two people: what stands between the groups tells them apart.
    const spelling = key.hex('spelling', home);
    return `p${groupsOf(toOneDriveAccount(home))
      .map((group, at) => `${'-._'[Number.parseInt(spelling.slice(2 * at, 2 * at + 2), 16) % 3]}${group}`)
      .join('')}`;
  }

  function address(text: string): string {
    const normal = toNormalForm(text);
    const [, , home, tenant] = GUEST.exec(normal) ?? [];
    const tail = home === undefined ? normal.slice(normal.lastIndexOf('@')) : `_${home}#ext#@${tenant ?? ''}`;
    return `${alias(normal)}${tail}`;
  }

  function account(text: string, domains: ReadonlySet<string>): string {
    const normal = text.toLowerCase();
    const guest = GUEST_ACCOUNT.exec(normal)?.[0] ?? '';
    const home = guest === '' ? normal : normal.slice(0, -guest.length);
    return `p_${groupsOf(normal).join('_')}${domainIn(home, domains)}${guest}`;
  }

  /** `_contoso_example` of `alice_contoso_example`: of the domains that are known the longest, else the last two labels. */
  function domainIn(account: string, domains: ReadonlySet<string>): string {
    const first = account.indexOf('_', Math.max(0, account.length - MAX_DOMAIN));
    for (let at = first; at >= 0; at = account.indexOf('_', at + 1)) {
      if (domains.has(account.slice(at + 1))) return account.slice(at);
    }
    return /(?<=[^_])_[^_]+_[^_]+$/.exec(account)?.[0] ?? '';
  }

  function objectId(id: string): string {
    const hex = key.hex('object-id', id.toLowerCase());
    // Version and variant take the place of two digits, which the check does not cover then.
    const id22 = hex.slice(0, 22);
    const check = key.hex('check-object-id', id22).slice(0, 8);
    return `${id22.slice(0, 8)}-${id22.slice(8, 12)}-8${id22.slice(12, 15)}-a${id22.slice(15, 18)}-${id22.slice(18)}${check}`;
  }

  const userKey = (text: string): string => key.hex('user-key', toNormalForm(text));

  function ipAddress(text: string): string {
    const id22 = key.hex('ip-address', text.toLowerCase()).slice(0, 22);
    const hex = `fd${id22}${key.hex('check-ip-address', id22).slice(0, 8)}`;
    return (hex.match(GROUPS) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':');
  }

  function isOwn(text: string): boolean {
    const person = PERSON.exec(text)?.[1];
    if (person !== undefined) return key.isOwn(person.replaceAll(/[-._]/g, '').toLowerCase());
    const keyed = KEYED.exec(text.split('@', 1)[0] ?? '')?.[1];
    if (keyed !== undefined) return key.isOwn(keyed.toLowerCase());
    const object = OBJECT.exec(text);
    if (object !== null) {
      const hex = object.slice(1).join('').toLowerCase();
      return key.hex('check-object-id', hex.slice(0, 22)).slice(0, 8) === hex.slice(22);
    }
    if (!/^fd[0-9a-f:]+$/i.test(text)) return false;
    const hex = text
      .toLowerCase()
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join('');
    return hex.length === 32 && key.hex('check-ip-address', hex.slice(2, 24)).slice(0, 8) === hex.slice(24);
  }

  return {
    address,
    account,
    alias,
    objectId,
    userKey,
    name: (text) => `n-${key.hex('name', toNormalForm(text))}`,
    ipAddress,
    isOwn,
  };
}
