import { type Batch, type Position, type Source, SourceError } from '../../contracts.ts';
import type { Graph } from '../../graph/contract.ts';
import { copilotUsage, type CopilotUsageRow } from '../../schema/index.ts';
import { openReport } from './open-report.ts';
import { dueAt, keyOf, readUpTo, toCursor, toPlace } from './place.ts';
import { type Report, type ReportPeriod, reportsOf, type ReportVersion } from './reports.ts';
import { toRows } from './to-rows.ts';

/** Which reports are read. */
export interface UsageReportOptions {
  readonly graph: Graph;
  /** Tenant id, for the rows. */
  readonly organizationId: string | undefined;
  readonly periods: readonly ReportPeriod[];
  /** Asked for first; v1 where v2 cannot be had. */
  readonly version?: ReportVersion;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How the reading of a report ended: `refreshDate` is the newest one so far, `problem` what the operator must know. */
interface Ending {
  readonly isRead: boolean;
  readonly refreshDate: string | null;
  readonly problem?: string;
}

const ROWS_PER_BATCH = 1000;

/**
 * Copilot usage reports of Microsoft Graph (Reports.Read.All; global cloud only), each once a day and at most once an
 * hour while it cannot be had. A report counts only licensed users, up to three days late, and is a whole snapshot: one
 * whose refresh date was delivered yields nothing.
 */
export function usageReport({ graph, organizationId, periods, version = 'v2', now }: UsageReportOptions): Source {
  const name = 'usage-report';
  const reports = reportsOf(periods, version).map((report) => ({ ...report, key: keyOf(report, version) }));
  const keys = reports.map(({ key }) => key);

  async function* read(position: Position, signal: AbortSignal): AsyncGenerator<Batch, void> {
    let at = toPlace(position.cursor, now());
    const moved = (): Batch => {
      const ms = readUpTo(at, keys);
      return { kind: 'position', cursor: toCursor(at), readUpTo: ms === null ? null : new Date(ms).toISOString() };
    };
    // The lag is known even when nothing is due.
    if (readUpTo(at, keys) !== null) yield moved();
    const due = dueAt(at, keys, now());
    if (due.size === 0) return;
    signal.throwIfAborted();

    const kept = Object.entries(at.reports).filter(([key]) => keys.includes(key));
    // A try counts even when it fails.
    at = { ...at, triedAtMs: now(), reports: Object.fromEntries(kept) };
    yield moved();
    const problems: string[] = [];
    for (const { key, ...report } of reports) {
      if (!due.has(key)) continue;
      const ending = yield* deliver(report, at.reports[key]?.refreshDate ?? null, signal);
      if (ending.problem !== undefined) problems.push(`${report.kind} report of ${report.period}: ${ending.problem}`);
      if (!ending.isRead) continue;
      at = { ...at, reports: { ...at.reports, [key]: { readAtMs: now(), refreshDate: ending.refreshDate } } };
      yield moved();
    }
    if (problems.length > 0) throw new SourceError(`${name}: ${problems.join('; ')}`);
  }

  /** Yields the rows of a report that are newer than what was delivered. */
  async function* deliver(
    report: Report,
    delivered: string | null,
    signal: AbortSignal,
  ): AsyncGenerator<Batch, Ending> {
    const opened = await openReport(graph, report, version, signal);
    if (!opened.ok) return { isRead: false, refreshDate: delivered, problem: opened.reason };
    const nowMs = now();
    const origin = { kind: report.kind, period: opened.way.period, version: opened.way.version, organizationId };
    let rows: CopilotUsageRow[] = [];
    let newest = delivered;
    let leftOut = 0;
    const take = (): Batch => {
      const held = rows.slice(0, ROWS_PER_BATCH);
      rows = rows.slice(ROWS_PER_BATCH);
      return { kind: 'rows', table: copilotUsage, hour: Math.floor(nowMs / 3_600_000), rows: held };
    };
    for await (const entry of opened.entries) {
      signal.throwIfAborted();
      const made = entry === null ? null : toRows(entry, origin);
      if (made === null) leftOut++;
      for (const row of made ?? []) {
        const date = row.ReportRefreshDate ?? '';
        if (delivered !== null && date <= delivered) continue;
        // A date to come would hold back every report until then.
        if (Date.parse(date) <= nowMs && date > (newest ?? '')) newest = date;
        rows.push(row);
      }
      if (rows.length >= ROWS_PER_BATCH) yield take();
    }
    while (rows.length > 0) yield take();
    const problem = `${leftOut} rows left out, without refresh date, user or day, or not as long as the header: compare with the report in the Microsoft 365 admin center`;
    return { isRead: true, refreshDate: newest, ...(leftOut > 0 && { problem }) };
  }

  return { name, read };
}
