/** A note of an entity as bytes: in memory without its key, in the log behind it. */
import { hash } from 'node:crypto';
import type { EntityKind, EntityNote, OwedEntity } from '../entities/entity-note.ts';

// By their place in this list: new kinds go to the end.
const kinds: readonly EntityKind[] = ['user', 'agent', 'label', 'site', 'file', 'meeting'];

/** What the log says of one entity: 16 bytes of id, 2 of the length in bytes of what is owed, `bodyBytes`, what is owed. */
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
export function readBody(from: Buffer, at: number, owed: Pick<EntityNote, 'owedAs'>): EntityNote {
  const ms = orNull(from.readDoubleLE(at + 9));
  return {
    firstSeenMs: orNull(from.readDoubleLE(at + 1)),
    written: ms === null ? null : { ms, hash: from.toString('hex', at + 17, at + bodyBytes) },
    ...owed,
  };
}

/** Bytes of `count` entities that are owed, whose texts have `length` UTF-16 code units together. */
export const owedBytes = (count: number, length: number): number => 2 * (count + length);

/** Writes what is owed: the length of the key in bytes, key and text in UTF-16. Returns its length. */
export function writeOwed(into: Buffer, at: number, { key, owedAs }: OwedEntity): number {
  into.writeUInt16LE(key.length * 2, at);
  return 2 + into.write(key + owedAs, at + 2, 'utf16le');
}

/** What is owed, as it was written; undefined for nothing. Throws for a key that is longer than all of it. */
export function readOwed(from: Buffer, at: number, end: number, kind: EntityKind): OwedEntity | undefined {
  if (at === end) return undefined;
  const middle = end - at < 2 ? Infinity : at + 2 + from.readUInt16LE(at);
  if (middle > end) throw new RangeError('entities: a key ends after its record');
  return { kind, key: from.toString('utf16le', at + 2, middle), owedAs: from.toString('utf16le', middle, end) };
}
