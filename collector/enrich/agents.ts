import { toAgentIds } from '../records/agent-id.ts';
import type { AgentFacts } from './facts.ts';
import type { Finding } from './finder.ts';
import { listed, readListing, type ListedOptions, type ListFinder, type Listing } from './listed.ts';
import { toKey, type Reference } from './references.ts';
import { boolean, part, text } from './wire.ts';

const packagePart = part({
  id: text,
  displayName: text,
  type: text,
  publisher: text,
  platform: text,
  isBlocked: boolean,
  availableTo: text,
  appId: text,
  assetId: text,
  manifestId: text,
});

/** A package of the catalogue with all its ids; null for what is none. */
function toPackage(item: unknown): Finding<AgentFacts> | null {
  const found = packagePart.parse(item);
  if (found === null || found.id === null) return null;
  const key = toKey(toAgentIds(found.id, null, null).normalized ?? found.id);
  const ids = [found.id, found.appId, found.assetId, found.manifestId].filter((id) => id !== null).map(toKey);
  return {
    key,
    aliases: [...new Set(ids)].filter((id) => id !== key && !/^[0-]+$/.test(id)),
    facts: {
      kind: 'agent',
      name: found.displayName,
      packageType: found.type,
      publisher: found.publisher,
      platform: found.platform,
      isBlocked: found.isBlocked,
      sharing: found.availableTo,
    },
  };
}

const TITLE = /^[tp]_([0-9a-f-]{36})$/;
const STUDIO = /^copilotstudio\.[a-z]+\.([0-9a-f-]{36})$/;

/** Ids under which the catalogue may hold an agent: a Copilot Studio id shares its GUID with the title. */
export function toCandidates({ key, aliases }: Reference): readonly string[] {
  const inStudio = STUDIO.exec(key)?.[1];
  return inStudio === undefined ? aliases : [...aliases, inStudio];
}

/** The catalogue by every id; an id that several packages share tells none of them, and is no alias. */
export function toCatalogue(list: readonly unknown[]): Listing<AgentFacts> {
  const packages = new Map<string, Finding<AgentFacts>>();
  for (const item of list) {
    const found = toPackage(item);
    if (found !== null) packages.set(found.key, found);
  }
  const counts = new Map<string, number>();
  for (const { aliases } of packages.values()) {
    for (const alias of aliases) counts.set(alias, (counts.get(alias) ?? 0) + 1);
  }
  const isOwn = (alias: string): boolean => counts.get(alias) === 1 && !packages.has(alias);
  const findings = Array.from(packages.values(), (found) => ({ ...found, aliases: found.aliases.filter(isOwn) }));
  const byId = new Map(findings.flatMap((found) => [found.key, ...found.aliases].map((id) => [id, found])));
  for (const found of findings) {
    const inTitle = TITLE.exec(found.key)?.[1];
    if (inTitle !== undefined && !byId.has(inTitle)) byId.set(inTitle, found);
  }
  return { findings, byId };
}

const PATH = '/copilot/admin/catalog/packages';

/** Agents of the package catalogue, by any of their ids. Needs CopilotPackages.Read.All. */
export function agents({ graph, ...options }: ListedOptions<AgentFacts>): ListFinder<AgentFacts> {
  return listed({ ...options, read: () => readListing(graph, { 'v1.0': PATH, beta: PATH }, toCatalogue) });
}
