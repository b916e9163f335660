/** A note of an entity as bytes: in memory without its key, in the log behind it. */
import { hash } from 'node:crypto';
import type { EntityKind, EntityNote } from '../entities.ts';

// By their place in this list: new kinds go to the end.
const kinds: readonly EntityKind[] = ['user', 'agent', 'label', 'site', 'file', 'meeting'];

/** What the log says of one entity: 16 bytes of id, 2 of the length of `key` in bytes, `bodyBytes`, the key in UTF-16. */
export const headBytes = 18;
/** Kind, first seen, written: numbers in little-endian order, NaN for what is not known; then the hash. */
export const bodyBytes = 25;
/** The kind of an entity that the log forgets. */
const gone = 0xff;

// Ahead of what is hashed, so that it is no hash that anybody computes for another purpose.
const domain = 'copilot-sentinel entity 1\0';

/** 16 characters of one byte each: half of a SHA-256 of kind and key. */
export function entityId(kind: EntityKind, key: string): string {
  return hash('sha256', `${domain}${kind}\0${key}`, 'buffer').toString('latin1', 0, 16);
}

const orNaN = (ms: number | null): number => ms ?? Number.NaN;
const orNull = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);

/** Writes the body of a note, `bodyBytes` long; throws for a hash that is not 16 hex digits. */
export function writeBody(into: Buffer, at: number, kind: EntityKind, { firstSeenMs, written }: EntityNote): void {
  into.writeUInt8(kinds.indexOf(kind), at);
  into.writeDoubleLE(orNaN(firstSeenMs), at + 1);
  into.writeDoubleLE(orNaN(written?.ms ?? null), at + 9);
  const digits = written?.hash ?? '0000000000000000';
  if (digits.length !== 16 || into.write(digits, at + 17, 'hex') !== 8)
    throw new RangeError(`entities: the hash ${digits} is not 16 hex digits`);
}

/** Writes the body that says: the entity is forgotten. */
export function writeGone(into: Buffer, at: number): void {
  into.fill(0, at, at + bodyBytes);
  into.writeUInt8(gone, at);
}

/** The kind that a body names; null for an entity that is forgotten. Throws for a kind that never was. */
export function readKind(from: Buffer, at: number): EntityKind | null {
  const number = from.readUInt8(at);
  if (number === gone) return null;
  const kind = kinds[number];
  if (kind === undefined) throw new RangeError(`entities: ${number} is no kind of entity`);
  return kind;
}

/** The note of a body. */
export function readBody(from: Buffer, at: number, isOwed: Pick<EntityNote, 'isOwed'>): EntityNote {
  const ms = orNull(from.readDoubleLE(at + 9));
  return {
    firstSeenMs: orNull(from.readDoubleLE(at + 1)),
    written: ms === null ? null : { ms, hash: from.toString('hex', at + 17, at + bodyBytes) },
    ...isOwed,
  };
}
