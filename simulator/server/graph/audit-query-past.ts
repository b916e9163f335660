/** The audit log further back than the feed's days: made when a query asks for it, a UTC day at a time. */
import type { Past, PastDay } from '../../past.ts';
import { textOf } from './audit-query-elements.ts';
import { eventMs, type AuditEntry, type AuditLog } from './audit-query-log.ts';
import { recordTypeName } from './audit-query-names.ts';

const dayMs = 86_400_000;
// A query is read in the order of its days; another may be asked for in between.
const daysKept = 2;

interface Shelf {
  readonly records: PastDay;
  readonly entries: readonly AuditEntry[];
}

/** The log of the past alone. Each record is found `visibleMinutes` after its event: at the latest moment that there is. */
export function pastLog(past: Past, { visibleMinutes }: { readonly visibleMinutes: number }): AuditLog {
  const days = new Map<number, Shelf>();

  function entriesOf(day: number, records: PastDay): readonly AuditEntry[] {
    return Array.from({ length: records.length }, (_, nth) => {
      const record = records.record(nth);
      const timeMs = eventMs(textOf(record['CreationTime']), day * dayMs);
      return {
        id: records.id(nth),
        timeMs,
        visibleMs: timeMs + 60_000 * visibleMinutes,
        operation: textOf(record['Operation']),
        recordType: recordTypeName(record['RecordType']),
        shelf: -day,
        at: nth,
      };
    });
  }

  function made(day: number): Shelf {
    const records = past(day);
    return { records, entries: entriesOf(day, records) };
  }

  function dayOf(day: number): Shelf {
    const known = days.get(day) ?? made(day);
    days.delete(day);
    days.set(day, known);
    for (const [oldest] of days) if (days.size > daysKept) days.delete(oldest);
    return known;
  }

  const record: AuditLog['record'] = ({ shelf, at }) => dayOf(-shelf).records.record(at);

  return {
    record,
    find: ({ startMs, endMs, isWanted }, asOfMs) => {
      const found: AuditEntry[] = [];
      for (let day = Math.floor(startMs / dayMs); day * dayMs < endMs; day += 1) {
        for (const entry of dayOf(day).entries) {
          if (entry.timeMs < startMs || entry.timeMs >= endMs || entry.visibleMs > asOfMs) continue;
          if (isWanted(entry, () => record(entry))) found.push(entry);
        }
      }
      return found;
    },
    // Nothing is withheld from it: the feed has none of it.
    byDay: () => ({}),
  };
}

/** A log and what came before it. */
export function withPast(log: AuditLog, before: AuditLog): AuditLog {
  return {
    find: (span, asOfMs) => [...log.find(span, asOfMs), ...before.find(span, asOfMs)],
    record: (entry) => (entry.shelf < 0 ? before : log).record(entry),
    byDay: log.byDay,
  };
}
