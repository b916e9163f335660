import type { Cursor, DeadLetter, ParkedBlob } from '../contracts.ts';
import type { EntityNotes } from '../entities/entity-note.ts';
import { ledger, type Ledger } from '../ledger.ts';
import { emptyViews, restoreNotes, toNotes, type Views } from '../reconciliation/views.ts';
import { parseCheckpoint, stateRemedy, toCheckpointText } from './checkpoint.ts';
import { deadLetterLog, type DeadLetterLog } from './dead-letter-log.ts';
import { entityLog } from './entity-log.ts';
import { entityTable } from './entity-table.ts';
import { idSegments, type IdSegments } from './id-segments.ts';
import type { Place } from './place.ts';
import { seenIds, type SeenIds } from './seen-ids.ts';
import { segmentBook } from './segments.ts';

/** What is known of one source. Changed in place; a save commits what it is at that moment. */
export interface SourceState {
  cursor: Cursor | undefined;
  /** Ids of blobs that are done. */
  readonly blobs: SeenIds;
  /** By blob id. */
  readonly parked: Map<string, ParkedBlob>;
  readonly ledger: Ledger;
}

/** Everything that is kept between passes and over restarts. */
export interface CollectorState {
  /**
   * Aborts when another process has become the writer of the place, or may have; its reason says why. Once aborted
   * nothing can be saved, and what is held here may be behind: load again to stand in line. `close` does not abort it.
   */
  readonly lost: AbortSignal;
  /** Ids of records whose outcome is known, of all sources: the same record may come by two of them. */
  readonly records: SeenIds;
  /** What is remembered of each entity that events name. */
  readonly entities: EntityNotes;
  /** What feed and audit queries gave of the days that are still to be compared. */
  readonly views: Views;
  /** The state of a source, empty when it is new; always the same object for the same name. */
  source(name: string): SourceState;
  /** Names of the sources that have a state. */
  sourceNames(): readonly string[];
  /** Keeps a dead letter from the next save on; one whose id waits already is kept once. */
  putAside(letter: DeadLetter): void;
}

/** What a save did beside saving. */
export interface SaveReport {
  /** Dead letters that are gone because they were older than 30 days. */
  readonly expiredDeadLetters: number;
}

/** The state in memory and what ties it to its place. */
export interface HeldState {
  readonly state: CollectorState;
  readonly letters: DeadLetterLog;
  /** Fills the empty state from a checkpoint's text and the segments that it refers to. */
  restore(text: string): Promise<void>;
  /** One atomic commit; see `State.save`. */
  commit(): Promise<SaveReport>;
}

interface HeldStateOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Version of the collector, for the checkpoint. */
  readonly version: string;
  /** What `open` of the place gave. */
  readonly lost: AbortSignal;
  /** Notes of entities held in memory; beyond it those leave that were seen least recently, files and meetings first. */
  readonly entitiesMax: number;
  /** Tenant that is collected from, lower case; the state of another one is refused. */
  readonly tenantId: string | undefined;
}

