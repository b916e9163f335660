import { MAX_RUNNING, PAGE_SIZE, RECORD_LIMIT, SUBMISSIONS_PER_DAY } from '../sources/audit-query/options.ts';
import { idOf } from '../sources/audit-query/windows.ts';
import { type BackfillPlan, isUnsettled, MINUTES_PER_QUERY } from './backfill-plan.ts';

const number = new Intl.NumberFormat('en-US');
const count = (n: number, what: string): string => `${number.format(n)} ${what}${n === 1 ? '' : 's'}`;

const tenths = (n: number): number => Math.round(n * 10) / 10;

function duration(minutes: number): string {
  if (minutes < 90) return count(minutes, 'minute');
  return minutes < 48 * 60 ? count(tenths(minutes / 60), 'hour') : count(tenths(minutes / 60 / 24), 'day');
}

/** What a backfill will do, for a person to read before it is done. */
export function backfillText(plan: BackfillPlan, { nowMs, state }: { readonly nowMs: number; readonly state: string }) {
  const { span, windows, queries, completeHours, isForced, minutes, rows, rowsPerDay, duplicates } = plan;
  const { submitting, running, reading, total } = minutes;
  const duplicated = duplicates === null ? 'how many rows they have is not known' : count(duplicates, 'row');
  const lines = [
    `backfill of ${idOf(span)} (time of the event, UTC)`,
    `state: ${state}`,
    `windows: ${count(windows.length, 'query').replace('querys', 'queries')}, each of at most a UTC day; one that gives more than ${number.format(RECORD_LIMIT)} records is cut in halves${queries > windows.length ? `, with so many rows a day about ${number.format(queries)} queries in all` : ' and takes more'}`,
    windows.length === 0
      ? 'time: none, there is nothing to ask for'
      : `time: ${reading === null ? 'at least' : 'about'} ${duration(total)}, no promise: ${count(MAX_RUNNING, 'query').replace('querys', 'queries')} at once of about ${MINUTES_PER_QUERY} minutes each: ${duration(running)}; ${number.format(SUBMISSIONS_PER_DAY)} submissions in 24 hours: ${submitting === 0 ? 'no wait' : `${duration(submitting)} of waiting`}; two readings of ${PAGE_SIZE} records a second, one query after the other while the next ones run: ${reading === null ? 'not known without rows' : duration(reading)}`,
    rows === null || rowsPerDay === null
      ? 'rows: not known: Microsoft tells only after the query has run, and the ledger of the activity feed holds no whole day'
      : `rows: about ${number.format(rows)}, by ${number.format(Math.round(rowsPerDay))} a day in the ledger of the activity feed; earlier days may have had fewer or more`,
  ];
  if (completeHours.length > 0 && isForced)
    lines.push(
      `complete hours: ${number.format(completeHours.length)} are asked for again because of --force; duplicates to expect: ${duplicated}. Ids of the last 8 days are remembered and drop them; older ones are stored twice, and the KQL functions count them once`,
    );
  else if (completeHours.length > 0)
    lines.push(
      `complete hours: ${number.format(completeHours.length)} are left out, because the activity feed or an earlier backfill has read them to their end; --force asks for them again (duplicates to expect: ${duplicated})`,
    );
  else lines.push('complete hours: none is known in this span: the ledger reaches about 8 days back');
  lines.push(
    'records whose ids are no longer remembered (older than 8 days) are stored again if the table has them: the KQL functions count each once',
    'rows of events older than 7 days carry IsBackfill: rules leave them out',
    'retention begins at ingestion: Azure keeps the rows as long as new ones, whenever the event was, and TimeGenerated of events older than two days is the time of sending',
    'permission: AuditLogsQuery.Read.All (application, Microsoft Graph)',
  );
  if (isUnsettled(span, nowMs))
    lines.push('the last 24 hours: records appear up to a day after the event; those that come later are not in it');
  return lines;
}
