/** Where Microsoft's documentation and the live service differ, or a deployment may vary: one switch each. */

/** A service principal of the tenant. */
export type Principal = 'application' | 'source-application' | 'managed-identity';

/** Some of the Copilot records: each with a chance of `share`, or `count` of them. */
export type Choice = { readonly share: number } | { readonly count: number };

/** How strict and how live the simulated services are; see each member for the two behaviours. */
export interface Switches {
  /** live: 400 AF20024 on an enabled subscription; documented: start is idempotent, 200. */
  readonly secondStart: 'live' | 'documented';
  /** A window wider than 24 h: refused with AF20055, or 200 with silently partial results (both are documented). */
  readonly wideWindow: 'refused' | 'partial';
  /** live: contentExpiration as the blob says (about 20 days); documented: 7 days after contentCreated. */
  readonly expiration: 'live' | 'documented';
  /** Version in the path of NextPageUri: the reference prints v1, live answers carry v1.0. */
  readonly pagePath: 'v1' | 'v1.0';
  /** Spelling of the time parameters in NextPageUri; lower case has been seen on the wire. */
  readonly pageTimes: 'startTime' | 'starttime';
  /** Minutes in which a repeated start is throttled ("do not repeat start within 15 minutes"); 0 is off. */
  readonly startCooldownMinutes: number;
  /** Minutes beyond 7 days that the service still lists; documented 0, about 60 seen live. */
  readonly lookbackToleranceMinutes: number;
  /** Requests to the feed in any 60 s, then AF429; the documented baseline of a tenant is 2,000. */
  readonly quotaPerMinute: number;
  /** Lifetime of access tokens in seconds; Entra says 3599. */
  readonly tokenSeconds: number;
  /** Application roles in tokens for the Management API. */
  readonly roles: readonly string[];
  /** State of the Audit.General subscription at the start. */
  readonly subscription: 'enabled' | 'disabled' | 'absent';
  /** Who has the application roles of `roles`. */
  readonly readers: readonly Principal[];
  /** Who has Monitoring Metrics Publisher on the data collection rule. */
  readonly publishers: readonly Principal[];
  /** Bytes of an ingestion call, compressed and inflated: "1 MB" says the documentation, 1 MiB was seen. */
  readonly callBytes: 1_048_576 | 1_000_000;
  /** Ingestion calls in any 60 s, then 429; documented 12,000 per data collection rule. */
  readonly ingestionRequestsPerMinute: number;
  /** Inflated bytes in any 60 s, then 429; documented 2 GB per data collection rule. */
  readonly ingestionBytesPerMinute: number;
  /** A value that does not fit its column: UNVERIFIED whether it is null or drops the row. */
  readonly typeMismatch: 'null' | 'row-dropped';
  /** TimeGenerated older than 2 days or more than 1 day ahead: replaced (since 2024), or the row dropped (older text). */
  readonly oldTime: 'replaced' | 'row-dropped';
  /** Columns that the stream does not declare: dropped, or kept in `_Overflow` (captureOverflow, name UNVERIFIED). */
  readonly undeclared: 'dropped' | 'overflow';
  /** Ingestion requests that `ingestion-403-at-first` refuses at least. */
  readonly roleAfterRequests: number;
  /** Seconds of the machine's clock for which it refuses at least. */
  readonly roleAfterSeconds: number;
  /** Whether tables keep rows, or only the RecordIds of CopilotAudit_CL, which is enough for long runs. */
  readonly keepRows: 'all' | 'ids';
  /** Milliseconds over which a body of the `slow` faults trickles. */
  readonly slowMs: number;
  /** Application roles in tokens for Microsoft Graph; `readers` says who has them. */
  readonly graphRoles: readonly string[];
  /** Milliseconds before each HTTP request to Graph is looked at. */
  readonly graphLatencyMs: number;
  /** Resource units of Graph in any 10 s, then 429 of single requests; documented 3,500 for a small tenant. */
  readonly graphRequestsPer10s: number;
  /** Requests for chats and meetings in any second, then 429; documented 30 per app and tenant. */
  readonly teamsRequestsPerSecond: number;
  /** Requests for one report function as CSV in any 10 minutes, then 429; documented 14 per app and tenant. */
  readonly reportsPer10Minutes: number;
  /** The same as JSON; documented 100. */
  readonly jsonReportsPer10Minutes: number;
  /** Packages on a page of the catalogue; UNVERIFIED. */
  readonly packagesPerPage: number;
  /** Rows on a page of a JSON report; UNVERIFIED. */
  readonly reportRowsPerPage: number;
  /** Whether an application access policy lets the application read online meetings. */
  readonly meetingPolicy: 'granted' | 'absent';
  /** Reports as CSV: in the answer, as v1.0 documents, or behind a 302 as the older functions do. */
  readonly reportRedirect: 'never' | 'always';
  /** Whether the tenant conceals names in reports. */
  readonly concealedNames: boolean;
  /** Columns of version 2 that count prompts: documented, and missing in practice according to field reports. */
  readonly promptColumns: 'present' | 'absent';
  /** Days by which usage reports lag behind; documented up to 3. */
  readonly reportLagDays: number;
  /** Where security/auditLog/queries is served; some tenants have it in beta only. */
  readonly auditQueryVersions: 'both' | 'v1.0' | 'beta' | 'none';
  /** How a version answers that does not have it: 404 without a message, or about the segment with 404 or 400. */
  readonly auditQueryUnserved: 'empty-404' | 'segment-404' | 'segment-400';
  /** Milliseconds of the simulated clock until a query has succeeded; 10 minutes are typical, hours possible. */
  readonly auditQueryLatencyMs: number;
  /** New queries in any 24 h of the simulated clock, then 429; documented at least 200. */
  readonly auditQueriesPer24h: number;
  /** Queries with a slot, then 429; documented at least 50 that are queued or running. */
  readonly auditQueriesRunning: number;
  /** Which queries take a slot: those that have not ended, or all that are not deleted. */
  readonly auditQuerySlots: 'unfinished' | 'undeleted';
  /** New queries in any 10 s of the simulated clock, then 429; UNVERIFIED. */
  readonly auditQueryCreationsPer10s: number;
  /** Records that one query returns at most; documented at least 1,000,000. */
  readonly auditQueryRecordLimit: number;
  /** A result over the limit: said in isRecordCountLimitExceeded, or cut at exactly the limit without a word. */
  readonly auditQueryTruncation: 'flagged' | 'silent';
  /** Whether queries have approximateReturnedRecordCount, recordCountLimit and isRecordCountLimitExceeded. */
  readonly auditQueryCounts: 'present' | 'absent';
  /** Words for queries that have not ended: documented ones, "queued" at first, or unknownFutureValue. */
  readonly auditQueryStatuses: 'documented' | 'queued' | 'unknown';
  /** Minutes after the event in which queries begin to find a record: soon mostly, at the latest after the second. */
  readonly auditVisibleMinutes: readonly [least: number, most: number];
  /** Records on a page without $top; 100 to 150 were seen. */
  readonly auditRecordsPerPage: number;
  /** Records on a page with a larger $top; 500 was seen. */
  readonly auditRecordsMostPerPage: number;
  /** Whether the report names the ids of every reading, or only counts readings, which is enough for long runs. */
  readonly keepReadings: 'ids' | 'counts';
  /** Records that the feed never gives although the audit query does. */
  readonly withheld: Choice;
  /** Records that the audit query never gives although the feed does. */
  readonly feedOnly: Choice;
}

