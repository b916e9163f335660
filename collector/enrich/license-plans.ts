import type { Graph } from '../graph/contract.ts';
import { cache } from './cache.ts';
import type { FinderOptions } from './finder.ts';
import { isPassing, toNothing, type Nothing, type Outcome } from './outcome.ts';
import { guid, items, part, text } from './wire.ts';

/** Service plans that make a user licensed: ids, and names in which `*` stands for any text. */
export interface LicensePlans {
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

/** Ids of service plans that make a user licensed, and what is known of those that are given by name. */
export interface KnownPlans {
  readonly ids: ReadonlySet<string>;
  /** none: there are no others; owed: the others could not be read just now; unknown: they may not be read. */
  readonly others: 'none' | 'owed' | 'unknown';
}

const skuPart = part({ servicePlans: items });
const planPart = part({ servicePlanId: guid, servicePlanName: text });

/** A pattern with `*` as a regular expression of the whole name, whatever the casing. */
function toPattern(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`).replaceAll('*', '.*')}$`, 'i');
}

function toPlanIds(skus: readonly unknown[], names: readonly string[]): ReadonlySet<string> {
  const patterns = names.map(toPattern);
  const plans = skus.flatMap((sku) => skuPart.parse(sku)?.servicePlans ?? []).map((plan) => planPart.parse(plan));
  const named = plans.filter(
    (plan) => plan !== null && patterns.some((pattern) => pattern.test(plan.servicePlanName ?? '')),
  );
  return new Set(named.map((plan) => plan?.servicePlanId ?? null).filter((id) => id !== null));
}

/**
 * Ids of the configured service plans, those behind names read from the tenant's subscriptions once a day. When these
 * cannot be read, `onTrouble` is told, and the ids are not all there are.
 */
export function licensePlans(
  options: FinderOptions & {
    readonly graph: Graph;
    readonly plans: LicensePlans;
    readonly onTrouble: (nothing: Nothing) => void;
  },
): () => Promise<KnownPlans> {
  const { graph, plans, now, onTrouble } = options;
  const ids: ReadonlySet<string> = new Set(plans.ids.map((id) => id.toLowerCase()));
  const named = cache({
    max: 1,
    now,
    async read(): Promise<Outcome<ReadonlySet<string>>> {
      const answer = await graph.list('v1.0', '/subscribedSkus');
      if (answer.kind === 'found') return { kind: 'found', value: toPlanIds(answer.items, plans.names).union(ids) };
      const nothing = toNothing(answer);
      onTrouble(nothing);
      return nothing;
    },
  });
  return async () => {
    if (plans.names.length === 0) return { ids, others: 'none' };
    await named.ask('', undefined)?.done;
    const outcome = named.get('')?.outcome;
    if (outcome?.kind === 'found') return { ids: outcome.value, others: 'none' };
    return { ids, others: outcome === undefined || isPassing(outcome.reason) ? 'owed' : 'unknown' };
  };
}
