import { guid, letters, pick, random } from '../random.ts';
import type { Site } from './documents.ts';
import type { User } from './user.ts';

interface AgentBase {
  readonly name: string;
  readonly version: string;
  /** Object id of the maker; null for Microsoft's. */
  readonly ownerId: string | null;
}

/** Built in Copilot Studio with its own engine: leaves a runtime record and, in Microsoft 365, a client record. */
export interface CustomEngineAgent extends AgentBase {
  readonly kind: 'custom-engine';
  /** Entra object id of the agent: the bare AgentId of runtime records. */
  readonly id: string;
  /** GUID behind `T_`. */
  readonly titleId: string;
  readonly blueprintId: string;
  readonly botId: string;
  /** `Default-<tenant>` or the GUID of an environment. */
  readonly environment: string;
  readonly schemaName: string;
}

/** Declarative, from Copilot Studio, from a SharePoint site, or Microsoft's own: one record for each turn. */
export interface PlainAgent extends AgentBase {
  readonly kind: 'declarative' | 'sharepoint' | 'microsoft';
  /** GUID, `SPO_...` or `P_...`. */
  readonly id: string;
  readonly site: Site | null;
}

/** An agent of the tenant. */
export type Agent = CustomEngineAgent | PlainAgent;

const CUSTOM = [
  'Contoso Helpdesk',
  'Invoice triage',
  'Travel desk',
  'Shift planner',
  'Contract reviewer',
  'Lab scheduler',
];
const DECLARATIVE = ['JiraStatusAgent', 'Brand voice', 'Policy finder', 'Sales coach'];

/** The agents of a tenant; the popular ones first within each kind. */
export function agents(
  seed: string,
  tenantId: string,
  users: readonly User[],
  sites: readonly Site[],
): readonly Agent[] {
  const makers = users.filter((user) => user.maker || user.admin);
  const custom = CUSTOM.map((name, index): Agent => {
    const next = random(seed, 'custom-engine', index);
    const words = name.split(' ').map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`);
    return {
      kind: 'custom-engine',
      name,
      version: `1.0.${index}`,
      ownerId: pick(next, makers).id,
      id: guid(next),
      titleId: guid(next),
      blueprintId: guid(next),
      botId: guid(next),
      environment: index % 3 === 2 ? guid(next) : `Default-${tenantId}`,
      schemaName: `cr123_${words.join('').replace('Contoso', 'contoso')}`,
    };
  });
  const declarative = DECLARATIVE.map((name, index): Agent => {
    const next = random(seed, 'declarative', index);
    return { kind: 'declarative', name, version: '25.001', ownerId: pick(next, makers).id, id: guid(next), site: null };
  });
  const sharepoint = sites.slice(0, 4).map((site, index): Agent => {
    const next = random(seed, 'sharepoint-agent', index);
    const id = `SPO_${letters(next, 24)}`;
    return { kind: 'sharepoint', name: `${site.name} agent`, version: '1', ownerId: pick(next, makers).id, id, site };
  });
  const microsoft = ['Researcher', 'Analyst'].map((name): Agent => {
    const id = `P_${guid(random(seed, 'microsoft-agent', name))}`;
    return { kind: 'microsoft', name, version: '1.0.0', ownerId: null, id, site: null };
  });
  return [...custom, ...declarative, ...sharepoint, ...microsoft];
}
