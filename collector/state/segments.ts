import { crc32 } from 'node:zlib';
import { stateRemedy, type Segment } from './checkpoint.ts';
import type { Place } from './place.ts';

// Whole entries of 16 bytes; bounds what loading a large segment costs beside the ids themselves.
export const pieceBytes = 1 << 20;

/** One append that a commit needs. */
export interface Append {
  readonly name: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What one part of the state adds to a commit. `commit` is called once the checkpoint is replaced. */
export interface Plan<S extends Segment> {
  readonly appends: readonly Append[];
  /** Every segment of the part after the commit. */
  readonly segments: readonly S[];
  commit(): void;
}

/** Knows which segments exist at the place, and which of them end exactly where the checkpoint says. */
export interface SegmentBook {
  /** Notes a segment that exists, or is about to. */
  note(name: string): void;
  /** From now on nothing is appended to it: its end is not known for certain. */
  doubt(name: string): void;
  forget(name: string): void;
  names(): readonly string[];
  /**
   * Adds bytes behind `last`, or to a new segment `stem` + `suffix` when there is none or its end is in doubt.
   * Never writes over anything, so that a failed commit that did happen after all keeps what it refers to.
   */
  extend(
    last: Segment | undefined,
    stem: string,
    suffix: string,
    bytes: Uint8Array,
  ): { append: Append; segment: Segment };
}

/** An empty book. */
export function segmentBook(): SegmentBook {
  const isSound = new Map<string, boolean>();

  function freshName(stem: string, suffix: string): string {
    let name = `${stem}${suffix}`;
    for (let part = 2; isSound.has(name); part++) name = `${stem}.${part}${suffix}`;
    return name;
  }

  return {
    note: (name) => void isSound.set(name, true),
    doubt: (name) => void isSound.set(name, false),
    forget: (name) => void isSound.delete(name),
    names: () => [...isSound.keys()],
    extend(last, stem, suffix, bytes) {
      const base =
        last !== undefined && isSound.get(last.name) === true
          ? last
          : { name: freshName(stem, suffix), length: 0, crc32: 0 };
      isSound.set(base.name, true);
      return {
        append: { name: base.name, offset: base.length, bytes },
        segment: { name: base.name, length: base.length + bytes.length, crc32: crc32(bytes, base.crc32) },
      };
    },
  };
}

/**
 * The committed bytes of a segment, in pieces, each valid until the next one is asked for; throws when they are fewer or
 * others than were committed. Segments that share a buffer leave no garbage: it would weigh as much as the ids.
 */
export async function* readSegment(
  place: Place,
  segment: Segment,
  buffer: Uint8Array = new Uint8Array(Math.min(segment.length, pieceBytes)),
): AsyncGenerator<Uint8Array> {
  const damaged = (what: string): Error => new Error(`state: ${place.name}/${segment.name} ${what}: ${stateRemedy}`);
  let checksum = 0;
  for (let at = 0; at < segment.length;) {
    const wanted = buffer.subarray(0, segment.length - at);
    const piece = wanted.subarray(0, await place.read(segment.name, at, wanted));
    at += piece.length;
    if (piece.length < wanted.length)
      throw damaged(`ends after ${at} bytes where the checkpoint has ${segment.length}`);
    checksum = crc32(piece, checksum);
    yield piece;
  }
  if (checksum !== segment.crc32) throw damaged('was changed after it was written (its checksum does not match)');
}
