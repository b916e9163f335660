/** The campaigns of the simulator. */
import { cast } from '../benign/cast.ts';
import { hash } from '../random.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { agentAuthRemoved, rogueAgent, runawayAgent } from './agents.ts';
import type { Campaign, Story, Variant } from './campaign.ts';
import { accountTakeover, leaverHarvest } from './people.ts';
import { auditLoggingOff, connectorOutage, historyExport, pluginTakeover } from './platform.ts';
import { plot } from './plot.ts';
import { jailbreakSeries, mailInjection, poisonedDocument } from './prompt-attacks.ts';

/** Every campaign, in the order of the menu. */
export const stories: readonly Story[] = [
  mailInjection,
  poisonedDocument,
  jailbreakSeries,
  leaverHarvest,
  accountTakeover,
  rogueAgent,
  agentAuthRemoved,
  auditLoggingOff,
  pluginTakeover,
  runawayAgent,
  historyExport,
  connectorOutage,
];

/** The story of a name. @throws RangeError that lists the menu */
export function storyOf(name: string): Story {
  const found = stories.find((story) => story.name === name);
  if (found !== undefined) return found;
  throw new RangeError(`campaigns: unknown campaign "${name}": use ${stories.map((story) => story.name).join(', ')}`);
}

/** A line for each campaign. */
export const campaignLines = (): readonly string[] =>
  stories.map(({ name, summary }) => `${name.padEnd(20)} ${summary}`);

/** What to plant where. */
export interface CampaignOptions {
  readonly tenant: Tenant;
  /** Name of the campaign. */
  readonly name: string;
  readonly seed: number | string;
  /** Any time of the day (UTC) on which it starts, epoch milliseconds. */
  readonly startMs: number;
  readonly variant?: Variant;
}

const DAY_MS = 86_400_000;

/** A campaign as it is planted: the same for the same options, and of nothing else in the tenant. @throws RangeError for an unknown name */
export function campaign({ tenant, name, seed, startMs, variant = 'attack' }: CampaignOptions): Campaign {
  const story = storyOf(name);
  const dayMs = Math.floor(startMs / DAY_MS) * DAY_MS;
  const notes = plot(tenant, name, String(seed), variant);
  const outline = story.tell({ plot: notes, cast: cast(tenant), variant, dayMs });
  const records = notes.records.toSorted((one, other) => one.timeMs - other.timeMs);
  const times = [...records, ...notes.rows].map(({ timeMs }) => timeMs);
  return {
    truth: {
      ...outline,
      campaign: name,
      seed: String(seed),
      variant,
      recordIds: records.map(({ id }) => id),
      span: outline.outage ?? { fromMs: Math.min(...times), toMs: Math.max(...times) + 1 },
    },
    records,
    rows: notes.rows,
    items: notes.items,
  };
}

/** Campaigns one after the other over the working days of a span, each on a day of its own as far as they go. */
export function plantedCampaigns(
  options: Pick<CampaignOptions, 'tenant' | 'seed'> & {
    readonly names: readonly string[];
    readonly fromMs: number;
    readonly toMs: number;
  },
): readonly Campaign[] {
  const { tenant, seed, names, fromMs, toMs } = options;
  const days = Math.max(1, Math.floor((toMs - fromMs) / DAY_MS));
  // A campaign stands where it stands, whichever others are planted with it.
  const dayOf = (name: string): number => hash(`${seed} ${name}`, 0x63616d70) % Math.max(1, days - 1);
  return names.map((name) => campaign({ tenant, name, seed, startMs: fromMs + dayOf(name) * DAY_MS + DAY_MS / 2 }));
}
