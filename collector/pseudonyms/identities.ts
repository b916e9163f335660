/** The identities that this process has met, in bounded memory. Nothing of it is ever stored but by `CopilotIdentities_CL`. */
import { LRUCache } from 'lru-cache';
import { toOneDriveAccount } from '../records/one-drive-account.ts';
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
  readonly hasNames: boolean;
  /** Names that begin with this word, in normal form, longest first. */
  readonly namesFrom: (word: string) => readonly string[];
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
}

// As entities: rules and functions look back 14 days.
const AGAIN_MS = 7 * 86_400_000;
// Tenants have dozens of domains; whatever writes more of them writes no domains.
const MAX_DOMAINS = 2000;
const MAX_NAMES_OF_WORD = 2000;
// Words of prose that are names as well (mark@) must not be replaced all over; one with a dot or a digit is no word.
const ALIAS = /^(?=.*[\p{N}._-])[\p{L}\p{N}._+'-]{5,}$/u;

/** Remembers at most `max` identities, the least recently met leave first. */
export function identities(tokens: Tokens, options: { readonly max: number; readonly now: () => number }): Identities {
  const { max, now } = options;
  const byToken = new Map<string, Entry>();
  const names = new Map<string, Set<string>>();
  const domains = new Set<string>();
  const due = new Map<string, Entry>();
  let metCount = 0;
  const known = new LRUCache<string, Entry>({
    max,
    dispose(entry) {
      const token = entry.token.toLowerCase();
      if (byToken.get(token) === entry) byToken.delete(token);
      if (entry.kind === 'name') forgetName(toNormalForm(entry.identity));
    },
  });

  function forgetName(name: string): void {
    const word = wordOf(name);
    const same = names.get(word);
    same?.delete(name);
    if (same?.size === 0) names.delete(word);
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
  function learn({ kind, identity }: Entry): void {
    const normal = toNormalForm(identity);
    if (kind === 'name' && normal.includes(' ')) {
      const word = wordOf(normal);
      const same = names.get(word) ?? new Set();
      if (same.size < MAX_NAMES_OF_WORD) names.set(word, same.add(normal));
    }
    if (kind !== 'address') return;
    const at = normal.lastIndexOf('@');
    if (domains.size < MAX_DOMAINS) domains.add(toOneDriveAccount(normal.slice(at + 1)));
    const local = normal.slice(0, at).replace(/#ext#$/, '');
    if (ALIAS.test(local)) add('alias', local, tokens.alias(normal));
    const account = toOneDriveAccount(normal);
    add('account', account, toOneDriveAccount(tokens.address(normal)));
  }

  function add(kind: IdentityKind, identity: string, token: string): Entry {
    const key = toKey(kind, identity);
    const before = known.get(key);
    if (before !== undefined && before.token === token) return before;
    const entry: Entry = { kind, identity, token, observedMs: now(), writtenMs: null };
    known.set(key, entry);
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
      if (before !== undefined) return meet(before);
      const entry = add(kind, identity, make(kind, identity));
      learn(entry);
      return entry.token;
    },
    knownToken(kind, identity) {
      const entry = known.get(toKey(kind, identity));
      return entry && meet(entry);
    },
    identityOf: (token) => byToken.get(token.toLowerCase())?.identity,
    get hasNames() {
      return names.size > 0;
    },
    namesFrom(word) {
      const same = names.get(word);
      return same === undefined ? [] : [...same].toSorted((one, other) => other.length - one.length);
    },
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

const wordOf = (name: string): string => /[\p{L}\p{N}]+/u.exec(name)?.[0] ?? '';

// Addresses, ids and keys are the same in any casing and so are names; an account is one already.
const toKey = (kind: IdentityKind, identity: string): string =>
  `${kind} ${kind === 'name' || kind === 'address' ? toNormalForm(identity) : identity.toLowerCase()}`;