/** The live service, as far as it is known. */
export const liveSwitches: Switches = {
  secondStart: 'live',
  wideWindow: 'refused',
  expiration: 'live',
  pagePath: 'v1',
  pageTimes: 'startTime',
  startCooldownMinutes: 0,
  lookbackToleranceMinutes: 0,
  quotaPerMinute: 2000,
  tokenSeconds: 3599,
  roles: ['ActivityFeed.Read'],
  readers: ['application', 'source-application', 'managed-identity'],
  publishers: ['application', 'source-application', 'managed-identity'],
  callBytes: 1_048_576,
  ingestionRequestsPerMinute: 12_000,
  ingestionBytesPerMinute: 2_000_000_000,
  typeMismatch: 'null',
  oldTime: 'replaced',
  undeclared: 'dropped',
  roleAfterRequests: 2,
  roleAfterSeconds: 0,
  keepRows: 'all',
  subscription: 'enabled',
  slowMs: 2000,
  graphRoles: [
    'User.Read.All',
    'LicenseAssignment.Read.All',
    'SensitivityLabels.Read.All',
    'CopilotPackages.Read.All',
    'Reports.Read.All',
    'Sites.Read.All',
    'Files.Read.All',
    'Chat.ReadBasic.All',
    'OnlineMeetings.Read.All',
    'AuditLogsQuery.Read.All',
  ],
  graphLatencyMs: 0,
  graphRequestsPer10s: 3500,
  teamsRequestsPerSecond: 30,
  reportsPer10Minutes: 14,
  jsonReportsPer10Minutes: 100,
  packagesPerPage: 10,
  reportRowsPerPage: 200,
  meetingPolicy: 'granted',
  reportRedirect: 'never',
  concealedNames: false,
  promptColumns: 'present',
  reportLagDays: 2,
  auditQueryVersions: 'both',
  auditQueryUnserved: 'empty-404',
  auditQueryLatencyMs: 600_000,
  auditQueriesPer24h: 200,
  auditQueriesRunning: 50,
  auditQuerySlots: 'unfinished',
  auditQueryCreationsPer10s: 10,
  auditQueryRecordLimit: 1_000_000,
  auditQueryTruncation: 'flagged',
  auditQueryCounts: 'present',
  auditQueryStatuses: 'documented',
  auditVisibleMinutes: [30, 1440],
  auditRecordsPerPage: 150,
  auditRecordsMostPerPage: 500,
  keepReadings: 'ids',
  withheld: { share: 0 },
  feedOnly: { share: 0 },
};

/** Rights apart, as `splitEnv` needs them: the second application reads, the managed identity writes, nobody does both. */
export const splitRights = {
  readers: ['source-application'],
  publishers: ['managed-identity'],
} as const satisfies Partial<Switches>;
