/** From planted records to the rows of a workspace: parsed, enriched, built and stamped as the collector does it. */
import { entityRow } from '../../../collector/entities/entity-row.ts';
import { healthRows } from '../../../collector/health-rows.ts';
import { parseRecord } from '../../../collector/records/parse-record.ts';
import { toAuditRow } from '../../../collector/rows/to-audit-row.ts';
import { timeStamps } from '../../../collector/sinks/stamp-time.ts';
import type { JsonRow } from '../../../kql/engine/json-rows.ts';
import type { Value } from '../../../kql/engine/values/types.ts';
import type { PlantedItem, PlantedRecord, PlantedRow, Span } from '../../../simulator/planted.ts';
import { watchlistRows } from '../../../workspace/rules/watchlist-rows.ts';
import type { Directory } from './facts.ts';

/** A row, when it was received, and its TimeGenerated. Epoch milliseconds. */
export interface Stored {
  readonly table: string;
  readonly receivedMs: number;
  readonly generatedMs: number;
  readonly row: JsonRow;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
// The collector writes an entity again after a week at the latest.
const AGAIN_MS = 6.5 * DAY_MS;

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** The rows' form: what is null or undefined is not sent. */
function filled(fields: object): Record<string, Value> {
  const row: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields))
    if (value !== null && value !== undefined) row[name] = value as Value;
  return row;
}

/** When the collector, which comes every `everyMs`, delivers what was available at a time. */
export const deliveredAt = (availableMs: number, everyMs: number): number =>
  Math.ceil(availableMs / everyMs) * everyMs + 2 * MINUTE_MS;

/** What has been said of entities so far. */
export type EntityBook = Map<string, { firstSeenMs: number; writtenMs: number; isNew: boolean }>;

/** How rows are made. */
export interface RowsOptions {
  readonly directory: Directory;
  readonly organizationId: string;
  /** Milliseconds between two deliveries. */
  readonly everyMs: number;
  /** Known entities; changed by every record. */
  readonly book: EntityBook;
  /** Only rows received in it are made; entities are learnt from all. */
  readonly kept: Span;
}

/** Rows of audit records and of the entities that they name, in the order of the records. */
export function* auditRows(records: Iterable<PlantedRecord>, options: RowsOptions): Generator<Stored> {
  const { directory, organizationId, everyMs, book, kept } = options;
  for (const { record, availableMs } of records) {
    const parsed = parseRecord(record, { contentFields: 'drop' });
    if (!parsed.ok) throw new Error(`a planted record is none: ${parsed.reason}`);
    const receivedMs = deliveredAt(availableMs, everyMs);
    const isKept = receivedMs >= kept.fromMs && receivedMs < kept.toMs;
    const received = isoOf(receivedMs);
    const eventMs = Date.parse(parsed.record.eventTime);
    for (const mention of directory.mentions(parsed.record, receivedMs)) {
      const id = `${mention.kind} ${mention.key}`;
      const known = book.get(id);
      const firstSeenMs = Math.min(known?.firstSeenMs ?? eventMs, eventMs);
      const isDue = known === undefined || receivedMs - known.writtenMs > AGAIN_MS;
      book.set(id, { firstSeenMs, writtenMs: isDue ? receivedMs : known.writtenMs, isNew: known === undefined });
      if (!isDue || !isKept) continue;
      const entity = { ...mention, observedMs: receivedMs };
      const row = entityRow(
        { entity, firstEventMs: eventMs, lookUp: 'complete', owedAs: null, namedAs: [] },
        firstSeenMs,
        organizationId,
      );
      yield {
        table: 'CopilotEntities_CL',
        receivedMs,
        generatedMs: receivedMs,
        row: { ...filled(row), TimeGenerated: received, _TimeReceived: received },
      };
    }
    if (!isKept) continue;
    const row = toAuditRow(
      parsed.record,
      { source: 'activity-feed', contentCreated: isoOf(availableMs), collectedTime: received },
      directory.facts(parsed.record, receivedMs),
    );
    const { timeGenerated: TimeGenerated, timeClamped: TimeClamped } = timeStamps(row, receivedMs);
    yield {
      table: 'CopilotAudit_CL',
      receivedMs,
      generatedMs: Date.parse(TimeGenerated),
      row: { ...filled(row), TimeGenerated, TimeClamped, _TimeReceived: received },
    };
  }
}

/** Rows of other connectors. */
export const otherRows = (rows: Iterable<PlantedRow>, everyMs: number): readonly Stored[] =>
  Array.from(rows, ({ table, timeMs, receivedMs, columns }) => {
    const deliveredMs = deliveredAt(receivedMs, everyMs);
    return {
      table,
      receivedMs: deliveredMs,
      generatedMs: timeMs,
      row: { ...filled(columns), TimeGenerated: isoOf(timeMs), _TimeReceived: isoOf(deliveredMs) },
    };
  });

/** Heartbeats every five minutes, and the balanced ledger of each hour an hour later. */
export function collectorRows({ fromMs, toMs }: Span, organizationId: string): readonly Stored[] {
  const health = healthRows({ organizationId, version: '0.1.0' });
  const stored = (ms: number, row: object): Stored => ({
    table: 'CopilotHealth_CL',
    receivedMs: ms + 20_000,
    generatedMs: ms,
    row: { ...filled(row), TimeGenerated: isoOf(ms), _TimeReceived: isoOf(ms + 20_000) },
  });
  const rows: Stored[] = [];
  for (let ms = Math.ceil(fromMs / HOUR_MS) * HOUR_MS; ms < toMs; ms += 5 * MINUTE_MS) {
    const lag = { lagSeconds: 300, oldestExpiryMs: null };
    rows.push(stored(ms, health.heartbeat('activity-feed', lag)));
    if (ms % HOUR_MS !== 0) continue;
    const none = { expired: 0, parked: 0, pending: 0, foreign: 0, unparsable: 0, duplicate: 0, deadLettered: 0 };
    const counts = { ...none, listed: 4, fetched: 4, seen: 60, selected: 60, accepted: 60 };
    rows.push(
      stored(ms, health.ledger('activity-feed', { hour: ms / HOUR_MS - 2, revision: 1, isBalanced: true, counts })),
    );
  }
  return rows;
}

/** Lists as rows of Watchlist. */
export const listRows = (items: readonly PlantedItem[]): readonly JsonRow[] =>
  [...Map.groupBy(items, ({ watchlist }) => watchlist)].flatMap(([alias, own]) =>
    watchlistRows(
      alias,
      own.map(({ columns }) => columns),
    ),
  );
