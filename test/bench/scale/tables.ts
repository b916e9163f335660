/** The tables of docs/scale.md, as `npm run bench -- --scale` prints them. */
import { type Limit, limits, metAt } from './limits.ts';
import { measuredDays } from './measured.ts';
import { afterOutage, defaults, RAISED_REQUESTS_PER_MINUTE, type Size, sizeOf } from './model.ts';

/** Sizes that are shown. */
export const USERS = [100, 1_000, 10_000, 100_000, 1_000_000] as const;

/** Three digits are enough for a model. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return 'never';
  const digits = value === 0 ? 0 : Number(value.toPrecision(3));
  return digits.toLocaleString('en-US', { maximumFractionDigits: digits >= 100 ? 0 : 3 });
}

const hours = (value: number): string =>
  value > 48 && Number.isFinite(value) ? `${shown(value / 24)} days` : shown(value);

/** What each line shows of a size. */
const lines: readonly (readonly [string, (size: Size) => string])[] = [
  ['Copilot records a day', (size) => shown(size.copilotRecordsPerDay)],
  ['Records of Audit.General a day', (size) => shown(size.recordsPerDay)],
  ['GB a day into the workspace', (size) => shown(size.gigabytesPerDay)],
  ['USD a month', (size) => shown(size.monthlyUsd)],
  ['Blobs a day', (size) => shown(size.blobsPerDay)],
  ['Requests a minute to the feed, mean', (size) => shown(size.requestsPerMinute)],
  ['The same in the busiest hour (quota 2,000)', (size) => shown(size.peakRequestsPerMinute)],
  ['The same, mean, if blobs are as large as one tenant reported', (size) => shown(size.seenRequestsPerMinute)],
  ['Minutes from listing to row, busiest hour, while the budget lasts', (size) => shown(size.lagMinutes)],
  [
    `Hours to catch up after 7 days, at ${defaults.requestsPerMinute} requests a minute`,
    (size) => hours(afterOutage(size, defaults.requestsPerMinute).minutes / 60),
  ],
  [
    `The same at ${RAISED_REQUESTS_PER_MINUTE}`,
    (size) => hours(afterOutage(size, RAISED_REQUESTS_PER_MINUTE).minutes / 60),
  ],
  [
    `Blobs that leave the listing meanwhile, in %, at ${RAISED_REQUESTS_PER_MINUTE}`,
    (size) => {
      const { lost } = afterOutage(size, RAISED_REQUESTS_PER_MINUTE);
      return shown((100 * lost) / (7 * size.blobsPerDay));
    },
  ],
  [
    `Minutes that a blob waits for its turn on a usual day, at most, at ${defaults.requestsPerMinute}`,
    (size) => shown(afterOutage(size, defaults.requestsPerMinute).usualWaitMinutes),
  ],
  ['vCPU in the busiest hour', (size) => shown(size.peakVcpus)],
  ['Record ids remembered (8 days)', (size) => shown(size.seenIds)],
  ['Memory, MiB, settings raised to fit', (size) => shown(size.memoryMiB)],
  ['With `audit-query` more, MiB', (size) => shown(size.comparisonMiB)],
  ['With `PSEUDONYMIZE` more, MiB', (size) => shown(size.pseudonymMiB)],
  ['Container', ({ container: { vcpus, gibs } }) => `${vcpus} vCPU, ${gibs} GiB`],
  ['State, MB', (size) => shown(size.stateMB)],
  ['Minutes until every user is looked up', (size) => shown(size.firstLookUpMinutes)],
  ['Rows of usage reports a day', (size) => shown(size.usageRowsPerDay)],
  ['Audit queries a day (limit 200)', (size) => shown(size.auditQueriesPerDay)],
  ['Audit queries for 180 days', (size) => shown(size.backfillQueries)],
  ['MB a minute through the rule, busiest hour (limit 2,000)', (size) => shown(size.ingestionMBPerMinute)],
  ['Rows that a rule over 14 days looks at', (size) => shown(size.rowsIn14Days)],
];

/** A limit and where it is met. */
interface Met {
  readonly limit: Limit;
  readonly users: number | undefined;
}

let known: readonly Met[] | undefined;
/** Every limit with the users at which it is met, the first ones first. */
export function metLimits(): readonly Met[] {
  known ??= limits
    .map((limit) => ({ limit, users: metAt(limit) }))
    .toSorted((a, b) => (a.users ?? Infinity) - (b.users ?? Infinity));
  return known;
}

/** Limits that a size meets and the size before it does not. */
function newAt(users: number, before: number): readonly Met[] {
  return metLimits().filter((met) => met.users !== undefined && met.users <= users && met.users > before);
}

/** For a size that meets none: which comes next. */
function nextOf(users: number): string {
  const next = metLimits().find((met) => met.users !== undefined && met.users > users);
  return next?.users === undefined ? 'none' : `none before ${next.users.toLocaleString('en-US')} users`;
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const headed = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map((_, n) => (n === 0 ? '---' : '---'))), ...rows.map(row)].join('\n');

/** One column for each size. */
export function sizeTable(): string {
  const sizes = USERS.map(sizeOf);
  const first = USERS.map((users, n) => newAt(users, USERS[n - 1] ?? 0)[0]);
  return headed(
    ['Users', ...USERS.map((users) => users.toLocaleString('en-US'))],
    [
      ...lines.map(([name, of]) => [name, ...sizes.map(of)]),
      ['**First limit met since the size before**', ...first.map((met, n) => met?.limit.name ?? nextOf(USERS[n] ?? 0))],
    ],
  );
}

/** Every limit, in the order in which a growing tenant meets it. */
export const limitTable = (): string =>
  headed(
    ['Met at users', 'Limit', 'What is compared', 'What to do', 'Source'],
    metLimits().map(({ users, limit }) => [
      users === undefined ? 'never' : users.toLocaleString('en-US'),
      `${limit.name}: ${limit.limit.toLocaleString('en-US', { maximumFractionDigits: 2 })}`,
      limit.of,
      limit.remedy,
      limit.source,
    ]),
  );

/** The days that were really collected. */
export const measuredTable = (days = measuredDays): string =>
  headed(
    [
      'Users',
      'Blobs',
      'Records',
      'Copilot',
      'Bytes a record',
      'Bytes a row',
      'CPU s',
      'Seconds',
      'Peak MiB',
      'State KB',
    ],
    days.map((day) => [
      day.users.toLocaleString('en-US'),
      shown(day.blobs),
      shown(day.records),
      shown(day.copilotRecords),
      shown(day.recordBytes),
      shown(day.auditRowBytes),
      shown(day.cpuSeconds),
      shown(day.seconds),
      shown(day.peakMiB),
      shown(day.stateBytes / 1000),
    ]),
  );

/** The same as data, for `--json`. */
export const scaleData = () => ({
  measured: measuredDays,
  sizes: USERS.map(sizeOf).map((size) => ({
    ...size,
    catchUpHours: afterOutage(size, defaults.requestsPerMinute).minutes / 60,
    raisedCatchUpHours: afterOutage(size, RAISED_REQUESTS_PER_MINUTE).minutes / 60,
  })),
  limits: metLimits().map(({ users, limit: { load: _load, ...limit } }) => ({ ...limit, metAtUsers: users ?? null })),
});
