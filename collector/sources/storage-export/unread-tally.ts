import type { Unread } from '../../contracts.ts';
import type { ExportBlob } from './blobs.ts';
import type { Range } from './read-lines.ts';
import type { Piece } from './read-whole.ts';

/** Counts what of one blob could not be read, over all its pieces. */
export interface UnreadTally {
  /** The ETag of the content that is read, which may be newer than the listing. */
  setEtag(etag: string): void;
  /** Notes the broken elements of a piece; `lines` tells between which bytes they lie, where that is known. */
  note(piece: Piece, lines?: Range): void;
  /** What was noted; undefined when everything was read. */
  some(): Unread | undefined;
  /** The blob as a whole, because of `reason`. */
  whole(reason: string): Unread;
}

/** A tally of nothing. */
export function unreadTally({ length, etag: listed }: ExportBlob): UnreadTally {
  let etag = listed;
  let count = 0;
  let first = '';
  let range: Range | undefined;
  return {
    setEtag: (opened) => void (etag = opened),
    note({ elements }, lines) {
      for (const element of elements) {
        if (element.ok) continue;
        count++;
        first ||= element.reason;
      }
      if (lines !== undefined) range = { from: range?.from ?? lines.from, to: lines.to };
    },
    some() {
      if (count === 0) return undefined;
      return { etag, from: 0, to: length, ...range, count, reason: `${count} rows not read, the first: ${first}` };
    },
    whole: (reason) => ({ etag, from: 0, to: length, count: null, reason }),
  };
}
