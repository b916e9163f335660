import type { LabelFacts } from './facts.ts';
import type { Finding } from './finder.ts';
import { listed, readListing, type ListedOptions, type ListFinder, type Listing } from './listed.ts';
import { guid, items, number, part, text } from './wire.ts';

const labelPart = part({
  id: guid,
  name: text,
  displayName: text,
  priority: number,
  sensitivity: number,
  parent: part({ id: guid }),
  sublabels: items,
});
// Purview knows labels and sublabels; a cycle cannot come out of JSON, a tower can.
const MAX_DEPTH = 5;

/** Labels of a list of Graph, v1.0 or beta, with the sublabels in them; what is no label is left out. */
export function toLabels(
  list: readonly unknown[],
  above: string | null = null,
  depth = 0,
): readonly Finding<LabelFacts>[] {
  return list.flatMap((item) => {
    const label = labelPart.parse(item);
    if (label === null || label.id === null) return [];
    const { id, name, displayName, priority, sensitivity, parent, sublabels } = label;
    const facts: LabelFacts = {
      kind: 'label',
      name: displayName ?? name,
      priority: priority ?? sensitivity,
      parentId: parent?.id ?? above,
    };
    const below = depth < MAX_DEPTH ? toLabels(sublabels ?? [], id, depth + 1) : [];
    return [{ key: id, aliases: [], facts }, ...below];
  });
}

function toListing(list: readonly unknown[]): Listing<LabelFacts> {
  const byId = new Map<string, Finding<LabelFacts>>();
  for (const finding of toLabels(list)) {
    const before = byId.get(finding.key);
    // A sublabel that is listed by itself, too, knows its parent in one of the two places.
    const parentId = before?.facts.parentId ?? finding.facts.parentId;
    byId.set(finding.key, { ...finding, facts: { ...finding.facts, parentId } });
  }
  return { findings: [...byId.values()], byId };
}

const PATHS = {
  'v1.0': '/security/dataSecurityAndGovernance/sensitivityLabels',
  beta: '/security/informationProtection/sensitivityLabels',
};

/** Sensitivity labels of the tenant, by id in lower case. Needs SensitivityLabels.Read.All. */
export function labels({ graph, ...options }: ListedOptions<LabelFacts>): ListFinder<LabelFacts> {
  return listed({ ...options, read: () => readListing(graph, PATHS, toListing) });
}
