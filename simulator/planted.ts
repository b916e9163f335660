/** What stories and habits leave behind: audit records as the feed gives them, rows of other tables, items of watchlists. */
import type { Json, WireRecord } from './records/scene.ts';

/** An audit record of the Copilot family. Times are epoch milliseconds. */
export interface PlantedRecord {
  readonly timeMs: number;
  /** When the audit log has it. */
  readonly availableMs: number;
  readonly id: string;
  readonly record: WireRecord;
}

/** A row of a table that the collector does not write, such as SigninLogs. */
export interface PlantedRow {
  readonly table: string;
  /** TimeGenerated, epoch milliseconds. */
  readonly timeMs: number;
  /** When the workspace has it, epoch milliseconds. */
  readonly receivedMs: number;
  readonly columns: Readonly<Record<string, Json>>;
}

/** An item of a watchlist: columns by name, SearchKey among them. */
export interface PlantedItem {
  readonly watchlist: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** A span of time in epoch milliseconds: its end is not in it. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
