/** One thing that records name, while they are enriched. */
import type { AliasMemory } from './alias-memory.ts';
import type { Look } from './cache.ts';
import type { SeenEntity } from './contract.ts';
import type { Entity, EntityFacts, EntityKind } from './facts.ts';
import type { Finder, Finding } from './finder.ts';
import { isWorthRepeating, type Reason } from './outcome.ts';

/** A thing that was asked about: filled in by `settle`. */
export interface Slot<F extends EntityFacts> {
  readonly kind: EntityKind;
  readonly key: string;
  /** Ids under which records name it. */
  aliases: readonly string[];
  /** Epoch milliseconds of the earliest event; null when none named it. */
  firstEventMs: number | null;
  ask(): Promise<void> | undefined;
  get(): Look<Finding<F>> | undefined;
  /** True when it can be looked up at all. */
  readonly isAskable: boolean;
  /** Ends with the look-up; undefined when none is under way. */
  pending: Promise<void> | undefined;
  facts: F | null;
  /** Why the look-up gave nothing; null when it gave something or was not needed. */
  reason: Reason | 'late' | null;
  detail: string;
  /** When the directory or list was asked: found or not. */
  observedMs: number | null;
}

/** A slot that is looked up by `finder`; `known` are its facts without a look-up. */
export function slot<S, F extends EntityFacts>(options: {
  readonly kind: EntityKind;
  readonly key: string;
  readonly subject: S;
  readonly finder: Finder<S, F> | undefined;
  readonly known: F | null;
  readonly aliases: readonly string[];
}): Slot<F> {
  const { kind, key, subject, finder, known, aliases } = options;
  return {
    kind,
    key,
    aliases,
    firstEventMs: null,
    ask: () => finder?.ask(key, subject),
    get: () => finder?.get(key, subject),
    isAskable: finder !== undefined,
    pending: undefined,
    facts: known,
    reason: null,
    detail: '',
    observedMs: null,
  };
}

/** Adds what is not among them. */
export function addAliases(one: Slot<EntityFacts>, aliases: readonly string[]): void {
  if (aliases === one.aliases || aliases.length === 0) return;
  if (one.aliases.length === 0) one.aliases = aliases;
  else if (aliases.some((alias) => !one.aliases.includes(alias))) {
    one.aliases = [...new Set([...one.aliases, ...aliases])];
  }
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
  return { entity, firstEventMs: one.firstEventMs, isOwed: one.reason !== null && isWorthRepeating(one.reason) };
}