/** An empty state, to be restored from and committed to a place that is open. */
export function heldState(place: Place, { now, version, lost, entitiesMax, tenantId }: HeldStateOptions): HeldState {
  let tenant = tenantId;
  const book = segmentBook();
  const records = seenIds();
  const recordSegments = idSegments(place, book, 'records', records);
  const letters = deadLetterLog(place, book);
  const entities = entityTable(entitiesMax);
  const entityNotes = entityLog(place, book, entities);
  const views = emptyViews();
  const feedSegments = idSegments(place, book, 'views.feed', views.feed);
  const querySegments = idSegments(place, book, 'views.query', views.query);
  const sources = new Map<string, { readonly state: SourceState; readonly blobSegments: IdSegments }>();

  function source(name: string, ledgerOf = ledger()): { state: SourceState; blobSegments: IdSegments } {
    const known = sources.get(name);
    if (known !== undefined) return known;
    if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`state: source ${name}: use lower-case letters, digits and dashes`);
    const blobs = seenIds();
    const made = {
      state: { cursor: undefined, blobs, parked: new Map<string, ParkedBlob>(), ledger: ledgerOf },
      blobSegments: idSegments(place, book, `${name}.blobs`, blobs),
    };
    sources.set(name, made);
    return made;
  }

  async function restore(text: string): Promise<void> {
    const content = parseCheckpoint(text, place.name);
    if (tenant !== undefined && content.tenant !== undefined && content.tenant !== tenant)
      throw new Error(
        `state: ${place.name} is of tenant ${content.tenant}, not of ${tenant}: give each tenant a place of its own (STATE_URL)`,
      );
    tenant ??= content.tenant;
    const lengths = new Map((await place.list()).map(({ name, length }) => [name, length]));
    const committed = [
      ...content.records,
      ...Object.values(content.sources).flatMap(({ blobs }) => blobs),
      ...content.deadLetters,
      ...content.entities,
      ...(content.views?.feed ?? []),
      ...(content.views?.query ?? []),
    ];
    for (const { name, length } of committed) {
      const stored = lengths.get(name);
      if (stored === undefined) throw new Error(`state: ${place.name}/${name} is missing: ${stateRemedy}`);
      book.note(name);
      // Bytes behind the committed ones are of a save that was cut short.
      if (stored !== length) book.doubt(name);
      lengths.delete(name);
    }
    await recordSegments.load(content.records);
    for (const [name, { cursor, blobs, parked, ledger: hours }] of Object.entries(content.sources)) {
      const { state: of, blobSegments } = source(name, ledger(hours));
      of.cursor = cursor ?? undefined;
      for (const blob of parked) of.parked.set(blob.id, blob);
      await blobSegments.load(blobs);
    }
    await letters.load(content.deadLetters);
    await entityNotes.load(content.entities);
    if (content.views !== undefined) {
      const { feed, query, ...notes } = content.views;
      await feedSegments.load(feed);
      await querySegments.load(query);
      restoreNotes(views, notes);
    }
    // Last, when all else is known to be sound: leftovers of a save that was cut short.
    for (const name of lengths.keys()) await place.remove(name);
  }

  async function commit(): Promise<SaveReport> {
    lost.throwIfAborted();
    const nowMs = now();
    const expiry = await letters.expired(nowMs);
    // From here to the first append nothing waits: the commit is the state of one moment.
    const recordPlan = recordSegments.plan();
    const letterPlan = letters.plan(nowMs, expiry);
    const entityPlan = entityNotes.plan(nowMs);
    const sourcePlans = [...sources].map(([name, of]) => ({ name, of: of.state, plan: of.blobSegments.plan() }));
    const feedPlan = feedSegments.plan();
    const queryPlan = querySegments.plan();
    const others = sourcePlans.map(({ plan }) => plan);
    const plans = [recordPlan, letterPlan, entityPlan, feedPlan, queryPlan, ...others];
    const appends = plans.flatMap((plan) => plan.appends);
    const content = {
      written: new Date(nowMs).toISOString(),
      ...(tenant !== undefined && { tenant }),
      records: [...recordPlan.segments],
      sources: Object.fromEntries(
        sourcePlans.map(({ name, of, plan }) => [
          name,
          {
            cursor: of.cursor ?? null,
            blobs: [...plan.segments],
            parked: [...of.parked.values()],
            ledger: [...of.ledger.toJSON()],
          },
        ]),
      ),
      deadLetters: [...letterPlan.segments],
      entities: [...entityPlan.segments],
      views: { ...toNotes(views), feed: [...feedPlan.segments], query: [...queryPlan.segments] },
    };
    const text = toCheckpointText(content, version);
    try {
      for (const { name, offset, bytes } of appends) await place.append(name, offset, bytes);
    } catch (error) {
      for (const { name } of appends) book.doubt(name);
      // Nothing can refer to the new ones yet. On a full disk they would leave even less room for the next try.
      await remove(appends.filter(({ offset }) => offset === 0).map(({ name }) => name));
      throw error;
    }
    try {
      await place.replaceCheckpoint(text);
    } catch (error) {
      // It may have happened all the same: nothing that it refers to is removed or written to again.
      for (const { name } of appends) book.doubt(name);
      throw error;
    }
    for (const plan of plans) plan.commit();
    const kept = new Set(plans.flatMap((plan) => plan.segments.map(({ name }) => name)));
    await remove(book.names().filter((name) => !kept.has(name)));
    return { expiredDeadLetters: expiry.letters };
  }

  /** What cannot be removed now is removed by the next save or load; the latter fails loudly when it cannot. */
  async function remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await place.remove(name).then(
        () => book.forget(name),
        () => undefined,
      );
    }
  }

  return {
    state: {
      lost,
      records,
      entities,
      views,
      source: (name) => source(name).state,
      sourceNames: () => [...sources.keys()],
      putAside: (letter) => letters.putAside(letter),
    },
    letters,
    restore,
    commit,
  };
}
