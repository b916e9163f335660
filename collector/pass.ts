/** The books of one pass: what each batch means for rows, ledger, seen ids, parked blobs and health. No I/O. */
import type { ArchivedRecord } from './archive/archived-record.ts';
import type { Batch, Hour, Refusal } from './contracts.ts';
import type { Trouble } from './enrich/contract.ts';
import { type Delivery, hourOf, type OwnRows, toLetter } from './delivery.ts';
import { noteDrift } from './drift.ts';
import type { HealthRows } from './health-rows.ts';
import { leftOut } from './left-out.ts';
import { type Letter, letters } from './letters.ts';
import type { LedgerField } from './ledger.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { emptySummary, type PassSummary } from './pass-summary.ts';
import type { AuditRecord } from './records/audit-record.ts';
import { contentId } from './records/content-id.ts';
import { isGuid } from './records/json-value.ts';
import { isCopilotRecord } from './records/is-copilot-record.ts';
import type { OtherTenants } from './other-tenants.ts';
import { type ParseOptions, parseRecord } from './records/parse-record.ts';
import { toStorable } from './records/to-storable.ts';
import { type Origin, toAuditRow } from './rows/to-audit-row.ts';
import { copilotAudit, type CopilotHealthRow, type Table } from './schema/index.ts';
import type { CollectorState } from './state/held-state.ts';

export interface PassOptions extends ParseOptions {
  readonly health: HealthRows;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
  /** Tells records of other tenants, which are left out; absent: all are kept. */
  readonly others?: OtherTenants | undefined;
  /** `raw`: a copy of every record that is selected goes to the archive. */
  readonly keeps?: 'rows' | 'raw';
  /** Told of every record that can be read, duplicate or not, with the hour that it counts in. */
  readonly onRecord?: (record: AuditRecord, hour: Hour) => void;
}

/** A row's record and where it came from, before its facts are known. */
interface Parsed {
  readonly record: AuditRecord;
  readonly origin: Origin;
}

/** One pass of one source. */
export interface Pass {
  readonly summary: Readonly<PassSummary>;
  /** ISO 8601 UTC up to which everything is read, or null before that is known. */
  readonly readUpTo: string | null;
  /** Records, rows and incidents that wait to be written. */
  readonly waitingCount: number;
  take(batch: Batch): void;
  /** Hands over the records that wait. */
  deliver(): Delivery;
  /** Hands over the rows that a source made itself. */
  deliverOwn(): readonly OwnRows[];
  /** Hands over the raw copies that wait; none unless they are kept. */
  takeRaw(): readonly ArchivedRecord[];
  takeIncidents(): readonly CopilotHealthRow[];
  note(incident: CopilotHealthRow): void;
  /** Closes the books: lag, age-out clock, drift, look-ups that failed, heartbeat, and why the pass ended early. */
  end(error: Error | undefined, troubles: readonly Trouble[]): void;
}

