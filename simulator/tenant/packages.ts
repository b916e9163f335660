/** The catalogue of Copilot packages: the tenant's agents, and what others publish. */
import { guid, int, random } from '../random.ts';
import type { Agent } from './agents.ts';
import type { User } from './user.ts';

/** Who may use a package, or has it. */
export type Sharing = 'none' | 'some' | 'all';

/** A package as the catalogue lists it. */
export interface CatalogPackage {
  readonly id: string;
  readonly displayName: string;
  readonly type: 'microsoft' | 'external' | 'shared' | 'custom';
  readonly publisher: string;
  readonly platform: string;
  readonly isBlocked: boolean;
  readonly availableTo: Sharing;
  readonly deployedTo: Sharing;
  readonly elementTypes: readonly string[];
  readonly supportedHosts: readonly string[];
  readonly version: string;
  readonly appId: string | null;
  readonly manifestId: string;
  readonly assetId: string;
  /** ISO 8601 UTC. */
  readonly lastModifiedTime: string;
  /** Object id of the maker; null for Microsoft's and third parties'. */
  readonly ownerId: string | null;
}

const OTHERS = [
  ['Tide board uploader', 'Northwind Example', false, 'officeAddIn', 'web'],
  ['Signature lane', 'Fabrikam Example', false, 'officeAddIn', 'web'],
  ['Ticket weaver', 'Northwind Example', false, 'DeclarativeCopilots', 'Microsoft 365 Copilot Agent Builder'],
  ['Crypto tipster', 'Unknown Example', true, 'CustomEngineCopilots', 'Copilot Studio'],
  ['Expense whisperer', 'Fabrikam Example', false, 'CustomEngineCopilots', 'Azure AI Foundry'],
] as const;

const newestMs = Date.parse('2026-11-01T00:00:00Z');

/** Packages of a tenant. Agents of SharePoint sites are files and not in the catalogue. */
export function packages(seed: string, agents: readonly Agent[], users: readonly User[]): readonly CatalogPackage[] {
  const known = new Set(users.map(({ id }) => id));
  const own = agents
    .filter((agent) => agent.kind !== 'sharepoint')
    .map((agent, nth): CatalogPackage => {
      const next = random(seed, 'package', agent.id);
      const isCustom = agent.kind === 'custom-engine';
      const isMicrosoft = agent.kind === 'microsoft';
      return {
        id: isCustom ? `T_${agent.titleId}` : isMicrosoft ? agent.id : `T_${agent.id}`,
        displayName: agent.name,
        type: isMicrosoft ? 'microsoft' : isCustom ? 'custom' : 'shared',
        publisher: isMicrosoft ? 'Microsoft Corporation' : 'Contoso',
        platform: isMicrosoft ? 'Microsoft' : isCustom ? 'Copilot Studio' : 'Microsoft 365 Copilot Agent Builder',
        isBlocked: agent.name === 'Lab scheduler',
        availableTo: isMicrosoft ? 'all' : nth % 3 === 1 ? 'some' : nth % 7 === 5 ? 'none' : 'all',
        deployedTo: nth % 2 === 0 ? 'none' : 'some',
        elementTypes: isCustom ? ['CustomEngineCopilots', 'Bots'] : ['DeclarativeCopilots'],
        supportedHosts: isCustom ? ['Copilot', 'Teams'] : ['Copilot'],
        version: agent.version,
        appId: isCustom ? agent.id : null,
        manifestId: isCustom ? agent.botId : guid(next),
        assetId: guid(next),
        lastModifiedTime: new Date(newestMs - int(next, 0, 40_000_000) * 1000).toISOString(),
        ownerId: agent.ownerId !== null && known.has(agent.ownerId) ? agent.ownerId : null,
      };
    });
  const others = OTHERS.map(([displayName, publisher, isBlocked, element, platform], nth): CatalogPackage => {
    const next = random(seed, 'other-package', nth);
    return {
      id: `P_${guid(next)}`,
      displayName,
      type: 'external',
      publisher,
      platform,
      isBlocked,
      availableTo: isBlocked ? 'none' : 'all',
      deployedTo: 'none',
      elementTypes: [element],
      supportedHosts: element === 'officeAddIn' ? ['outlook', 'word', 'excel', 'powerPoint'] : ['Copilot'],
      version: `1.${nth}.0`,
      appId: nth % 2 === 0 ? guid(next) : null,
      manifestId: displayName.toLowerCase().replaceAll(' ', '-'),
      assetId: guid(next),
      lastModifiedTime: new Date(newestMs - int(next, 0, 80_000_000) * 1000).toISOString(),
      ownerId: null,
    };
  });
  return [...own, ...others];
}
