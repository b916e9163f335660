import { describe, expect, it } from 'vitest';
import { cast } from '../../../simulator/benign/cast.ts';
import { content } from '../../../simulator/content.ts';
import { campaign, campaignLines, plantedCampaigns, stories } from '../../../simulator/campaigns/campaigns.ts';
import type { Campaign, Variant } from '../../../simulator/campaigns/campaign.ts';
import type { FeedBlob } from '../../../simulator/feed-blob.ts';
import { tenant } from '../../../simulator/tenant/tenant.ts';

const DAY_MS = 86_400_000;
const startMs = Date.parse('2026-09-16T00:00:00Z');
const people = tenant({ seed: 1, users: 200 });
const names = stories.map(({ name }) => name);
const make = (name: string, seed: number, variant: Variant = 'attack'): Campaign =>
  campaign({ tenant: people, name, seed, startMs, variant });

interface Wire {
  readonly Id: string;
  readonly UserId: string;
  readonly CreationTime: string;
  readonly CopilotEventData?: {
    readonly ThreadId: string;
    readonly Messages: readonly { readonly JailbreakDetected?: boolean }[];
    readonly AccessedResources: readonly {
      readonly Type?: string;
      readonly SiteUrl?: string;
      readonly SensitivityLabelId?: string;
      readonly XPIADetected?: boolean;
    }[];
  };
}
const wires = ({ records }: Campaign): readonly Wire[] => records.map(({ record }) => record as unknown as Wire);
const seeds = Array.from({ length: 20 }, (_, nth) => nth + 1);

describe('campaigns', () => {
  it('are twelve, each with a line in the menu', () => {
    expect(new Set(names).size).toBe(12);
    expect(campaignLines()).toHaveLength(12);
  });

  it('refuse an unknown name and list those there are', () => {
    expect(() => make('phishing', 1)).toThrow(/unknown campaign "phishing": use mail-injection, poisoned-document/);
  });

  it.for(names)('%s is the same for the same seed, and another for another seed or variant', (name) => {
    expect(make(name, 1)).toEqual(make(name, 1));
    const texts = [make(name, 1), make(name, 2), make(name, 1, 'below')].map((one) => JSON.stringify(one));
    expect(new Set(texts).size).toBe(3);
  });

  it.for(names)('%s tells the truth: its records, in order, by and about those it names', (name) => {
    for (const seed of seeds) {
      const made = make(name, seed);
      const { truth, records } = made;
      expect(truth.recordIds).toEqual(wires(made).map(({ Id }) => Id));
      expect(new Set(truth.recordIds).size).toBe(records.length);
      expect(records.map(({ timeMs }) => timeMs)).toEqual(
        records.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b),
      );
      for (const { timeMs, availableMs, record } of records) {
        expect(record['CreationTime']).toBe(new Date(timeMs).toISOString().slice(0, 19));
        expect(availableMs - timeMs).toBeGreaterThanOrEqual(3_600_000);
        expect(timeMs).toBeGreaterThanOrEqual(truth.span.fromMs);
        expect(timeMs).toBeLessThan(truth.span.toMs);
      }
      expect(truth.rules.length).toBeGreaterThan(0);
      expect(truth.span.toMs - truth.span.fromMs).toBeLessThan(4 * DAY_MS);
    }
  });

  it.for(names)('%s uses nobody who has a part in the benign weeks', (name) => {
    const { redTeam, leavers, newcomers, disabled } = cast(people);
    const taken = new Set([...redTeam, ...leavers, ...newcomers, ...disabled].map(({ upn }) => upn));
    for (const seed of seeds) expect(make(name, seed).truth.users.filter((upn) => taken.has(upn))).toEqual([]);
  });
});

