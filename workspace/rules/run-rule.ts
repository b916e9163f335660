/** One scheduled run of a rule. */
import type { Limits } from '../../kql/engine/budget.ts';
import type { Engine, Query, Result } from '../../kql/engine/engine.ts';
import { KqlError } from '../../kql/engine/errors.ts';
import { columnOf, gather, type Relation } from '../../kql/engine/relation.ts';
import type { NetworkLocation } from '../../kql/engine/scope.ts';
import type { TableRows } from '../../kql/engine/table-reader.ts';
import { fromUnixMilliseconds } from '../../kql/engine/values/calendar.ts';
import { Datetime } from '../../kql/engine/values/types.ts';
import { toMinutes } from '../../kql/content/duration.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import type { Alert } from './alert.ts';
import { rowsOf } from './row.ts';
import { toAlerts } from './to-alerts.ts';

/** Rows by name of table. */
export type Tables = Readonly<Record<string, TableRows>>;

/** A scheduled rule runs so long after the end of its period (Microsoft Sentinel: built-in delay of scheduled rules). */
export const DELAY_MS = 5 * 60_000;

/** A rule whose query is bound. */
export interface PreparedRule {
  readonly rule: Rule;
  readonly query: Query;
}

/** A rule that cannot run, and why. */
export interface Failure {
  readonly rule: string;
  readonly reason: string;
}

/** What a run came to. */
export type RunOutcome =
  | { readonly ok: true; readonly result: Result; readonly alerts: readonly Alert[] }
  | { readonly ok: false; readonly failure: Failure };

/** Whether `now()` of a delayed run is the time that it was scheduled for, or the time at which it runs: Microsoft does not say. */
export type Reading = 'scheduled' | 'delayed';

/** When and over what a rule runs. */
export interface RunAt {
  /** The scheduled time: where the period ends. */
  readonly at: Date;
  readonly tables: Tables;
  /** Default `scheduled`. */
  readonly reading?: Reading;
  readonly limits?: Limits;
  /** Where addresses are. */
  readonly networks?: readonly NetworkLocation[] | undefined;
}

/** Why a query fails, in one line. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof KqlError) return error.message.split('\n')[0] ?? error.code;
  return error instanceof Error ? error.message : String(error);
};

/** Binds a rule's query. */
export function prepareRule(
  engine: Engine,
  rule: Rule,
): { readonly ok: true; readonly prepared: PreparedRule } | { readonly ok: false; readonly failure: Failure } {
  try {
    return { ok: true, prepared: { rule, query: engine.prepare(rule.query) } };
  } catch (error) {
    return { ok: false, failure: { rule: rule.file, reason: reasonOf(error) } };
  }
}

const ticksOf = (ms: number): Datetime => fromUnixMilliseconds(ms);

/** The rows that had come in by a time; those that do not say when they came are there. */
function receivedBy(relation: Relation, until: Datetime): Relation {
  const received = relation.receivedAt ?? columnOf(relation, '_TimeReceived')?.at;
  if (received === undefined) return relation;
  const rows: number[] = [];
  for (let row = 0; row < relation.length; row += 1) {
    const at = received(row);
    if (!(at instanceof Datetime) || at.ticks <= until.ticks) rows.push(row);
  }
  return rows.length === relation.length ? relation : gather(relation, rows);
}

const WITH_TIME_OF_RECEIPT = ['_TimeReceived', 'ingestion_time'];

function visibleTables(tables: Tables, until: Datetime): Tables {
  return Object.fromEntries(
    Object.entries(tables).map(([name, source]) => [
      name,
      // Rows in memory are cut at once: a lazy table costs a walk over the whole query.
      typeof source === 'function'
        ? (mentioned: ReadonlySet<string>) =>
            receivedBy(source(new Set([...mentioned, ...WITH_TIME_OF_RECEIPT])), until)
        : receivedBy(source, until),
    ]),
  );
}

/** Runs a rule as scheduled for a time: over rows of its period by TimeGenerated that had come in when it ran. */
export function runRule({ rule, query }: PreparedRule, { at, tables, reading, limits, networks }: RunAt): RunOutcome {
  const end = at.getTime();
  const periodMs = (toMinutes(rule.queryPeriod) ?? 0) * 60_000;
  try {
    const result = query.run({
      now: new Date(reading === 'delayed' ? end + DELAY_MS : end),
      tables: visibleTables(tables, ticksOf(end + DELAY_MS)),
      period: { from: ticksOf(end - periodMs), to: ticksOf(end) },
      ...(limits === undefined ? {} : { limits }),
      ...(networks === undefined ? {} : { networks }),
    });
    return { ok: true, result, alerts: toAlerts(rule, rowsOf(result), at) };
  } catch (error) {
    return { ok: false, failure: { rule: rule.file, reason: reasonOf(error) } };
  }
}
