import type { Graph, ListAnswer } from '../graph/contract.ts';
import { cache, type Look } from './cache.ts';
import type { EntityFacts } from './facts.ts';
import type { Finder, FinderOptions, Finding } from './finder.ts';
import { toNothing, type Nothing, type Outcome } from './outcome.ts';

/** A list as read: every finding once, and where an id leads. */
export interface Listing<F extends EntityFacts> {
  readonly findings: readonly Finding<F>[];
  readonly byId: ReadonlyMap<string, Finding<F>>;
}

const notListed: Outcome<never> = { kind: 'nothing', reason: 'not-found', detail: 'not in the list' };

const isBusy = (answer: ListAnswer): boolean =>
  answer.kind === 'failed' && (answer.failure === 'throttled' || answer.failure === 'unavailable');

/** A list of v1.0, or of beta where v1.0 does not give it; the reason why not is that of v1.0. */
export async function readListing<F extends EntityFacts>(
  graph: Graph,
  paths: Readonly<Record<'v1.0' | 'beta', string>>,
  toListing: (list: readonly unknown[]) => Listing<F>,
): Promise<Outcome<Listing<F>>> {
  const answer = await graph.list('v1.0', paths['v1.0']);
  if (answer.kind === 'found') return { kind: 'found', value: toListing(answer.items) };
  if (isBusy(answer)) return toNothing(answer);
  const older = await graph.list('beta', paths.beta);
  return older.kind === 'found' ? { kind: 'found', value: toListing(older.items) } : toNothing(answer);
}

/** What a list is read with. */
export interface ListedOptions<F extends EntityFacts> extends Omit<FinderOptions, 'max'> {
  readonly graph: Graph;
  /** Gets the whole list, read at this time (epoch milliseconds), after each reading and at each refresh. */
  readonly onRead: (findings: readonly Finding<F>[], observedMs: number) => void;
}

/** A finder in a list. */
export interface ListFinder<F extends EntityFacts> extends Finder<readonly string[], F> {
  /** Reads the list when it is a day old; resolves with the reason when that fails. Never rejects. */
  refresh(): Promise<Nothing | undefined>;
}

/**
 * Finds things in a list that is read whole, once a day, by the key or any id of the subject.
 */
export function listed<F extends EntityFacts>(
  options: Omit<ListedOptions<F>, 'graph'> & { readonly read: () => Promise<Outcome<Listing<F>>> },
): ListFinder<F> {
  const { read, onRead, now, onAnswer } = options;
  const list = cache({
    max: 1,
    now,
    onAnswer,
    async read() {
      const outcome = await read();
      if (outcome.kind === 'found') onRead(outcome.value.findings, now());
      return outcome;
    },
  });
  const find = (key: string, ids: readonly string[]): Look<Finding<F>> | undefined => {
    const look = list.get('');
    if (look === undefined) return undefined;
    const { outcome } = look;
    if (outcome.kind === 'nothing') return { ...look, outcome };
    const { byId } = outcome.value;
    const value = byId.get(key) ?? ids.map((id) => byId.get(id)).find((one) => one !== undefined);
    if (value === undefined) return { ...look, outcome: notListed };
    // Under the key of the event: it is the same with and without the list, and rows join by it.
    const named = value.key === key ? value : { ...value, key, aliases: [value.key, ...value.aliases] };
    return { ...look, outcome: { kind: 'found', value: named } };
  };
  return {
    ask: () => list.ask('', undefined),
    get: find,
    mayAsk: () => list.mayAsk(''),
    isStalled: (waitMs) => list.isStalled(waitMs),
    idle: () => list.idle(),
    async refresh() {
      const pending = list.ask('', undefined);
      if (pending === undefined) {
        // Again, because the rows that were made of it may not have arrived; those that have are not due.
        const look = list.get('');
        if (look?.outcome.kind === 'found') onRead(look.outcome.value.findings, look.observedMs);
        return undefined;
      }
      await pending.done;
      const outcome = list.get('')?.outcome;
      return outcome?.kind === 'nothing' ? outcome : undefined;
    },
  };
}
