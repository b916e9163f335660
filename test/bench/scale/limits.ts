/** Every limit that a tenant can grow into: what is compared with what, where the number is from, and what to do. */
import { prices } from '../../../infra/plan/prices.ts';
import { assumed, measured } from './measured.ts';
import { afterOutage, defaults, RAISED_REQUESTS_PER_MINUTE, type Size, sizeOf } from './model.ts';

/** A limit and what a size puts against it. */
export interface Limit {
  readonly name: string;
  /** What is compared. */
  readonly of: string;
  readonly load: (size: Size) => number;
  readonly limit: number;
  readonly remedy: string;
  /** Where the number is from; `UNVERIFIED` where nobody could check it. */
  readonly source: string;
}

/** In no order. */
export const limits: readonly Limit[] = [
  {
    name: '`SEEN_IDS_MAX`',
    of: 'record ids of eight days',
    load: ({ seenIds }) => seenIds,
    limit: defaults.seenIdsMax,
    remedy:
      'Raise it to 160 for each user. Without that the oldest hours are forgotten; health says so, functions still remove duplicates',
    source: 'collector/settings.ts',
  },
  {
    name: '`SEEN_IDS_MAX`, its most',
    of: 'record ids of eight days',
    load: ({ seenIds }) => seenIds,
    limit: 50_000_000,
    remedy: 'Nothing: the collector remembers fewer than eight days, and functions remove what comes again later',
    source: 'collector/config.ts',
  },
  {
    name: '`ENRICH_CACHE_MAX`',
    of: 'users whose facts are remembered',
    load: ({ users }) => users,
    limit: defaults.enrichCacheMax,
    remedy:
      'Raise it to the number of users. Without that users are looked up again and again, and `GRAPH_REQUESTS_PER_MINUTE` fills',
    source: 'collector/settings.ts',
  },
  {
    name: '`ENTITIES_MAX`',
    of: `entities that events name, ${assumed.entitiesPerUser.value} a user`,
    load: ({ entities }) => entities,
    limit: defaults.entitiesMax,
    remedy: 'Raise it. Without that first-seen times of files and meetings are forgotten first; health says so',
    source: 'collector/settings.ts',
  },
  {
    name: 'Container of 0.5 GiB',
    of: 'MiB with the three settings above raised to fit',
    load: ({ memoryMiB }) => memoryMiB,
    limit: 512,
    remedy:
      'A container of the size in the first table, with flags of node for it (container.md). The deployment has no key for it: change `RESOURCES` in infra/collector-app.ts',
    source: 'infra/collector-app.ts',
  },
  {
    name: 'Container of 0.5 GiB, all on',
    of: 'the same, with `audit-query` and `PSEUDONYMIZE`',
    load: ({ memoryMiB, comparisonMiB, pseudonymMiB }) => memoryMiB + comparisonMiB + pseudonymMiB,
    limit: 512,
    remedy: 'The same; or a lower `ENRICH_CACHE_MAX`, which bounds the identities as well',
    source: 'infra/collector-app.ts',
  },
  {
    name: 'Container of 4 GiB',
    of: 'MiB with these settings raised to fit',
    load: ({ memoryMiB }) => memoryMiB,
    limit: 4096,
    remedy: 'Container Apps gives 8 GiB with 4 vCPU; no tenant is that large',
    source: 'Container Apps, Consumption profile, UNVERIFIED',
  },
  {
    name: 'Container of 0.25 vCPU',
    of: 'vCPU in the busiest hour',
    load: ({ peakVcpus }) => peakVcpus,
    limit: 0.25,
    remedy: 'Memory asks for a larger container before, and that has more vCPU',
    source: 'infra/collector-app.ts',
  },
  {
    name: '`REQUESTS_PER_MINUTE`',
    of: 'requests a minute in the busiest hour',
    load: ({ peakRequestsPerMinute }) => peakRequestsPerMinute,
    limit: defaults.requestsPerMinute,
    remedy: `Set ${RAISED_REQUESTS_PER_MINUTE}. Until then blobs of busy hours wait for minutes to hours, and none is lost`,
    source: 'collector/settings.ts',
  },
  {
    name: 'Quota of the feed, busy hours',
    of: 'requests a minute in the busiest hour',
    load: ({ peakRequestsPerMinute }) => peakRequestsPerMinute,
    limit: 2000,
    remedy:
      'Nothing is lost: the queue empties in the evening. Ask Microsoft for more; the quota grows with seats, E5 has about twice as much',
    source: 'Management Activity API reference: baseline; what a large tenant gets is UNVERIFIED',
  },
  {
    name: 'Quota of the feed, always',
    of: 'requests a minute on average',
    load: ({ requestsPerMinute }) => requestsPerMinute,
    limit: 2000,
    remedy:
      'The feed cannot be read in time with this quota: more quota, or `storage-export` of Defender XDR in its place',
    source: 'the same',
  },
  {
    name: 'A day to catch up',
    of: 'hours after an outage of seven days, at the default budget',
    load: (size) => afterOutage(size, defaults.requestsPerMinute).minutes / 60,
    limit: 24,
    remedy: `\`REQUESTS_PER_MINUTE=${RAISED_REQUESTS_PER_MINUTE}\` while it lasts. Oldest blobs come first; at a million users and the default budget 1.5 % of the week would leave the listing`,
    source: 'our own measure',
  },
  {
    name: 'One query for a day',
    of: 'rows of a day in an audit query',
    load: ({ copilotRecordsPerDay }) => copilotRecordsPerDay,
    limit: 1_000_000,
    remedy: 'Nothing: windows are halved by themselves',
    source: 'Microsoft Graph throttling page: at least',
  },
  {
    name: 'Queries of a 180-day backfill',
    of: 'queries',
    load: ({ backfillQueries }) => backfillQueries,
    limit: 200,
    remedy:
      'Nothing: the collector keeps within 200 a day and goes on the next day; a backfill takes queries / 200 days',
    source: 'Microsoft Graph throttling page: at least, in 24 hours',
  },
  {
    name: 'Queries a day',
    of: 'queries of the daily comparison',
    load: ({ auditQueriesPerDay }) => auditQueriesPerDay,
    limit: 200,
    remedy: 'Compare fewer days: leave `audit-query` out',
    source: 'Microsoft Graph throttling page: at least, in 24 hours',
  },
  {
    name: 'Usage report in 0.5 GiB',
    of: 'licensed users, read whole',
    load: ({ users }) => users,
    limit: measured.usageReportUsers.value,
    remedy: 'A container of 1 GiB or more; only with `usage-report`',
    source: 'docs/cost.md',
  },
  {
    name: 'Bytes of a rule',
    of: 'MB a minute in the busiest hour',
    load: ({ ingestionMBPerMinute }) => ingestionMBPerMinute,
    limit: 2000,
    remedy: 'Ask Azure for more, or split the tables between rules',
    source: 'Azure Monitor service limits, per data collection rule, soft',
  },
  {
    name: 'Requests of a rule',
    of: 'requests of at most 1 MB a minute in the busiest hour',
    load: ({ ingestionRequestsPerMinute }) => ingestionRequestsPerMinute,
    limit: 12_000,
    remedy: 'The same',
    source: 'Azure Monitor service limits, per data collection rule, soft',
  },
  {
    name: 'Price by volume',
    of: 'GB a day at 4.30 USD against 296 USD for 100 GB a day',
    load: ({ gigabytesPerDay }) => gigabytesPerDay,
    limit: prices.commitment100GbDay.usd / prices.analyticsGb.usd,
    remedy:
      '`workspace.sku: CapacityReservation`, `workspace.capacityGb: 100`. With other data in the workspace it pays sooner',
    source: 'infra/plan/prices.ts',
  },
  {
    name: 'Alerts of a run',
    of: 'incidents an hour, if all were of one rule',
    load: ({ incidentsPerWeek }) => incidentsPerWeek / 168,
    limit: 150,
    remedy: 'Raise thresholds, or let rules group',
    source: 'Sentinel service limits',
  },
  {
    name: 'A person on call',
    of: 'incidents a week that mean nothing, if they grow with users',
    load: ({ incidentsPerWeek }) => incidentsPerWeek,
    limit: 50,
    remedy: 'Raise thresholds of rules with their file names in `content.rules`; fill the watchlists (watchlists.md)',
    source: 'our own measure; growth in proportion is the worst case',
  },
];

const MOST_USERS = 100_000_000;

/** The least number of users at which a limit is exceeded, to two digits; undefined: not below a hundred million. */
export function metAt({ load, limit }: Limit): number | undefined {
  const isMet = (users: number): boolean => load(sizeOf(users)) > limit;
  if (!isMet(MOST_USERS)) return undefined;
  let [low, high] = [1, MOST_USERS];
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if (isMet(middle)) high = middle;
    else low = middle;
  }
  return Number(high.toPrecision(2));
}
