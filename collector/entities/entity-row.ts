/** Rows of CopilotEntities_CL. No I/O. */
import { hash } from 'node:crypto';
import type { SeenEntity } from '../enrich/contract.ts';
import type { Entity, EntityFacts } from '../enrich/facts.ts';
import { copilotEntities, type CopilotEntitiesRow, emptyRow, type Json } from '../schema/index.ts';

// Beyond it a Date has no ISO form.
const dateLimitMs = 8.64e15;

const isoOf = (ms: number | null): string | null =>
  ms !== null && Math.abs(ms) <= dateLimitMs ? new Date(ms).toISOString() : null;

/** Facts under the names of a row, without those that are not known; null when there are none. */
function toBag(facts: EntityFacts | null): Readonly<Record<string, Json>> | null {
  if (facts === null) return null;
  const bag: Record<string, Json> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (name !== 'kind' && value !== null) bag[`${name.charAt(0).toUpperCase()}${name.slice(1)}`] = value;
  }
  return Object.keys(bag).length === 0 ? null : bag;
}

/** 16 hex digits that change with the facts of an entity or its aliases, whatever the order of the latter. */
export function factsHash({ facts, aliases }: Entity): string {
  return hash('sha256', JSON.stringify([toBag(facts), [...new Set(aliases)].toSorted()])).slice(0, 16);
}

/**
 * A row of what is known now, but TimeGenerated, which the sink stamps. ObservedTime is when the facts were read; while
 * there are none, or the look-up has not given all of them, it is no later than the first event: functions take the row
 * observed last, and that must not be one that knows less.
 */
export function entityRow(
  { entity, lookUp }: SeenEntity,
  firstSeenMs: number | null,
  organizationId: string | undefined,
): CopilotEntitiesRow {
  const { kind, key, aliases, facts, observedMs } = entity;
  const isComplete = facts !== null && lookUp === 'complete';
  return {
    ...emptyRow(copilotEntities),
    Kind: kind,
    Key: key,
    Aliases: [...new Set(aliases)],
    Facts: toBag(facts),
    ObservedTime: isoOf(isComplete ? observedMs : Math.min(observedMs, firstSeenMs ?? observedMs)),
    FirstSeenTime: isoOf(firstSeenMs),
    OrganizationId: organizationId ?? null,
  };
}
