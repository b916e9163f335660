/** One thing that records name, while they are enriched. */
import type { AliasMemory } from './alias-memory.ts';
import type { Asked, Look } from './cache.ts';
import type { SeenEntity } from './contract.ts';
import type { Entity, EntityFacts, EntityKind } from './facts.ts';
import type { Finder, Finding } from './finder.ts';
import { isPassing, type Reason } from './outcome.ts';

const none: readonly string[] = [];

/** A thing that was asked about: filled in by `settle`. */
export interface Slot<F extends EntityFacts> {
  readonly kind: EntityKind;
  readonly key: string;
  /** Ids under which records name it. */
  aliases: readonly string[];
  /** Epoch milliseconds of the earliest event; null when none named it. */
  firstEventMs: number | null;
  ask(): Asked | undefined;
  mayAsk(): boolean;
  get(): Look<Finding<F>> | undefined;
  /** True when it can be looked up at all. */
  readonly isAskable: boolean;
  /** True when less is known than a look-up would tell, and none can be made. */
  readonly isLacking: boolean;
  /** What the look-up needs beside the key; these are all ids. */
  toOwedText(aliases: readonly string[]): string;
  /** Ends with the look-up; undefined when none is under way. */
  pending: Promise<void> | undefined;
  facts: F | null;
  /** Why the look-up gave nothing; null when it gave something or was not needed. */
  reason: Reason | 'late' | null;
  detail: string;
  /** When the directory or list was asked: found or not. */
  observedMs: number | null;
}

/** A slot that is looked up by `finder`; `known` are its facts without a look-up, all there are unless `isLacking`. */
export function slot<S, F extends EntityFacts>(options: {
  readonly kind: EntityKind;
  readonly key: string;
  /** What the look-up is made from; these are the ids that are known when it is made. */
  readonly toSubject: (aliases: readonly string[]) => S;
  readonly toOwedText: (aliases: readonly string[]) => string;
  readonly finder: Finder<S, F> | undefined;
  readonly known: F | null;
  readonly aliases: readonly string[];
  readonly isLacking?: boolean;
}): Slot<F> {
  const { kind, key, toSubject, toOwedText, finder, known, aliases, isLacking = false } = options;
  const one: Slot<F> = {
    kind,
    key,
    aliases,
    firstEventMs: null,
    ask: () => finder?.ask(key, toSubject(one.aliases)),
    mayAsk: () => finder?.mayAsk(key) === true,
    get: () => finder?.get(key, toSubject(one.aliases)),
    isAskable: finder !== undefined,
    isLacking,
    toOwedText,
    pending: undefined,
    facts: known,
    reason: null,
    detail: '',
    observedMs: null,
  };
  return one;
}

/** Adds what is not among them. */
export function addAliases(one: Slot<EntityFacts>, aliases: readonly string[]): void {
  if (aliases === one.aliases || aliases.length === 0) return;
  if (one.aliases.length === 0) one.aliases = aliases;
  else if (aliases.some((alias) => !one.aliases.includes(alias))) {
    one.aliases = [...new Set([...one.aliases, ...aliases])];
  }
}

/** How far the look-up of a slot has come that is filled in. */
function lookUpOf({ reason, isLacking }: Slot<EntityFacts>, isOwed: boolean): SeenEntity['lookUp'] {
  if (reason !== null && isPassing(reason)) return 'pending';
  return reason !== null || isLacking || isOwed ? 'partial' : 'complete';
}

/** Takes over what is known now, and returns it as an entity; `toAliases` adds what earlier records called it. */
export function settle<F extends EntityFacts>(one: Slot<F>, nowMs: number, toAliases: AliasMemory): SeenEntity {
  const look = one.isAskable ? one.get() : undefined;
  let { key } = one;
  if (look?.outcome.kind === 'found') {
    const { value } = look.outcome;
    key = value.key;
    addAliases(one, value.aliases);
    if (key !== one.key) addAliases(one, [one.key]);
    one.facts = value.facts;
    one.reason = null;
  } else if (one.isAskable) {
    one.reason = look?.outcome.reason ?? 'late';
    one.detail = look?.outcome.detail ?? 'no answer in time';
  }
  one.observedMs = look !== undefined && (one.reason === null || one.reason === 'not-found') ? look.observedMs : null;
  const entity: Entity = {
    kind: one.kind,
    key,
    aliases: toAliases(one.kind, key, one.aliases),
    facts: one.facts,
    observedMs: one.observedMs ?? nowMs,
  };
  const isOwed = one.isAskable && (look?.isOwed ?? true);
  return {
    entity,
    firstEventMs: one.firstEventMs,
    lookUp: lookUpOf(one, isOwed),
    owedAs: isOwed ? one.toOwedText(entity.aliases) : null,
    namedAs: key === one.key ? none : [one.key],
  };
}
