/** The loop: for each batch select, drop seen ids, parse, enrich, make rows, write; then save. Position moves last. */
import type { Archive } from './archive/archive.ts';
import type { ArchivedRecord } from './archive/archived-record.ts';
import { ArchiveError } from './archive/place.ts';
import { type Batch, type Sink, type Source, SourceError } from './contracts.ts';
import type { Enriched, Enrichment } from './enrich/contract.ts';
import { type DueRows, type EntityBook, entityBook } from './entities/entity-book.ts';
import type { Delivery, OwnRows } from './delivery.ts';
import { openPass, type PassOptions } from './pass.ts';
import { forgetBefore, limitViews, observer } from './reconciliation/observer.ts';
import type { Reconciled } from './reconciliation/views.ts';
import type { PassSummary } from './pass-summary.ts';
import { copilotAudit, copilotEntities, copilotHealth, type CopilotHealthRow, type Row } from './schema/index.ts';
import type { CollectorState } from './state/held-state.ts';
import type { State } from './state/state.ts';

// A write is a part of one append, or of one chunk of at most 1 MB.
const ROWS_PER_WRITE = 500;
// They hide the latency of a network; an answer of 100 ms then allows 20,000 rows/s.
const WRITES_UNDER_WAY = 4;
const BLOBS_PER_SAVE = 500;
const SAVE_EVERY_MS = 5000;
// Snapshots of an hour that is still filling are of little use more often.
const SNAPSHOT_EVERY_MS = 60_000;
// A blob can be listed for 7 days; ids are kept one day longer.
const KEEP_HOURS = 8 * 24;
// With memory full every save lets ids go.
const TELL_EVICTED_EVERY_MS = 3_600_000;

export interface PipelineOptions extends Omit<PassOptions, 'keeps' | 'onRecord'> {
  readonly state: State;
  readonly sink: Sink;
  readonly enrichment: Enrichment;
  /** Where raw copies go; absent: none are kept. */
  readonly archive?: Archive | undefined;
  /** Sources whose views of a day are compared; absent: none are. */
  readonly reconciled?: Reconciled | undefined;
  /** Tenant id, for rows that no record gives it. */
  readonly organizationId: string | undefined;
  /** What a record goes through that comes from no source: out of the archive. */
  readonly mask?: ((record: unknown) => unknown) | undefined;
  /** A membrane around every source. */
  readonly through?: ((source: Source) => Source) | undefined;
  /** Record ids held in memory; beyond it the oldest hours leave. */
  readonly seenIdsMax: number;
  /** Called after every batch with the running summary and the point up to which everything is read. */
  readonly onProgress?: (summary: Readonly<PassSummary>, readUpTo: string | null) => void;
}

/** Reading stops at once; writing gets the time that is left to bring home what was read. */
export interface Signals {
  readonly reading: AbortSignal;
  readonly writing: AbortSignal;
}

/** How a pass went. `error` tells why it ended early; `parked` blobs wait for another try. */
export interface PassResult {
  readonly summary: Readonly<PassSummary>;
  readonly parked: number;
  readonly error: Error | undefined;
}

// What a book knows beside the notes (rows under way, rows refused) is true for as long as the state that it is of.
const books = new WeakMap<CollectorState, EntityBook>();

function bookOf(held: CollectorState, { organizationId, now }: PipelineOptions): EntityBook {
  const book = books.get(held) ?? entityBook(held.entities, { organizationId, now });
  books.set(held, book);
  return book;
}

/**
 * Reads a source until it is caught up, and returns how it went; a SourceError ends the pass but keeps what was read.
 * Rejects when rows or state could not be written: then `held` is no longer true and must be loaded again.
 */
