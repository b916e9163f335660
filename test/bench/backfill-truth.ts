/** What a backfill should have brought, from the generator itself: no query, no page and no row stands between. */
import { idDigest } from '../../simulator/id-digest.ts';
import type { Past } from '../../simulator/past.ts';

/** Digests of the ids of Copilot records by UTC day, and how many of all records nobody asked for. */
export interface Truth {
  readonly byDay: Readonly<Record<string, string>>;
  readonly records: number;
  /** Of operations that no query named. */
  readonly unasked: number;
}

/** How many Copilot records days hold, counted from 1970, both included, without making them. */
export function countOf(past: Past, firstDay: number, lastDay: number): number {
  let records = 0;
  for (let day = firstDay; day <= lastDay; day++) {
    const made = past(day);
    for (let nth = 0; nth < made.length; nth++) if (made.isCopilot(nth)) records++;
  }
  return records;
}

/** The truth about days, counted from 1970, both included; no `operations`: all were asked for. */
export function truthOf(
  past: Past,
  {
    firstDay,
    lastDay,
    operations,
  }: { readonly firstDay: number; readonly lastDay: number; readonly operations: readonly string[] },
): Truth {
  const asked = new Set(operations);
  const byDay: Record<string, string> = {};
  let [records, unasked] = [0, 0];
  for (let day = firstDay; day <= lastDay; day++) {
    const made = past(day);
    const digest = idDigest();
    for (let nth = 0; nth < made.length; nth++) {
      if (!made.isCopilot(nth)) continue;
      const operation = made.record(nth)['Operation'];
      if (asked.size === 0 || (typeof operation === 'string' && asked.has(operation.toLowerCase()))) {
        digest.add(made.id(nth));
        records++;
      } else unasked++;
    }
    byDay[new Date(day * 86_400_000).toISOString().slice(0, 10)] = digest.value();
  }
  return { byDay, records, unasked };
}
