import { LRUCache } from 'lru-cache';
import type { EntityKind } from './facts.ts';

// What names a thing by more ids than this names it by anything.
const MAX_ALIASES = 20;
const none: readonly string[] = [];

/** Adds ids to those under which a thing was named before, and returns all of them, sorted, without its key. */
export type AliasMemory = (kind: EntityKind, key: string, aliases: readonly string[]) => readonly string[];

/**
 * Remembers the ids of `max` users and agents: an event names one of several ids, and a row that changed with each event
 * would be written with each event. Other things have the ids that their look-up gives.
 */
export function aliasMemory(max: number): AliasMemory {
  const held = new LRUCache<string, readonly string[]>({ max });
  return (kind, key, aliases) => {
    if (kind !== 'user' && kind !== 'agent') return aliases;
    const id = kind === 'user' ? key : `agent ${key}`;
    const before = held.get(id) ?? none;
    if (aliases.every((alias) => alias === key || before.includes(alias))) return before;
    const added = aliases.filter((alias) => alias !== key && !before.includes(alias));
    const all = [...new Set([...before, ...added])].slice(0, MAX_ALIASES).sort();
    held.set(id, all);
    return all;
  };
}
