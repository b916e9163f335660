/** Where the two views of the audit log differ: records that only the query has, and records that only the feed has. */
import type { FeedBlob } from '../../feed-blob.ts';
import type { Past } from '../../past.ts';
import { chance } from '../chance.ts';
import type { Choice, Switches } from '../switches.ts';
import { elementTexts, textOf, toWireObject } from './audit-query-elements.ts';
import { auditLog, type AuditLog } from './audit-query-log.ts';
import { pastLog, withPast } from './audit-query-past.ts';

/** The views. */
export interface Sides {
  /** What the feed gives. */
  readonly feed: readonly FeedBlob[];
  /** What the query gives. */
  readonly log: AuditLog;
  /** Ids that the feed does not have. */
  readonly withheld: ReadonlySet<string>;
  /** Ids that the query does not have. */
  readonly feedOnly: ReadonlySet<string>;
}

/** Takes the records apart that one of the views lacks; they are of the Copilot family, and the seed chooses them. */
export function sides(options: {
  readonly blobs: readonly FeedBlob[];
  /** What only the query has, because the feed does not reach back so far. */
  readonly past?: Past | undefined;
  readonly seed: number | string;
  readonly switches: Pick<Switches, 'withheld' | 'feedOnly' | 'auditVisibleMinutes'>;
}): Sides {
  const { blobs, past, seed, switches } = options;
  const isNone = (choice: Choice): boolean => ('share' in choice ? choice.share : choice.count) === 0;
  const isSame = isNone(switches.withheld) && isNone(switches.feedOnly);
  const ids = isSame ? [] : [...new Set(blobs.flatMap(({ copilotIds }) => copilotIds))];
  const withheld = chosen(ids, switches.withheld, seed, 'withheld');
  const feedOnly = chosen(
    ids.filter((id) => !withheld.has(id)),
    switches.feedOnly,
    seed,
    'feed-only',
  );
  const { auditVisibleMinutes: visibleMinutes } = switches;
  const log = auditLog({ blobs, seed, absent: feedOnly, visibleMinutes });
  return {
    feed: withheld.size === 0 ? blobs : blobs.map((blob) => without(blob, withheld)),
    log: past === undefined ? log : withPast(log, pastLog(past, { visibleMinutes: visibleMinutes[1] })),
    withheld,
    feedOnly,
  };
}

function chosen(ids: readonly string[], choice: Choice, seed: number | string, purpose: string): ReadonlySet<string> {
  const drawn = ids.map((id) => ({ id, draw: chance(seed, purpose, id) }));
  if ('share' in choice) return new Set(drawn.filter(({ draw }) => draw < choice.share).map(({ id }) => id));
  const few = drawn.sort((a, b) => a.draw - b.draw).slice(0, choice.count);
  return new Set(few.map(({ id }) => id));
}

/** The blob without some records; the same blob when it has none of them. */
function without(blob: FeedBlob, ids: ReadonlySet<string>): FeedBlob {
  if (!blob.copilotIds.some((id) => ids.has(id))) return blob;
  const kept = (): readonly string[] =>
    elementTexts(blob.body()).filter((text) => !ids.has(textOf(toWireObject(text)?.['Id'])));
  return {
    contentId: blob.contentId,
    createdMs: blob.createdMs,
    expiresMs: blob.expiresMs,
    visibleMs: blob.visibleMs,
    get recordCount() {
      return kept().length;
    },
    get copilotIds() {
      return blob.copilotIds.filter((id) => !ids.has(id));
    },
    ...(blob.unstorable === undefined ? {} : { unstorable: blob.unstorable }),
    ...(blob.malformed === undefined ? {} : { malformed: blob.malformed }),
    body: () => `[${kept().join(',')}]`,
  };
}