/** Opens the books of a pass over `held`, the state it changes. */
export function openPass(source: string, held: CollectorState, options: PassOptions): Pass {
  const { health, metrics, log, now } = options;
  const own = held.source(source);
  const summary = emptySummary();
  const drift = new Map<string, number>();
  const left = leftOut(source, options);
  const aside = letters(source, held, options);
  const expiries = new Map<Hour, number>();
  let waiting: Parsed[] = [];
  let ownRows: OwnRows[] = [];
  let waitingByHour = new Map<Hour, number>();
  let incidents: CopilotHealthRow[] = [];
  let raws: ArchivedRecord[] = [];
  let concealed = 0;
  let readUpTo: string | null = null;

  const count = (hour: Hour, field: LedgerField, n = 1): void => own.ledger.count(hour, field, n);

  function take(batch: Batch): void {
    switch (batch.kind) {
      case 'listed':
        count(batch.hour, 'listed', batch.count);
        count(batch.hour, 'pending', batch.count);
        if (batch.earliestExpiry !== null)
          expiries.set(batch.hour, Math.min(expiries.get(batch.hour) ?? Infinity, Date.parse(batch.earliestExpiry)));
        break;
      case 'records':
        takeRecords(batch);
        break;
      case 'rows':
        takeOwn(batch);
        break;
      case 'ended':
        takeEnd(batch);
        break;
      case 'gap':
        summary.gaps++;
        incidents.push(health.gap(source, `${batch.from} to ${batch.to}`, batch.reason));
        log.error({ source, from: batch.from, to: batch.to, reason: batch.reason }, 'gap');
        break;
      case 'position':
        own.cursor = batch.cursor;
        readUpTo = batch.readUpTo;
        break;
    }
  }

  function takeRecords(batch: Extract<Batch, { kind: 'records' }>): void {
    const { item, hour, contentCreated } = batch;
    const origin = { source, contentCreated, collectedTime: new Date(now()).toISOString() };
    const counts = { seen: batch.seen, foreign: batch.foreign, selected: 0, duplicate: 0, unparsable: 0 };
    for (const element of batch.elements) {
      if (!element.ok) {
        counts.unparsable++;
        left.unparsable(item, element);
        continue;
      }
      const raw = element.value;
      const isSelected = isCopilotRecord(raw, options);
      const isOthers = isSelected && options.others?.isOther(source, raw) === true;
      if (isOthers) left.otherTenant(item);
      if (!isSelected || isOthers) {
        counts.foreign++;
        continue;
      }
      counts.selected++;
      const parsed = parseRecord(raw, options);
      // A copy that cannot be read is known by its content: it must not pass for the good copy that may follow.
      const key = parsed.ok ? parsed.record.id : contentId(raw);
      if (parsed.ok) options.onRecord?.(parsed.record, hour);
      if (!held.records.add(key, hour)) {
        counts.duplicate++;
        continue;
      }
      // Also one that cannot be read today: a later version may.
      if (options.keeps === 'raw') raws.push({ id: key, ...origin, record: toStorable(raw, options.contentFields) });
      if (!parsed.ok) {
        const reason =
          parsed.id === null || !isGuid(parsed.id) ? parsed.reason : `${parsed.reason} (record ${parsed.id})`;
        putAside(
          { id: key, kind: 'rejected', reason, contentCreated, record: toStorable(raw, options.contentFields) },
          hour,
        );
        continue;
      }
      for (const path of parsed.record.unknownPaths) noteDrift(drift, path);
      waiting.push({ record: parsed.record, origin });
      waitingByHour.set(hour, (waitingByHour.get(hour) ?? 0) + 1);
    }
    for (const field of ['seen', 'foreign', 'selected', 'duplicate', 'unparsable'] as const) {
      count(hour, field, counts[field]);
      summary[field] += counts[field];
    }
    for (const outcome of ['foreign', 'duplicate', 'unparsable'] as const) {
      metrics.record(source, outcome, counts[outcome]);
    }
  }

  /** Rows of a source's own are records that it selected: the same sums hold. */
  function takeOwn({ table, hour, rows }: Extract<Batch, { kind: 'rows' }>): void {
    for (const field of ['seen', 'selected'] as const) {
      count(hour, field, rows.length);
      summary[field] += rows.length;
    }
    concealed += rows.filter((row) => row['IsConcealed'] === true).length;
    ownRows.push({ table, rows, settle: settlerOf(new Map([[hour, rows.length]]), table) });
  }

  function takeEnd({ id, hour: announced, outcome, unread }: Extract<Batch, { kind: 'ended' }>): void {
    metrics.blob(source, outcome.kind);
    incidents.push(...left.tell(id));
    if (unread !== undefined) incidents.push(aside.unread(id, unread));
    const before = own.parked.get(id);
    // A parked blob is counted in the hour under which it was parked, whatever a later listing says.
    const hour = before === undefined ? announced : Math.floor(Date.parse(before.created) / 3_600_000);
    if (outcome.kind === 'parked') {
      own.parked.set(id, outcome.parked);
      if (before !== undefined) return;
      incidents.push(health.parked(source, outcome.parked));
      log.warn({ source, blob: id, reason: outcome.parked.reason, expires: outcome.parked.expires }, 'blob parked');
    } else {
      own.parked.delete(id);
      own.blobs.add(id, hour);
    }
    if (outcome.kind === 'expired') {
      summary.gaps++;
      incidents.push(health.gap(source, id, outcome.reason));
      log.error({ source, blob: id, reason: outcome.reason }, 'blob lost: gap');
    }
    count(hour, before === undefined ? 'pending' : 'parked', -1);
    count(hour, outcome.kind);
  }

  function putAside(letter: Letter, hour: Hour): void {
    incidents.push(aside.lost(letter));
    count(hour, 'deadLettered');
    summary.deadLettered++;
    metrics.record(source, 'dead-lettered', 1);
  }

  function deliver(): Delivery {
    const taken = waiting;
    const byHour = waitingByHour;
    waiting = [];
    waitingByHour = new Map();
    return {
      records: taken.map(({ record }) => record),
      toRows: (facts) => taken.map(({ record, origin }, n) => toAuditRow(record, origin, facts[n])),
      settle: settlerOf(byHour, copilotAudit),
    };
  }

  /** Apart from where the records are known, because functions of one scope hold on to everything in it. */
  function settlerOf(byHour: ReadonlyMap<Hour, number>, table: Table): (refused: readonly Refusal[]) => void {
    return (refused) => settle(byHour, refused, table);
  }

  function settle(byHour: ReadonlyMap<Hour, number>, refused: readonly Refusal[], table: Table): void {
    for (const [hour, rows] of byHour) {
      count(hour, 'accepted', rows);
      summary.accepted += rows;
    }
    const neverTaken = refused.filter(({ kind }) => kind === 'refused').length;
    metrics.record(source, 'accepted', [...byHour.values()].reduce((sum, rows) => sum + rows, 0) - neverTaken);
    for (const refusal of refused) {
      const letter = toLetter(refusal, table);
      if (refusal.kind === 'oversize') {
        incidents.push(aside.cut(letter));
        continue;
      }
      const hour = hourOf(letter, byHour);
      count(hour, 'accepted', -1);
      summary.accepted--;
      putAside(letter, hour);
    }
  }

  function end(error: Error | undefined, troubles: readonly Trouble[]): void {
    const lagSeconds = readUpTo === null ? null : Math.max(0, (now() - Date.parse(readUpTo)) / 1000);
    const open = [...own.parked.values()].map(({ expires }) => Date.parse(expires));
    if (own.ledger.totals().pending > 0) open.push(...expiries.values());
    const oldestExpiryMs = open.length === 0 ? null : Math.min(...open);
    if (readUpTo !== null) metrics.readUpTo(source, Date.parse(readUpTo));
    metrics.oldestUnfetchedExpiry(source, oldestExpiryMs ?? undefined);
    incidents.push(...left.tell());
    if (drift.size > 0) incidents.push(health.drift(source, drift));
    if (concealed > 0) incidents.push(health.concealed(source, concealed));
    incidents.push(...troubles.map((trouble) => health.enrichment(source, trouble)));
    if (error !== undefined) incidents.push(health.sourceError(source, error.message));
    incidents.push(health.heartbeat(source, { lagSeconds, oldestExpiryMs }));
  }

  return {
    summary,
    get readUpTo() {
      return readUpTo;
    },
    get waitingCount() {
      return waiting.length + incidents.length + ownRows.reduce((sum, { rows }) => sum + rows.length, 0);
    },
    take,
    deliver,
    deliverOwn() {
      const rows = ownRows;
      ownRows = [];
      return rows;
    },
    takeRaw() {
      const taken = raws;
      raws = [];
      return taken;
    },
    takeIncidents() {
      const rows = incidents;
      incidents = [];
      return rows;
    },
    note: (incident) => void incidents.push(incident),
    end,
  };
}
