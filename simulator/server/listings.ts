import type { FeedBlob } from '../feed-blob.ts';
import { apiError } from './api-errors.ts';
import type { BlobFate } from './fault.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { Switches } from './switches.ts';
import { toTimeText, type Window } from './window.ts';

/** Lists content in windows, page by page. */
export interface Listings {
  /** The page at `offset` of the listing of a window; offset 0 is its first page. */
  page(contentType: string, window: Window, offset: number): Reply;
  /** What a nextPage stands for: its key, and its answer; an AF20031 when it is unknown, stale, or of another query. */
  open(token: string, contentType: string, window: Window): { readonly key: string; readonly reply: () => Reply };
  /** A token that is never valid again. */
  kill(token: string): void;
}

// How long a link lives is not documented; that links go stale is (AF20031).
const tokenMs = 3_600_000;
const documentedRetentionMs = 7 * 86_400_000;

/** contentExpiration of a blob in epoch milliseconds: live 20 days as the blob says, documented 7 days. */
export function expirationMs(blob: FeedBlob, switches: Switches): number {
  return switches.expiration === 'live' ? blob.expiresMs : blob.createdMs + documentedRetentionMs;
}

/** Listings over the blobs of Audit.General. */
export function listings(options: {
  readonly blobs: readonly FeedBlob[];
  readonly tenantId: string;
  readonly origin: () => string;
  readonly foreignOrigin: () => string;
  readonly nowMs: () => number;
  readonly pageSize: number;
  readonly switches: Switches;
  readonly fate: (contentId: string) => BlobFate | undefined;
  readonly onListed: (ids: readonly string[], nextPageKey: string | undefined) => void;
}): Listings {
  const { switches } = options;
  // Management Activity API: content is listed in the order in which it became available.
  const inOrder = [...options.blobs].sort((a, b) => a.visibleMs - b.visibleMs || a.createdMs - b.createdMs);
  const tokens = new Map<string, { readonly key: string; readonly offset: number; readonly issuedMs: number }>();
  let issued = 0;

  const feedPath = (version: string): string => `/api/${version}/${options.tenantId}/activity/feed`;
  const windowKey = (contentType: string, window: Window): string =>
    `${contentType}|${toTimeText(window.startMs)}|${toTimeText(window.endMs)}`;

  function entry(blob: FeedBlob): Readonly<Record<string, string>> {
    const fate = options.fate(blob.contentId);
    const origin = fate === 'foreign-url' ? options.foreignOrigin() : options.origin();
    return {
      contentUri: `${origin}${feedPath('v1.0')}/audit/${blob.contentId}`,
      contentId: blob.contentId,
      contentType: 'Audit.General',
      contentCreated: fate === 'bad-created-time' ? 'not a time' : new Date(blob.createdMs).toISOString(),
      contentExpiration: fate === 'bad-expiration-time' ? '' : new Date(expirationMs(blob, switches)).toISOString(),
    };
  }

  function nextPageUri(contentType: string, window: Window, offset: number): string {
    const now = options.nowMs();
    issued += 1;
    const token = `${new Date(now).toISOString().replace(/\D/g, '')}R${String(issued).padStart(12, '0')}`;
    tokens.set(token, { key: windowKey(contentType, window), offset, issuedMs: now });
    const [start, end] = switches.pageTimes === 'startTime' ? ['startTime', 'endTime'] : ['starttime', 'endtime'];
    // Live: the link does not repeat PublisherIdentifier.
    return `${options.origin()}${feedPath(switches.pagePath)}/subscriptions/content?contentType=${contentType}&${start}=${toTimeText(window.startMs)}&${end}=${toTimeText(window.endMs)}&nextPage=${token}`;
  }

  function page(contentType: string, window: Window, offset: number): Reply {
    const now = options.nowMs();
    // Management Activity API: start is inclusive, end exclusive, on contentCreated.
    const matching =
      contentType === 'Audit.General'
        ? inOrder.filter(
            (blob) =>
              blob.createdMs >= window.startMs &&
              blob.createdMs < window.endMs &&
              blob.visibleMs <= now &&
              expirationMs(blob, switches) > now,
          )
        : [];
    const shown = matching.slice(offset, offset + options.pageSize);
    const nextOffset = offset + options.pageSize;
    const hasNext = nextOffset < matching.length;
    const reply = jsonReply(
      200,
      shown.map(entry),
      hasNext ? { NextPageUri: nextPageUri(contentType, window, nextOffset) } : {},
    );
    const nextKey = hasNext ? `${windowKey(contentType, window)}|${nextOffset}` : undefined;
    return {
      ...reply,
      onSent: () =>
        options.onListed(
          shown.map((blob) => blob.contentId),
          nextKey,
        ),
    };
  }

  return {
    page,
    open: (token, contentType, window) => {
      const known = tokens.get(token);
      const key = windowKey(contentType, window);
      // Management Activity API: AF20031 "Invalid nextPage Input".
      if (!known || known.key !== key || options.nowMs() - known.issuedMs > tokenMs)
        return { key: `${key}|unknown`, reply: () => apiError('AF20031', token) };
      return { key: `${key}|${known.offset}`, reply: () => page(contentType, window, known.offset) };
    },
    kill: (token) => void tokens.delete(token),
  };
}
