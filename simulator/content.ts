/** All that a simulated tenant leaves behind: the feed, and what else a workspace beside it would hold. */
import { benignRecords } from './benign/benign.ts';
import { mondayOf } from './benign/calendar.ts';
import { benignItems, benignRows } from './benign/surroundings.ts';
import type { Campaign } from './campaigns/campaign.ts';
import { plantedCampaigns } from './campaigns/campaigns.ts';
import { feed } from './feed.ts';
import type { FeedBlob } from './feed-blob.ts';
import type { PlantedItem, PlantedRow } from './planted.ts';
import type { Tenant } from './tenant/tenant.ts';

/** `drawn`: records of every family by chance, odd ones included. `benign`: the weeks of a tenant in which nothing is wrong. */
export const habits = ['drawn', 'benign'] as const;
export type Habits = (typeof habits)[number];

/** What to make. */
export interface ContentOptions {
  readonly tenant: Tenant;
  readonly seed: number | string;
  /** Epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly habits: Habits;
  /** Names of campaigns. */
  readonly campaigns: readonly string[];
  /** Names of content faults. */
  readonly faults: readonly string[];
}

/** What was made. */
export interface Content {
  readonly blobs: readonly FeedBlob[];
  readonly campaigns: readonly Campaign[];
  /** Rows of tables that the collector does not write. */
  readonly rows: readonly PlantedRow[];
  readonly items: readonly PlantedItem[];
}

/** Makes the content of a span. @throws RangeError for an unknown fault or campaign, with the menu */
export function content({ tenant, seed, fromMs, toMs, habits, campaigns, faults }: ContentOptions): Content {
  const planted = plantedCampaigns({ tenant, seed, names: campaigns, fromMs, toMs });
  const added = planted.flatMap(({ records }) => records);
  // Ordinary weeks: what the calendar plans begins after them.
  const weeks = { tenant, seed, firstDay: mondayOf(toMs) + 7, fromMs, toMs };
  const isBenign = habits === 'benign';
  return {
    blobs: feed({
      tenant,
      seed,
      fromMs,
      toMs,
      faults,
      ...(isBenign ? { planted: benignRecords(weeks) } : {}),
      ...(added.length > 0 ? { added } : {}),
    }),
    campaigns: planted,
    rows: [...(isBenign ? benignRows(weeks) : []), ...planted.flatMap(({ rows }) => rows)],
    items: [...(isBenign ? benignItems(tenant, weeks.firstDay) : []), ...planted.flatMap(({ items }) => items)],
  };
}
