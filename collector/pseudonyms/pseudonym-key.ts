/** The key of pseudonyms: everything that is derived from it, and nothing that tells it. */
import { createHmac } from 'node:crypto';

/** What is replaced by tokens. */
export const pseudonymized = ['users', 'addresses'] as const;

/** A kind of what is replaced. */
export type Pseudonymized = (typeof pseudonymized)[number];

/** Shortest key, in bytes: as long as the hash (RFC 2104, section 3). */
export const MIN_KEY_BYTES = 32;

/** Derives from the key; never shows it. */
export interface PseudonymKey {
  /** 24 hex digits that stand for `text` within its kind, and 8 more by which a token of this key is known. */
  hex(kind: string, text: string): string;
  /** True for 32 hex digits that this key has given. */
  isOwn(hex: string): boolean;
  /** Tells keys apart, and what they are used for; from it nothing of the key can be learnt. */
  fingerprint(what: ReadonlySet<Pseudonymized>): string;
}

const ID_DIGITS = 24;
const CHECK_DIGITS = 8;

/** A key from its bytes, at least 32. */
export function pseudonymKey(bytes: Buffer): PseudonymKey {
  const mac = (purpose: string, text: string): string =>
    createHmac('sha256', bytes).update(purpose).update('\0').update(text).digest('hex');
  const check = (id: string): string => mac('check', id).slice(0, CHECK_DIGITS);
  return {
    hex(kind, text) {
      const id = mac(kind, text).slice(0, ID_DIGITS);
      return id + check(id);
    },
    isOwn: (hex) => hex.slice(ID_DIGITS) === check(hex.slice(0, ID_DIGITS)),
    fingerprint: (what) => `${[...what].toSorted().join('+')}:${mac('fingerprint', '').slice(0, 16)}`,
  };
}
