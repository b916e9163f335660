/** Named points of a request at which a test may act, for example end the client. */
import type { Reply } from './reply.ts';

/**
 * received: the headers and half of the body are read (all of a small one); stored: the rows are in the tables and the
 * answer has not begun; answered: the whole answer was handed to the operating system.
 */
export type IngestionMoment = 'received' | 'stored' | 'answered';

/**
 * listing: a page of a listing was sent; blob-half: half of a blob's bytes are on the wire and the rest waits;
 * blob-sent: all of them.
 */
export type FeedMoment = 'listing' | 'blob-half' | 'blob-sent';

/** Called at a moment of the n-th request of its kind, from 1; the server waits for what it returns. */
export type OnMoment<M> = (moment: M, n: number) => void | Promise<void>;

/** The same for ingestion. `cut` at `received`: the client is gone, and the rest of its body never arrives. */
export type OnIngestion = (moment: IngestionMoment, n: number) => void | 'cut' | Promise<void | 'cut'>;

/** Adds the moments of the feed to its good answers. */
export function feedMoments(onFeed: OnMoment<FeedMoment> | undefined): (reply: Reply, kind: string) => Reply {
  const sent = { listing: 0, blob: 0 };
  return (reply, kind) => {
    // Only an answer that counts as served has onSent: a spoilt one is no moment.
    const { onSent } = reply;
    if (onFeed === undefined || onSent === undefined || reply.status !== 200) return reply;
    if (kind !== 'blob') {
      sent.listing += 1;
      const n = sent.listing;
      return { ...reply, onSent: () => (onSent(), onFeed('listing', n)) };
    }
    sent.blob += 1;
    const n = sent.blob;
    return {
      ...reply,
      onHalf: () => onFeed('blob-half', n),
      onSent: () => (onSent(), onFeed('blob-sent', n)),
    };
  };
}
