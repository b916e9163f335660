import { blobDrafts, type BlobDraft } from './blob-drafts.ts';
import { contentFaults, isContentFault, type ContentFault } from './content-faults.ts';
import { feedContent, type BlobContent } from './feed-content.ts';
import type { FeedBlob } from './feed-blob.ts';
import type { PlantedRecord } from './planted.ts';
import { chance, pick, pickWeighted, random, type Random } from './random.ts';
import { familyIndex, schedule } from './schedule.ts';
import { eventList, type EventList } from './events.ts';
import type { Tenant } from './tenant/tenant.ts';

/** What the feed of a tenant holds. */
export interface FeedOptions {
  readonly tenant: Tenant;
  readonly seed: number | string;
  /** Epoch milliseconds: events at or after `fromMs` and before `toMs`; their blobs come up to three days later. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Mean on a working day; 14 by default. */
  readonly copilotPerUserDay?: number;
  /** Records of other workloads, mean on a working day; 115 by default. */
  readonly noisePerUserDay?: number;
  /** Names of `contentFaults`. */
  readonly faults?: Iterable<string>;
  /** These records of the Copilot family instead of drawn ones. */
  readonly planted?: Iterable<PlantedRecord> | undefined;
  /** These records in blobs of their own, which leave all others as they are. */
  readonly added?: readonly PlantedRecord[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Live measurement of July 2026: contentExpiration is about 20 days after contentCreated. */
const EXPIRY_MS = 20 * DAY_MS;

/** Content blobs of Audit.General, ordered by `createdMs`, no two of them equal; throws a RangeError for an unknown fault. */
export function feed(options: FeedOptions): readonly FeedBlob[] {
  const seed = String(options.seed);
  const faults = new Set<ContentFault>();
  for (const name of options.faults ?? []) {
    if (!isContentFault(name)) {
      throw new RangeError(`feed: unknown fault "${name}": use ${Object.keys(contentFaults).join(', ')}`);
    }
    faults.add(name);
  }
  const events = schedule({ copilotPerUserDay: 14, noisePerUserDay: 115, ...options, seed, faults });
  const drafts = blobDrafts(events, seed, faults);
  const next = random(seed, 'blob-faults');
  if (faults.has('giant') && drafts.length > 0) drafts.push(giant(events, drafts, options));
  if (faults.has('re-announced')) drafts.push(...reAnnounced(drafts, next));
  drafts.sort((one, other) => one.createdMs - other.createdMs);
  const content = feedContent(events, seed, faults);
  let lastMs = 0;
  const blobs = drafts.map((draft, position) => {
    const createdMs = Math.max(lastMs + 1, draft.createdMs);
    lastMs = createdMs;
    return blob(draft, createdMs, position, content(draft), delay(next, faults), random(seed, 'content-id', position));
  });
  return options.added === undefined ? blobs : withAdded(blobs, options.added, options.tenant, seed);
}

// Far from the numbers of other blobs, because a contentId holds them.
const FIRST_ADDED = 250_000;

/** The same blobs, and between them those of added records. */
function withAdded(
  blobs: readonly FeedBlob[],
  added: readonly PlantedRecord[],
  tenant: Tenant,
  seed: string,
): readonly FeedBlob[] {
  const own = `${seed} added`;
  const events = eventList(tenant, own);
  for (const record of added) events.plant(record);
  const none: ReadonlySet<ContentFault> = new Set();
  const content = feedContent(events, own, none);
  const taken = new Set(blobs.map(({ createdMs }) => createdMs));
  const more = blobDrafts(events, own, none).map((draft, nth) => {
    let { createdMs } = draft;
    while (taken.has(createdMs)) createdMs += 1;
    taken.add(createdMs);
    return blob(draft, createdMs, FIRST_ADDED + nth, content(draft), 0, random(own, 'content-id', nth));
  });
  return [...blobs, ...more].toSorted((one, other) => one.createdMs - other.createdMs);
}

function blob(
  draft: BlobDraft,
  createdMs: number,
  position: number,
  { recordCount, copilotIds, unstorable, malformed, body }: BlobContent,
  delayMs: number,
  next: Random,
): FeedBlob {
  return {
    contentId: contentId(draft.firstMs, createdMs, position, next),
    createdMs,
    expiresMs: createdMs + EXPIRY_MS,
    visibleMs: createdMs + delayMs,
    recordCount,
    // A getter: ids are computed when asked for, which is cheaper than to keep them.
    get copilotIds() {
      return copilotIds();
    },
    unstorable,
    malformed,
    body,
  };
}

/** A hundred records of 100 KB and one of 2 MB, in the middle of the feed. */
function giant(events: EventList, drafts: readonly BlobDraft[], { tenant, fromMs, toMs }: FeedOptions): BlobDraft {
  const timeMs = fromMs + Math.floor((toMs - fromMs) / 2);
  const createdMs = timeMs + HOUR_MS;
  const first = events.length();
  for (let nth = 0; nth <= 100; nth += 1) {
    events.push({
      timeMs,
      availableMs: createdMs,
      family: familyIndex(nth === 50 ? 'giant-record' : 'bulk-noise'),
      part: 0,
      user: nth % tenant.users.length,
      day: Math.floor(timeMs / DAY_MS),
      nth: 3_000_000 + nth,
    });
  }
  const own = Uint32Array.from({ length: 101 }, (_, nth) => first + nth);
  return { firstMs: createdMs, createdMs, events: own, number: drafts.length };
}

/** Copies of about 3 % of the blobs, at least one, five days later. */
function reAnnounced(drafts: readonly BlobDraft[], next: Random): readonly BlobDraft[] {
  const chosen = drafts.filter(() => chance(next, 0.03));
  const blobs = chosen.length === 0 && drafts.length > 0 ? [pick(next, drafts)] : chosen;
  return blobs.map((draft) => ({ ...draft, createdMs: draft.createdMs + 5 * DAY_MS }));
}

/** Milliseconds from contentCreated until listings show a blob. */
function delay(next: Random, faults: ReadonlySet<ContentFault>): number {
  const [kind, share] = [next(), next()];
  if (faults.has('late') && kind < 0.05) return Math.floor(2 * HOUR_MS + share * 70 * HOUR_MS);
  // Less than an hour, the overlap with which collectors list again.
  return faults.has('out-of-order') && kind > 0.8 ? Math.floor((1 + share * 49) * MINUTE_MS) : 0;
}

/** One of the forms of the wire, with `$` signs; the position keeps it unique. */
function contentId(firstMs: number, createdMs: number, position: number, next: Random): string {
  const suffix = pickWeighted(next, [
    [90, '$emea0016'],
    [6, '$na0030$na0030'],
    [3, ''],
    [1, '$emea0016$IsFromNotification'],
  ]);
  return `${stamp(firstMs, 2 * position + 1)}$${stamp(createdMs, 2 * position + 2)}$audit_general$Audit_General${suffix}`;
}

/** `yyyyMMddHHmmss`, milliseconds and a number of six digits. */
function stamp(ms: number, nth: number): string {
  return new Date(ms).toISOString().replaceAll(/\D/gu, '') + String(nth % 1_000_000).padStart(6, '0');
}
