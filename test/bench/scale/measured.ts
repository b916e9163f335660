/** Figures that the model of scale rests on. Data: what was measured, with the command, and what was assumed, with why. */
import type { MeasuredDay } from './measure.ts';

/** A day of the simulated tenant, as `npm run bench -- --scale --measure` measured it. */
export const measuredDays: readonly MeasuredDay[] = [
  {
    users: 100,
    blobs: 123,
    records: 12579,
    copilotRecords: 1461,
    recordBytes: 1053.6,
    requests: 168,
    auditRowBytes: 1998.7,
    otherTablesShare: 0.131,
    stateBytes: 64241,
    seconds: 4.7,
    cpuSeconds: 0.79,
    peakMiB: 132.6,
  },
  {
    users: 1000,
    blobs: 962,
    records: 122236,
    copilotRecords: 13275,
    recordBytes: 1059.6,
    requests: 1013,
    auditRowBytes: 2023.4,
    otherTablesShare: 0.133,
    stateBytes: 528170,
    seconds: 20.3,
    cpuSeconds: 3.09,
    peakMiB: 160.4,
  },
  {
    users: 10000,
    blobs: 9577,
    records: 1226599,
    copilotRecords: 134037,
    recordBytes: 1061.5,
    requests: 9989,
    auditRowBytes: 2028.4,
    otherTablesShare: 0.132,
    stateBytes: 5277761,
    seconds: 356.8,
    cpuSeconds: 24.55,
    peakMiB: 223.5,
  },
];

/** Where and when they were measured. */
export const measuredOn = '2026-11-21, 2 cores (AMD EPYC) shared with other work at a load of 20, Node 24';

/** One figure and where it comes from. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly from: string;
}

export const measured = {
  cpuPerMixedRecord: {
    value: 1.6 / 100_000,
    unit: 'CPU seconds a record, 5 % of them Copilot',
    from: '`npm run bench -- mixed`: 1.6 for 100,000',
  },
  cpuPerCopilotRecord: {
    value: 10.9 / 100_000,
    unit: 'CPU seconds a Copilot record',
    from: '`npm run bench -- copilot`: 10.6 to 11.2 for 100,000',
  },
  requestsPerBlob: { value: 1.0042, unit: 'requests a blob', from: '`npm run bench -- requests`' },
  backlogMiB: { value: 309, unit: 'MiB', from: '`npm run bench -- backlog`, resident at most' },
  bytesPerSeenId: { value: 22, unit: 'bytes a record id', from: 'docs/cost.md, Memory' },
  bytesPerCachedUser: { value: 890, unit: 'bytes a user', from: '`npm run bench -- enrich`: 85 MiB for 100,000 facts' },
  bytesPerIdentity: {
    value: 630,
    unit: 'bytes an identity behind a token',
    from: 'heap after 40,000 invented users with five identities each: 126 MB',
  },
  bytesPerEntity: { value: 100, unit: 'bytes an entity', from: 'docs/cost.md: 20 MB for 200,000' },
  usageReportUsers: { value: 100_000, unit: 'licensed users a GiB', from: 'docs/cost.md, Memory' },
  lookUpsPerSecond: { value: 99, unit: 'users a second', from: '`npm run bench -- enrich`: 10,000 in 101 s' },
  rowsPerSecond: { value: 47_000, unit: 'rows a second', from: '`npm run bench -- ingestion`' },
  incidentsPerUserWeek: {
    value: 10 / 10 / 200,
    unit: 'incidents a user and week',
    from: '`node -- test/detections/benign.ts --weeks 10`: 10 in 10 weeks of 200 people',
  },
  peakFactor: {
    value: 2.4,
    unit: 'busiest hour against the mean of a week',
    from: 'the simulated tenant, ordinary week (2.37)',
  },
} as const satisfies Readonly<Record<string, Figure>>;

export const assumed = {
  otherRecordsPerUserDay: {
    value: 110,
    unit: 'records of Audit.General a user and day that are not Copilot',
    from: 'the days measured above: 109 to 111; one vendor states 200 for all workloads together',
  },
  entitiesPerUser: {
    value: 7,
    unit: 'entities a user: the user, 5 files, a site',
    from: 'docs/cost.md, What is assumed',
  },
  identitiesPerUser: {
    value: 4,
    unit: 'identities remembered of a user with PSEUDONYMIZE',
    from: 'four times ENRICH_CACHE_MAX is the most, and that is one for each user',
  },
  answerMs: { value: 200, unit: 'ms until the feed has given a blob', from: 'a guess between continents' },
  seenBlobsPerUserDay: {
    value: (1600 * 24) / 200_000,
    unit: 'blobs a user and day',
    from: 'about 1,600 blobs an hour in a tenant of 200,000, reported in public for another collector',
  },
} as const satisfies Readonly<Record<string, Figure>>;
