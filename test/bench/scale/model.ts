/** What a tenant of so many users is for feed, collector, Graph and Azure: every figure from measured ones. Pure. */
import { defaultVolume, DAYS_PER_MONTH, gigabytesPerMonth } from '../../../infra/plan/volume.ts';
import { type CatchUp, catchUp } from './catch-up.ts';
import { type Container, monthlyCost } from './deployment.ts';
import { assumed, measured, measuredDays } from './measured.ts';

/** Defaults of the collector's settings that scale meets. */
export const defaults = {
  requestsPerMinute: 1000,
  fetchConcurrency: 16,
  seenIdsMax: 5_000_000,
  enrichCacheMax: 50_000,
  entitiesMax: 200_000,
  graphRequestsPerMinute: 6000,
  usagePeriods: 2,
  keepDays: 8,
  /** Ids of the feed's records wait so long for the comparison with the audit query. */
  comparedDays: 5,
} as const;

const MiB = 1024 * 1024;
const SEEN_IDS_MOST = 50_000_000;
/** What the feed's quota leaves after a reserve for other applications of the publisher. */
export const RAISED_REQUESTS_PER_MINUTE = 1900;
const CONTAINERS: readonly Container[] = [
  { vcpus: 0.25, gibs: 0.5 },
  { vcpus: 0.5, gibs: 1 },
  { vcpus: 1, gibs: 2 },
  { vcpus: 2, gibs: 4 },
];

/** Figures of one size. */
export interface Size {
  readonly users: number;
  readonly copilotRecordsPerDay: number;
  readonly recordsPerDay: number;
  readonly gigabytesPerDay: number;
  readonly blobsPerDay: number;
  readonly requestsPerMinute: number;
  readonly peakRequestsPerMinute: number;
  /** If blobs are as in the one large tenant that was reported. */
  readonly seenRequestsPerMinute: number;
  readonly peakVcpus: number;
  /** MiB with settings raised so that nothing is forgotten. */
  readonly memoryMiB: number;
  /** What audit-query adds. */
  readonly comparisonMiB: number;
  /** What PSEUDONYMIZE adds. */
  readonly pseudonymMiB: number;
  readonly container: Container;
  readonly monthlyUsd: number;
  readonly seenIds: number;
  readonly entities: number;
  /** CPU seconds of a blob. */
  readonly cpuPerBlob: number;
  /** Minutes from a blob's listing to its row: half a poll, and its place in the pass. */
  readonly lagMinutes: number;
  readonly firstLookUpMinutes: number;
  readonly usageRowsPerDay: number;
  readonly auditQueriesPerDay: number;
  readonly backfillQueries: number;
  readonly ingestionMBPerMinute: number;
  readonly ingestionRequestsPerMinute: number;
  readonly stateMB: number;
  readonly rowsIn14Days: number;
  readonly incidentsPerWeek: number;
}

/** Between sizes that were measured it is on a line over the logarithm of users, beyond them as at their end. */
function measuredAt(users: number, of: (day: (typeof measuredDays)[number]) => number): number {
  const below = measuredDays.findLast((day) => day.users <= users);
  const above = measuredDays.find((day) => day.users >= users);
  const [from, to] = [below ?? above, above ?? below];
  if (from === undefined || to === undefined) throw new Error('scale: nothing is measured');
  if (from === to) return of(from);
  const share = Math.log(users / from.users) / Math.log(to.users / from.users);
  return of(from) + share * (of(to) - of(from));
}

/** CPU seconds of a record that is not Copilot's. */
const cpuPerOther = (measured.cpuPerMixedRecord.value - 0.05 * measured.cpuPerCopilotRecord.value) / 0.95;

/** Windows of a day, halved until none holds more than a query returns. */
export function windowsPerDay(rowsPerDay: number, rowsPerQuery: number): number {
  let windows = 1;
  // Halves are not equal: the busiest hours fill theirs.
  while ((rowsPerDay / windows) * (windows === 1 ? 1 : measured.peakFactor.value) > rowsPerQuery) windows *= 2;
  return windows;
}

