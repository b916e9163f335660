/** The identities that this process has met, in bounded memory. Nothing of it is ever stored but by `CopilotIdentities_CL`. */
import { LRUCache } from 'lru-cache';
import { toOneDriveAccount } from '../records/one-drive-account.ts';
import { type Phrases, phrases } from './phrases.ts';
import { type IdentityKind, toNormalForm, type Tokens } from './tokens.ts';

/** An identity with its token. */
export interface KnownIdentity {
  readonly kind: IdentityKind;
  /** As it was met first. */
  readonly identity: string;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly observedMs: number;
}

/** Identities by themselves and by their tokens. */
export interface Identities {
  /** The token of an identity, which is known from now on. */
  readonly toToken: (kind: IdentityKind, identity: string) => string;
  /** The token of an identity that is known; undefined for any other. */
  readonly knownToken: (kind: IdentityKind, identity: string) => string | undefined;
  /** What a token stands for; undefined when this process has not met it. */
  readonly identityOf: (token: string) => string | undefined;
  /** Display names of two words and more. */
  readonly names: Phrases;
  /** Aliases, and accounts of OneDrives. */
  readonly aliases: Phrases;
  /** Identities whose row is to be written: new ones, and those met again seven days after their last row. */
  readonly due: () => readonly KnownIdentity[];
  /** Their rows were accepted. */
  readonly written: (identities: readonly KnownIdentity[]) => void;
  readonly size: number;
  /** How many became known, ever. */
  readonly metCount: number;
}

interface Entry extends KnownIdentity {
  writtenMs: number | null;
  /** Of an address: the keys of alias and account, which stay known for as long as it does. */
  also: readonly string[];
}

// As entities: rules and functions look back 14 days.
const AGAIN_MS = 7 * 86_400_000;
// Tenants have dozens of domains; whatever writes more of them writes no domains.
const MAX_DOMAINS = 2000;
// Words of prose that are names as well (mark@) must not be replaced all over; one with a dot or a digit is no word.
const ALIAS = /^(?=.*[\p{N}._-])[\p{L}\p{N}._+'-]{5,}$/u;

// An address of a person has a local part and two labels at least.
const ACCOUNT = /_.*_/;
// One word may be any word.
const NAME = /[\p{L}\p{N}][^\p{L}\p{M}\p{N}]+[\p{L}\p{N}]/u;

/** Remembers at most `max` identities, the least recently met leave first. */
export function identities(tokens: Tokens, options: { readonly max: number; readonly now: () => number }): Identities {
  const { max, now } = options;
  const byToken = new Map<string, Entry>();
  const names = phrases('names');
  const aliases = phrases('aliases');
  const domains = new Set<string>();
  const due = new Map<string, Entry>();
  let metCount = 0;
  const known = new LRUCache<string, Entry>({
    max,
    dispose(entry) {
      const token = entry.token.toLowerCase();
      if (byToken.get(token) === entry) byToken.delete(token);
      phrasesOf(entry)?.delete(entry.identity);
    },
  });

  function phrasesOf({ kind, identity }: Entry): Phrases | undefined {
    if (kind === 'alias' || (kind === 'account' && ACCOUNT.test(identity))) return aliases;
    return kind === 'name' && NAME.test(identity) ? names : undefined;
  }

  function make(kind: IdentityKind, identity: string): string {
    switch (kind) {
      case 'address':
        return tokens.address(identity);
      case 'account':
        return tokens.account(identity, domains);
      case 'alias':
        return tokens.alias(identity);
      case 'object-id':
        return tokens.objectId(identity);
      case 'user-key':
        return tokens.userKey(identity);
      case 'name':
        return tokens.name(identity);
      case 'ip-address':
        return tokens.ipAddress(identity);
      default:
        return kind satisfies never;
    }
  }

  /** What else an identity may be called by in a text. */
  function learn(entry: Entry): void {
    if (entry.kind !== 'address') return;
    const normal = toNormalForm(entry.identity);
    const at = normal.lastIndexOf('@');
    if (domains.size < MAX_DOMAINS) domains.add(toOneDriveAccount(normal.slice(at + 1)));
    const local = normal.slice(0, at).replace(/#ext#$/, '');
    const account = toOneDriveAccount(normal);
    const accountToken = toOneDriveAccount(tokens.address(normal));
    entry.also = [
      ...(ALIAS.test(local) ? [add('alias', local, tokens.alias(normal))] : []),
      add('account', account, accountToken),
    ].map(({ kind, identity }) => toKey(kind, identity));
  }

  function add(kind: IdentityKind, identity: string, token: string): Entry {
    const key = toKey(kind, identity);
    const before = known.get(key);
    if (before !== undefined && before.token === token) return before;
    const entry: Entry = { kind, identity, token, observedMs: now(), writtenMs: null, also: [] };
    known.set(key, entry);
    phrasesOf(entry)?.add(identity);
    byToken.set(token.toLowerCase(), entry);
    due.set(entry.token, entry);
    metCount++;
    return entry;
  }

  function meet(entry: Entry): string {
    if (entry.writtenMs !== null && now() - entry.writtenMs >= AGAIN_MS) due.set(entry.token, entry);
    return entry.token;
  }

  return {
    toToken(kind, identity) {
      const before = known.get(toKey(kind, identity));
      if (before !== undefined) {
        if (before.also.some((key) => known.get(key) === undefined)) learn(before);
        return meet(before);
      }
      const entry = add(kind, identity, make(kind, identity));
      learn(entry);
      return entry.token;
    },
    knownToken(kind, identity) {
      const entry = known.get(toKey(kind, identity));
      return entry && meet(entry);
    },
    identityOf: (token) => byToken.get(token.toLowerCase())?.identity,
    names,
    aliases,
    due: () => [...due.values()],
    written(all) {
      const nowMs = now();
      for (const { token } of all) {
        const entry = due.get(token);
        if (entry === undefined) continue;
        entry.writtenMs = nowMs;
        due.delete(token);
      }
    },
    get size() {
      return known.size;
    },
    get metCount() {
      return metCount;
    },
  };
}

// Addresses, ids and keys are the same in any casing and so are names; an account is one already.
const toKey = (kind: IdentityKind, identity: string): string =>
  `${kind} ${kind === 'name' || kind === 'address' ? toNormalForm(identity) : identity.toLowerCase()}`;
