/** Every permission the collector can use: what needs it, and what is lost without it. Data. */

/** One application permission. */
export interface Permission {
  /** Value of the app role. */
  readonly role: string;
  /** Display name and appId of the API that grants it. */
  readonly api: string;
  readonly apiAppId: string;
  /** Source or enricher that needs it, by its configuration name. */
  readonly neededBy: string;
  readonly withoutIt: string;
}

export const permissions: readonly Permission[] = [
  {
    role: 'ActivityFeed.Read',
    api: 'Office 365 Management APIs',
    apiAppId: 'c5393580-f805-4401-95e8-94b7a6ef2fc2',
    neededBy: 'activity-feed',
    withoutIt: 'no audit records are collected',
  },
];