/** Memory of a collector that forgets nothing, in MiB. */
function memoryOf(users: number, seenIds: number, entities: number): number {
  const held =
    Math.min(seenIds, SEEN_IDS_MOST) * measured.bytesPerSeenId.value +
    users * measured.bytesPerCachedUser.value +
    entities * measured.bytesPerEntity.value;
  return measured.backlogMiB.value + held / MiB;
}

/** The figures of a tenant with so many users. */
export function sizeOf(users: number): Size {
  const copilot = users * defaultVolume.interactionsPerDay;
  const other = users * assumed.otherRecordsPerUserDay.value;
  const records = copilot + other;
  const blobsPerDay = records / measuredAt(users, (day) => day.records / day.blobs);
  const perMinute = (perDay: number): number => (perDay * measured.requestsPerBlob.value) / 1440;
  const peak = measured.peakFactor.value;
  const cpuPerDay = copilot * measured.cpuPerCopilotRecord.value + other * cpuPerOther;
  const seenIds = copilot * defaults.keepDays;
  const entities = users * assumed.entitiesPerUser.value;
  const memoryMiB = memoryOf(users, seenIds, entities);
  const container = CONTAINERS.find(({ gibs }) => gibs * 1024 >= memoryMiB) ?? { vcpus: 4, gibs: 8 };
  const volume = { ...defaultVolume, users };
  const gigabytesPerDay = gigabytesPerMonth(volume) / DAYS_PER_MONTH;
  // Blobs of five busy minutes, 16 at a time.
  const passMinutes = ((blobsPerDay / 288) * peak * assumed.answerMs.value) / defaults.fetchConcurrency / 60_000;
  const largest = measuredDays.at(-1);
  return {
    users,
    copilotRecordsPerDay: copilot,
    recordsPerDay: records,
    gigabytesPerDay,
    blobsPerDay,
    requestsPerMinute: perMinute(blobsPerDay),
    peakRequestsPerMinute: perMinute(blobsPerDay) * peak,
    seenRequestsPerMinute: perMinute(users * assumed.seenBlobsPerUserDay.value),
    peakVcpus: (cpuPerDay / 86_400) * peak,
    memoryMiB,
    comparisonMiB: (Math.min(copilot * defaults.comparedDays, SEEN_IDS_MOST) * measured.bytesPerSeenId.value) / MiB,
    pseudonymMiB: (users * assumed.identitiesPerUser.value * measured.bytesPerIdentity.value) / MiB,
    container,
    monthlyUsd: monthlyCost(container, volume).monthly,
    seenIds,
    entities,
    cpuPerBlob: cpuPerDay / blobsPerDay,
    lagMinutes: 2.5 + passMinutes,
    firstLookUpMinutes: users / measured.lookUpsPerSecond.value / 60,
    usageRowsPerDay: users * defaults.usagePeriods,
    auditQueriesPerDay: windowsPerDay(copilot, 1_000_000),
    backfillQueries: 180 * windowsPerDay(copilot, 1_000_000),
    ingestionMBPerMinute: (gigabytesPerDay * 1000 * peak) / 1440,
    ingestionRequestsPerMinute: Math.ceil((gigabytesPerDay * 1000 * peak) / 1440),
    stateMB:
      (Math.min(seenIds, SEEN_IDS_MOST) * (largest === undefined ? 0 : largest.stateBytes / largest.copilotRecords)) /
      1e6,
    rowsIn14Days: copilot * 14,
    incidentsPerWeek: users * measured.incidentsPerUserWeek.value,
  };
}

/** What an outage of seven days leaves to do, with a budget of requests a minute. */
export const afterOutage = ({ blobsPerDay, container, cpuPerBlob }: Size, requestsPerMinute: number): CatchUp =>
  catchUp({
    blobsPerDay,
    peakFactor: measured.peakFactor.value,
    readPerMinute: Math.min(requestsPerMinute / measured.requestsPerBlob.value, (container.vcpus * 60) / cpuPerBlob),
    outageMinutes: 7 * 1440,
  });
