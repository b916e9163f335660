/** From what was found to the facts of one record. Pure. */
import type { Named } from './collect.ts';
import { noFacts, type Facts, type LabelFacts } from './facts.ts';
import { enricherOf } from './finders.ts';
import type { Slot } from './slot.ts';

/** `<enricher>: <reason>` of each slot that lacks an answer, once. */
function toErrors({ user, agent, labels, files, sites, meeting }: Named): readonly string[] {
  let errors = noFacts.errors;
  for (const one of [user, agent, ...labels, ...files, ...sites, meeting]) {
    if (one === null || one.reason === null) continue;
    const error = `${enricherOf[one.kind]}: ${one.reason}`;
    if (!errors.includes(error)) errors = [...errors, error];
  }
  return errors;
}

function toLabels(labels: readonly Slot<LabelFacts>[]): ReadonlyMap<string, LabelFacts> {
  if (labels.length === 0) return noFacts.labels;
  const known = new Map<string, LabelFacts>();
  for (const { key, facts } of labels) if (facts !== null) known.set(key, facts);
  return known;
}

/** The facts of a record whose slots are settled. */
export function toFacts(named: Named): Facts {
  const { user, agent, labels, files, mainSite, meeting } = named;
  return {
    user: user?.facts ?? null,
    userObservedMs: user?.observedMs ?? null,
    agent: agent?.facts ?? null,
    labels: toLabels(labels),
    file: files[0]?.facts ?? null,
    siteOwner: mainSite?.facts?.owner ?? null,
    meeting: meeting?.facts ?? null,
    errors: toErrors(named),
  };
}
