/** When a row of CopilotEntities_CL is due. No I/O; times are epoch milliseconds. */
import { hash } from 'node:crypto';
import type { SeenEntity } from '../enrich/contract.ts';
import type { Entity } from '../enrich/facts.ts';
import type { EntityKind, EntityNote } from './entity-note.ts';

// Functions look 14 days back. A week leaves another one for a sink, a Graph or a collector that is down.
const writeEveryMs = 7 * 86_400_000;
// So that what was written on one day is not due on one day, a week later.
const earlierShare = 0.1;
// A first event that turns out to be so much earlier is worth a row.
const muchEarlierMs = 86_400_000;

/** Until this age no row is written again that says the same. */
export const freshForMs = writeEveryMs * (1 - earlierShare);

/** The earlier of two times; null is none. */
export const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** True when a first event is news by itself: there was none, or it is more than a day earlier. */
export const isMuchEarlier = (ms: number | null, before: number | null): boolean =>
  ms !== null && (before === null || before - ms > muchEarlierMs);

/** True for what events name by one of several ids: which of them is the key may be known only after the look-up. */
const isKeyedByLookUp = (kind: EntityKind): boolean => kind === 'user' || kind === 'agent';

/** The same key has the same term each time. */
function isOld(ageMs: number, { kind, key }: Entity): boolean {
  if (ageMs < freshForMs) return false;
  const share = Number.parseInt(hash('sha256', `${kind} ${key}`).slice(0, 8), 16) / 2 ** 32;
  return ageMs >= writeEveryMs * (1 - earlierShare * share);
}

/** True when a row is due: `written` is what was accepted or is being written, `facts` the hash of what is known now. */
export function isRowDue(
  { entity, lookUp }: SeenEntity,
  written: EntityNote['written'],
  facts: string,
  nowMs: number,
): boolean {
  // Under a key that is not the final one a row would stay beside the final one.
  if (written === null) return !(lookUp === 'pending' && entity.facts === null && isKeyedByLookUp(entity.kind));
  // What is known before the look-up has ended, or when it gave nothing, is less than what was written.
  if (lookUp === 'complete' && entity.facts !== null && facts !== written.hash) return true;
  return isOld(nowMs - written.ms, entity);
}
