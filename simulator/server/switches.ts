/** Where Microsoft's documentation and the live service differ, or a deployment may vary: one switch each. */

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
  /** Milliseconds over which a body of the `slow` fault trickles. */
  readonly slowMs: number;
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
  subscription: 'enabled',
  slowMs: 2000,
};