export async function drain(
  source: Source,
  held: CollectorState,
  options: PipelineOptions,
  { reading, writing }: Signals,
): Promise<PassResult> {
  const { state, sink, enrichment, archive, health, log, now } = options;
  const own = held.source(source.name);
  // Blobs that were still to be read when the last pass ended will be listed again.
  own.ledger.forgetPending();
  const views = observer(source.name, held, options);
  const keeps = archive === undefined ? 'rows' : 'raw';
  const pass = openPass(source.name, held, { ...options, keeps, onRecord: views.record });
  // Of a pass that failed: its records come again.
  archive?.discard();
  const book = bookOf(held, options);
  const { evictedCount: evictedBefore, givenUpCount: givenUpBefore } = held.entities;
  enrichment.refresh(held.entities.owed());
  let error: Error | undefined;
  const underWay = new Set<Promise<void>>();
  const failure = new AbortController();
  const stopping = AbortSignal.any([writing, failure.signal]);
  let canArchive = false;
  let blobsSinceSave = 0;
  let savedAt = now();
  let snapshotAt = now();
  let evictedUntold = 0;
  let evictedToldAt = -Infinity;
  let isEnding = false;

  /** Only the source's own errors end here; what fails while a batch is handled must fail the pass. */
  async function* batches(): AsyncGenerator<Batch, void> {
    const position = {
      cursor: own.cursor,
      isDone: (id: string) => own.blobs.has(id),
      parked: [...own.parked.values()],
      operations: [...held.views.operations],
      cursorOf: (name: string) => held.source(name).cursor,
    };
    try {
      yield* (options.through?.(source) ?? source).read(position, reading);
    } catch (thrown) {
      if (reading.aborted) return;
      if (!(thrown instanceof SourceError)) throw thrown;
      error = thrown;
      log.error({ source: source.name, reason: error.message }, 'the pass ended early');
    }
  }

  /** Not async, nor is `send`: the rows must not be held while their bytes are written. */
  function writeRecords(delivery: Delivery): Promise<void> {
    if (delivery.records.length === 0) return Promise.resolve();
    return enrichment.enrich(delivery.records).then((enriched) => send(delivery, enriched));
  }

  function send({ toRows, settle }: Delivery, { facts, seen }: Enriched): Promise<void> {
    const due = book.due(seen);
    return sink
      .write(copilotAudit, toRows(facts), stopping)
      .then(settle)
      .then(() => writeEntities(due));
  }

  function writeEntities({ rows, settle }: DueRows): Promise<void> {
    if (rows.length === 0) return Promise.resolve();
    return sink.write(copilotEntities, rows, stopping).then((answers) => {
      const refused = answers.filter(({ kind }) => kind === 'refused');
      for (const { reason } of refused) log.error({ source: source.name, reason }, 'an entity row was refused');
      if (refused[0] !== undefined) pass.note(health.entitiesRefused(source.name, refused.length, refused[0].reason));
      settle(new Set(refused.map(({ row }) => row)));
    });
  }

  const writeOwn = ({ table, rows, settle }: OwnRows): Promise<void> => sink.write(table, rows, stopping).then(settle);

  /** Writes what waits now: rows go after their copies. Not async, see above. */
  function write(): Promise<void> {
    const delivery = pass.deliver();
    return keepRaw(pass.takeRaw())
      .then(() => writeRecords(delivery))
      .then(writeRest);
  }

  /** The first copies of a pass are stored at once: where that fails no row has gone, or each pass would send it again. */
  async function keepRaw(copies: readonly ArchivedRecord[]): Promise<void> {
    if (archive === undefined || copies.length === 0) return;
    await archive.add(copies, stopping);
    if (canArchive) return;
    await archive.save(stopping);
    canArchive = true;
  }

  async function writeRest(): Promise<void> {
    for (const own of pass.deliverOwn()) await writeOwn(own);
    // Facts that came after their rows had gone.
    await writeEntities(book.due(enrichment.takeLate()));
    const incidents = pass.takeIncidents();
    if (incidents.length > 0) await writeHealth(incidents);
  }

  /** Returns the rows that the table does not take; the log is then the only place that knows of them. */
  async function writeHealth(rows: readonly CopilotHealthRow[]): Promise<ReadonlySet<Row>> {
    const refused = (await sink.write(copilotHealth, rows, stopping)).filter(({ kind }) => kind === 'refused');
    for (const { row, reason } of refused) {
      const { HealthKind: kind = null, ItemId: item = null, Reason: told = null } = row;
      log.error({ source: source.name, kind, item, told, reason }, 'a health row was refused');
    }
    return new Set(refused.map(({ row }) => row));
  }

  /** The position stays where it is as long as the archive cannot be written: Sentinel says so, if it can be told. */
  async function tellArchive(thrown: unknown): Promise<void> {
    if (!(thrown instanceof ArchiveError) || writing.aborted) return;
    await sink.write(copilotHealth, [health.archiveError(source.name, thrown.message)], writing).catch(() => undefined);
  }

  /** Starts to write what waits, while the next rows are made; a few writes are under way at once, never more. */
  async function flush(): Promise<void> {
    if (underWay.size >= WRITES_UNDER_WAY) await Promise.race(underWay);
    const one = write();
    underWay.add(one);
    // One that failed stays, so that it is met where writes are awaited: before a later one, or before the save.
    one.then(
      () => underWay.delete(one),
      () => undefined,
    );
  }

  async function commit(isSnapshotDue: boolean): Promise<void> {
    // First, so that what it has to say is written, too.
    forgetOld();
    await flush();
    await Promise.all(underWay);
    await archive?.save(stopping);
    const problems = own.ledger.problems();
    if (problems.length > 0) log.error({ source: source.name, problems }, 'the ledger does not add up');
    const snapshots = isSnapshotDue ? own.ledger.changedHours() : [];
    views.compare();
    await state.save(held);
    savedAt = now();
    blobsSinceSave = 0;
    await tellCompared();
    if (snapshots.length === 0) return;
    // Sent after the save: a crash in between sends the hour again under a new revision.
    const rows = snapshots.map((snapshot) => health.ledger(source.name, snapshot));
    const refused = await writeHealth(rows);
    own.ledger.sent(snapshots.filter((_snapshot, n) => !refused.has(rows[n] ?? {})));
    snapshotAt = now();
  }

  /** Sent after the save, as snapshots are: a crash in between sends the same again. Once a day: saved at once. */
  async function tellCompared(): Promise<void> {
    const rows = held.views.unsent.map((compared) => health.reconciliation(compared));
    if (rows.length === 0) return;
    await writeHealth(rows);
    held.views.unsent = [];
    await state.save(held);
  }

  /** Look-ups that are under way get their bound once more: what they find is written with this pass. */
  async function bringHome(): Promise<void> {
    await flush();
    await Promise.all(underWay);
    if (!reading.aborted) await enrichment.settled();
  }

  function forgetOld(): void {
    if (pass.readUpTo !== null) {
      // Never by a clock that is ahead of ours: what is forgotten too soon comes again.
      const oldest = Math.floor(Math.min(Date.parse(pass.readUpTo), now()) / 3_600_000) - KEEP_HOURS;
      held.records.evictBefore(oldest);
      forgetBefore(held.views, oldest);
      own.blobs.evictBefore(oldest);
      own.ledger.evictBefore(oldest);
    }
    const { evicted, oldestHour } = held.records.evictToSize(options.seenIdsMax);
    if (evicted > 0) forgetBefore(held.views, oldestHour ?? Math.ceil(now() / 3_600_000));
    evictedUntold += evicted;
    if (evictedUntold > 0 && (isEnding || now() - evictedToldAt >= TELL_EVICTED_EVERY_MS)) {
      pass.note(health.seenEvicted(source.name, evictedUntold, oldestHour));
      evictedUntold = 0;
      evictedToldAt = now();
    }
    limitViews(held.views, options.seenIdsMax);
  }

  function tellForgotten(): void {
    const evicted = held.entities.evictedCount - evictedBefore;
    if (evicted > 0) pass.note(health.entitiesEvicted(source.name, evicted));
    const givenUp = held.entities.givenUpCount - givenUpBefore;
    if (givenUp > 0) pass.note(health.lookUpsGivenUp(source.name, givenUp));
  }

  try {
    for await (const batch of batches()) {
      views.batch(batch);
      pass.take(batch);
      options.onProgress?.(pass.summary, pass.readUpTo);
      if (batch.kind === 'ended') blobsSinceSave++;
      if (pass.waitingCount >= ROWS_PER_WRITE) await flush();
      if (blobsSinceSave >= BLOBS_PER_SAVE || now() - savedAt >= SAVE_EVERY_MS) {
        await commit(now() - snapshotAt >= SNAPSHOT_EVERY_MS);
      }
    }
    await bringHome();
    tellForgotten();
    pass.end(error, enrichment.takeTroubles());
    isEnding = true;
    await commit(true);
  } catch (thrown) {
    // All of it will be written again: the other writes need not go on trying.
    failure.abort(thrown);
    await tellArchive(thrown);
    throw thrown;
  } finally {
    // Whoever closes the sink next must find it at rest.
    await Promise.allSettled(underWay);
  }
  return { summary: pass.summary, parked: own.parked.size, error };
}
