/** The enrichment: what records name is looked up together, and rows wait for it no longer than a bound. */
import type { Graph } from '../graph/contract.ts';
import { aliasMemory } from './alias-memory.ts';
import { collect } from './collect.ts';
import type { Enrichment, SeenEntity } from './contract.ts';
import type { EnricherName, EntityFacts } from './facts.ts';
import { enricherOf, finders, type LookUpCount } from './finders.ts';
import { lateAnswers } from './late-answers.ts';
import type { LicensePlans } from './license-plans.ts';
import type { ListFinder } from './listed.ts';
import { accounts } from './one-drive.ts';
import { owed } from './owed.ts';
import { settle, type Slot } from './slot.ts';
import { slots } from './slots.ts';
import { toFacts } from './to-facts.ts';
import { troubles } from './troubles.ts';

const CACHE_MAX = 50_000;
const WAIT_MS = 2_000;

/** Resolves when all of it has ended, or after the time. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

/**
 * Facts from Graph by these enrichers; without Graph, or for what they leave out, what records and addresses tell.
 * `cacheMax` keys of each kind are kept in memory (50,000), and rows wait at most `waitMs` (2,000).
 */
export function enrichment(options: {
  readonly graph: Graph | undefined;
  readonly enrichers: ReadonlySet<EnricherName>;
  readonly licensePlans: LicensePlans;
  readonly cacheMax?: number;
  readonly waitMs?: number;
  readonly now?: () => number;
  readonly onLookUp?: LookUpCount;
}): Enrichment {
  const { graph, enrichers, licensePlans, cacheMax: max = CACHE_MAX, waitMs = WAIT_MS, now = Date.now } = options;
  const { onLookUp = () => undefined } = options;
  const known = accounts(max);
  const toAliases = aliasMemory(max);
  const trouble = troubles();
  const found = finders({
    graph,
    enrichers,
    plans: licensePlans,
    troubles: trouble,
    onUser: (upn) => known.note(upn),
    onLookUp,
    onListed(findings, observedMs) {
      for (const { key, aliases, facts } of findings) {
        const { kind } = facts;
        const entity = { kind, key, aliases: toAliases(kind, key, aliases), facts, observedMs };
        late.add({ entity, firstEventMs: null, lookUp: 'complete', owedAs: null, namedAs: [] });
      }
    },
    max,
    now,
  });
  const all = Object.values(found).filter((finder) => finder !== undefined);
  const make = slots(found, known, toAliases);

  const settled = (one: Slot<EntityFacts>): SeenEntity => {
    const seen = settle(one, now(), toAliases);
    if (one.reason !== null) trouble.note(enricherOf[one.kind], one.reason, one.detail);
    return seen;
  };
  const late = lateAnswers(settled);
  const later = owed({
    make,
    canFind: (kind) => found[kind] !== undefined,
    onAsked: late.expect,
    onKnown: (one) => late.add(settle(one, now(), toAliases)),
    onGone({ kind, key }) {
      const entity = { kind, key, aliases: toAliases(kind, key, []), facts: null, observedMs: now() };
      late.add({ entity, firstEventMs: null, lookUp: 'partial', owedAs: null, namedAs: [] });
    },
  });

  const stalledKinds = (): ReadonlySet<string> =>
    new Set(Object.entries(found).flatMap(([kind, finder]) => (finder?.isStalled(waitMs) === true ? [kind] : [])));
  /** Asks, and gives what is worth waiting for. */
  const begin = (one: Slot<EntityFacts>, stalled: ReadonlySet<string>): Promise<void> | undefined => {
    const asked = one.ask();
    if (asked === undefined) return undefined;
    one.pending = asked.done.then(() => {
      one.pending = undefined;
    });
    // One that is so old has had rows wait for it before.
    return stalled.has(one.kind) || now() - asked.startedMs >= waitMs ? undefined : one.pending;
  };
  // Told even when no event names a label or an agent: the whole list is missing.
  const refreshList = async (name: EnricherName, list: ListFinder<EntityFacts> | undefined): Promise<void> => {
    const nothing = await list?.refresh();
    if (nothing !== undefined) trouble.note(name, nothing.reason, nothing.detail);
  };

  return {
    async enrich(records) {
      const { named, all: wanted } = collect(records, make, known);
      const stalled = stalledKinds();
      const pending = wanted.map((one) => begin(one, stalled)).filter((one) => one !== undefined);
      if (pending.length > 0) await within(waitMs, Promise.all(pending));
      const seen = wanted.map((one) => {
        const entity = settled(one);
        if (one.pending !== undefined) late.expect(one, one.pending);
        return entity;
      });
      const isOnce = late.isEmpty() && wanted.every(({ key }, index) => key === seen[index]?.entity.key);
      return { facts: named.map(toFacts), seen: isOnce ? seen : late.withdraw(seen) };
    },
    refresh(keys) {
      void refreshList('labels', found.label);
      void refreshList('agents', found.agent);
      later.look(keys);
    },
    settled: () => within(waitMs, Promise.all([later.idle(), ...all.map((finder) => finder.idle())])),
    takeLate: () => late.take(),
    takeTroubles: () => trouble.take(),
  };
}