describe('what each campaign shows', () => {
  it('mail-injection: a verdict on a mail, then a labelled file and a foreign host in the same thread within half an hour', () => {
    for (const seed of seeds) {
      const turns = wires(make('mail-injection', seed));
      const [first, ...rest] = turns;
      const resources = first?.CopilotEventData?.AccessedResources ?? [];
      expect(resources.some(({ Type, XPIADetected }) => Type === 'EmailMessage' && XPIADetected)).toBe(true);
      expect(new Set(turns.map(({ CopilotEventData }) => CopilotEventData?.ThreadId)).size).toBe(1);
      expect(rest.length).toBeGreaterThan(0);
      const read = rest.flatMap(({ CopilotEventData }) => CopilotEventData?.AccessedResources ?? []);
      expect(read.some(({ SensitivityLabelId }) => SensitivityLabelId !== undefined)).toBe(true);
      expect(read.some(({ SiteUrl }) => SiteUrl?.startsWith('https://collect.fabrikam.example/'))).toBe(true);
      const [start = 0, end = 0] = [first, turns.at(-1)].map((turn) => Date.parse(`${turn?.CreationTime}Z`));
      expect(end - start).toBeLessThan(30 * 60_000);
    }
  });

  it.for([
    ['attack', 2, 6],
    ['below', 1, 1],
  ] as const)('poisoned-document, %s: %i to %i people read the same item', ([variant, least, most]) => {
    for (const seed of seeds) {
      const made = make('poisoned-document', seed, variant);
      const users = new Set(wires(made).map(({ UserId }) => UserId)).size;
      expect(users).toBeGreaterThanOrEqual(least);
      expect(users).toBeLessThanOrEqual(most);
      const items = wires(made).flatMap(({ CopilotEventData }) => CopilotEventData?.AccessedResources ?? []);
      expect(new Set(items.map(({ SiteUrl }) => SiteUrl)).size).toBe(1);
    }
  });

  it('jailbreak-series: at least three verdicts or two threads within a day, and one verdict below', () => {
    for (const seed of seeds) {
      const turns = wires(make('jailbreak-series', seed));
      const threads = new Set(turns.map(({ CopilotEventData }) => CopilotEventData?.ThreadId)).size;
      expect(turns.length >= 3 || threads >= 2).toBe(true);
      expect(make('jailbreak-series', seed, 'below').records).toHaveLength(1);
    }
  });

  it('leaver-harvest: more than fifty labelled files by somebody on the list', () => {
    for (const seed of seeds) {
      const { truth, items } = make('leaver-harvest', seed);
      expect(new Set(truth.files).size).toBeGreaterThan(50);
      expect(items).toMatchObject([{ watchlist: 'CopilotLeavers', columns: { SearchKey: truth.users[0] } }]);
    }
  });

  it('account-takeover: a risky sign-in up to a day before Copilot, from the same foreign address', () => {
    for (const seed of seeds) {
      const { records, rows } = make('account-takeover', seed);
      const risk = rows.find(({ table }) => table === 'AADUserRiskEvents');
      expect(['medium', 'high']).toContain(risk?.columns['RiskLevel']);
      expect(new Set(records.map(({ record }) => record['ClientIP']))).toEqual(new Set([risk?.columns['IpAddress']]));
      const before = (records[0]?.timeMs ?? 0) - (risk?.timeMs ?? 0);
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(DAY_MS);
      expect(make('account-takeover', seed, 'below').rows.map(({ columns }) => columns['RiskLevel'])).toContain('low');
    }
  });

  it.for([
    ['attack', 51, 500],
    ['below', 1, 40],
  ] as const)('runaway-agent, %s: %i to %i turns of one thread in an hour', ([variant, least, most]) => {
    for (const seed of seeds) {
      const { records } = make('runaway-agent', seed, variant);
      expect(records.length).toBeGreaterThanOrEqual(least);
      expect(records.length).toBeLessThanOrEqual(most);
      expect((records.at(-1)?.timeMs ?? 0) - (records[0]?.timeMs ?? 0)).toBeLessThan(3_600_000);
    }
  });

  it('connector-outage: no record, but hours of a working day without any', () => {
    for (const seed of seeds) {
      const { truth, records } = make('connector-outage', seed);
      expect(records).toEqual([]);
      expect((truth.outage?.toMs ?? 0) - (truth.outage?.fromMs ?? 0)).toBeGreaterThanOrEqual(8 * 3_600_000);
    }
  });
});

describe('a tenant with campaigns', () => {
  const small = tenant({ seed: 3, users: 40 });
  const span = { tenant: small, seed: 3, fromMs: startMs - 2 * DAY_MS, toMs: startMs, faults: [] } as const;
  const bodies = (blobs: readonly FeedBlob[]): ReadonlyMap<string, string> =>
    new Map(blobs.map((blob) => [`${blob.createdMs} ${blob.contentId}`, blob.body()]));
  const plain = content({ ...span, habits: 'drawn', campaigns: [] });

  it.for(names)('%s leaves every other blob as it was, and brings all of its records', (name) => {
    const made = content({ ...span, habits: 'drawn', campaigns: [name] });
    const after = bodies(made.blobs);
    for (const [id, body] of bodies(plain.blobs)) expect(after.get(id)).toBe(body);
    const ids = new Set(made.blobs.flatMap(({ copilotIds }) => copilotIds));
    const [planted] = made.campaigns;
    expect(planted?.truth.recordIds.every((id) => ids.has(id))).toBe(true);
    const times = made.blobs.map(({ createdMs }) => createdMs);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });

  it('plants each campaign as the same records, whichever others come with it', () => {
    const options = { tenant: small, seed: 3, fromMs: startMs - 7 * DAY_MS, toMs: startMs };
    const [alone] = plantedCampaigns({ ...options, names: ['rogue-agent'] });
    expect(plantedCampaigns({ ...options, names })).toContainEqual(alone);
  });

  it('refuses an unknown campaign before it starts', () => {
    expect(() => content({ ...span, habits: 'drawn', campaigns: ['nope'] })).toThrow('unknown campaign "nope"');
  });
});
