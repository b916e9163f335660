import { type Batch, type Position, type Source, SourceError } from '../../contracts.ts';
import { inParallel } from '../../in-parallel.ts';
import type { RecordTypeOptions } from '../../records/record-types.ts';
import { toBlobHour } from './blob-hour.ts';
import type { ExportContainer } from './blobs.ts';
import { type Place, toCursor, toPlace } from './place.ts';
import { type DueBlob, isDue, readBlob, type Step } from './read-blob.ts';
import { rowsOf } from './rows.ts';
import type { ExportFormat } from './formats.ts';

/** What is read. */
export interface StorageExportOptions {
  readonly containers: readonly ExportContainer[];
  readonly format?: ExportFormat;
  /** Further record types to select. */
  readonly recordTypes?: RecordTypeOptions;
  /** Blobs that were last written longer ago than this are neither read nor remembered. */
  readonly keepDays?: number;
  /** No listing within this time of the last one of which everything was read: listings are what Azure bills. */
  readonly pollSeconds?: number;
  /** Blobs read at once. */
  readonly concurrency?: number;
  /** A position holds a line for each blob: at most one in this time. */
  readonly positionEveryMs?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const DAY_MS = 24 * 3_600_000;
const MAX_PROBLEMS = 5;

/**
 * Exports of audit records in Azure Storage accounts (role Storage Blob Data Reader): blobs that Defender XDR, diagnostic
 * settings and Log Analytics append to, and files that somebody put there. A pass lists all blobs and reads what is new;
 * a container that does not exist has nothing yet.
 */
export function storageExport(options: StorageExportOptions): Source {
  const name = 'storage-export';
  const {
    containers,
    format = 'auto',
    recordTypes = {},
    keepDays = 30,
    pollSeconds = 900,
    concurrency = 4,
    positionEveryMs = 2000,
    now,
  } = options;

  const rows = rowsOf(format, recordTypes);

  async function* read(position: Position, signal: AbortSignal): AsyncGenerator<Batch, void> {
    const nowMs = now();
    const stored = toPlace(position.cursor, format);
    // Rows that one format refused, another may read: everything from its beginning, and known ids are dropped.
    const isOther = stored.format !== format;
    const before: Place = isOther ? { ...stored, format, blobs: new Map() } : stored;
    let { readUpToMs } = before;
    const blobs = new Map(before.blobs);
    const moved = (): Batch => ({
      kind: 'position',
      cursor: toCursor({ format, readUpToMs, blobs }),
      readUpTo: readUpToMs === null ? null : new Date(readUpToMs).toISOString(),
    });
    // The lag is known even when nothing can be reached.
    if (readUpToMs !== null) {
      yield moved();
      // Not by a clock that was ahead of ours.
      if (!isOther && Math.abs(nowMs - readUpToMs) < pollSeconds * 1000) return;
    }

    const { due, listed, problems } = await list(before, nowMs, signal);
    const areAllListed = problems.length === 0;
    // What a container says no to, it says no to for each of its blobs.
    const closed = new Set<ExportContainer>();
    const tasks = due.map((each) => (ending: AbortSignal) => readUnless(closed, each, nowMs, ending));
    let movedAt = now();
    for await (const step of inParallel(tasks, concurrency, signal)) {
      if (step.kind === 'read') {
        blobs.set(step.key, step.place);
        if (now() - movedAt < positionEveryMs) continue;
        yield moved();
        movedAt = now();
      } else if (step.kind === 'trouble') problems.push(step.problem);
      else yield step;
    }
    signal.throwIfAborted();

    // A blob that is gone or old needs no place; one of a container that could not be listed does.
    if (areAllListed) for (const key of blobs.keys()) if (!listed.has(key)) blobs.delete(key);
    if (problems.length === 0) readUpToMs = nowMs;
    yield moved();
    if (problems.length > 0) throw new SourceError(toMessage(problems));
  }

  /** Lists all containers. Old is what was last written before the window, counted from the last pass that read all. */
  async function list({ readUpToMs, blobs }: Place, nowMs: number, signal: AbortSignal) {
    const oldestMs = Math.min(nowMs, readUpToMs ?? nowMs) - keepDays * DAY_MS;
    const due: DueBlob[] = [];
    const listed = new Set<string>();
    const problems: string[] = [];
    for (const container of containers) {
      try {
        for await (const blob of container.list(signal)) {
          if (blob.modifiedMs < oldestMs) continue;
          listed.add(blob.key);
          const place = blobs.get(blob.key);
          if (isDue(blob, place, nowMs)) due.push({ blob, container, place });
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SourceError)) throw error;
        problems.push(error.message);
      }
    }
    const hourOf = ({ blob }: DueBlob): number => toBlobHour(blob.name, blob.modifiedMs).hour;
    due.sort((a, b) => hourOf(a) - hourOf(b) || (a.blob.id < b.blob.id ? -1 : 1));
    return { due, listed, problems };
  }

  /** Once is enough to hear what is wrong with a container. */
  async function* readUnless(
    closed: Set<ExportContainer>,
    due: DueBlob,
    nowMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<Step, void> {
    if (closed.has(due.container)) return;
    for await (const step of readBlob(due, { rows, nowMs }, signal)) {
      const isOfContainer = step.kind === 'trouble' && step.of === 'container';
      if (isOfContainer && closed.has(due.container)) continue;
      if (isOfContainer) closed.add(due.container);
      yield step;
    }
  }

  function toMessage(problems: readonly string[]): string {
    const more = problems.length - MAX_PROBLEMS;
    const shown = problems.slice(0, MAX_PROBLEMS).join('; ');
    return `${name}: ${shown}${more > 0 ? `; and ${more} more` : ''}`;
  }

  return { name, read };
}
