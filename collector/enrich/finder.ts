/** One kind of look-up as the enrichment uses it. */
import type { Cache, Look } from './cache.ts';
import type { EntityFacts } from './facts.ts';
import type { OnAnswer } from './outcome.ts';

/** What a look-up found: the facts, the key under which the thing is to be known, and its other ids. */
export interface Finding<F extends EntityFacts> {
  readonly key: string;
  /** Folded like keys. */
  readonly aliases: readonly string[];
  readonly facts: F;
}

/** Finds facts of one kind by key; what it needs beside the key is the subject. A cache is one. */
export interface Finder<S, F extends EntityFacts> extends Omit<Cache<S, Finding<F>>, 'get'> {
  /** The answer; undefined while there is none. */
  get(key: string, subject: S): Look<Finding<F>> | undefined;
}

/** What each finder is built from. */
export interface FinderOptions {
  /** Keys in memory. */
  readonly max: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onAnswer?: OnAnswer | undefined;
}
