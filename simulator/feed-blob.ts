/** What the tenant hands to the Management Activity API: content blobs of Audit.General. */

/** One content blob. Times are epoch milliseconds on the simulator's clock. */
export interface FeedBlob {
  /** Opaque id with literal `$` signs, in one of the forms of the wire. */
  readonly contentId: string;
  /** contentCreated: the clock on which listing windows filter. */
  readonly createdMs: number;
  /** contentExpiration: about 20 days later on the live service. */
  readonly expiresMs: number;
  /** When listings start to show it: later than `createdMs` for a late blob. */
  readonly visibleMs: number;
  /** Elements of the array: records of every workload, and what faults put between them. */
  readonly recordCount: number;
  /** Ids of the Copilot-family records in it: the truth that a collector is measured against. */
  readonly copilotIds: readonly string[];
  /** Copilot-family records that no collector can store: without an Id, with an unusable time, or nested 800 levels deep; 0 when absent. */
  readonly unstorable?: number;
  /** Elements that are not JSON; 0 when absent. */
  readonly malformed?: number;
  /** The JSON array as the service would send it; the same text at every call. */
  readonly body: () => string;
}
