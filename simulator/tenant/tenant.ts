import { guid, random } from '../random.ts';
import { agents, type Agent, type CustomEngineAgent, type PlainAgent } from './agents.ts';
import { files, labels, sites, type Label, type Site, type TenantFile } from './documents.ts';
import { meetings, type Meeting } from './meetings.ts';
import { users, type User } from './user.ts';

/** What the tenant has of Security Copilot. */
export interface SecurityCopilot {
  /** The synthetic identity under which its agents act: object id and UPN. */
  readonly agentUser: { readonly id: string; readonly upn: string };
  readonly plugins: readonly string[];
  readonly promptbooks: readonly string[];
  readonly workspaces: readonly string[];
}

/** A made-up Microsoft 365 tenant: plain data, the same for the same seed and number of users. */
export interface Tenant {
  readonly seed: string;
  /** Tenant id, the records' OrganizationId. */
  readonly id: string;
  readonly users: readonly User[];
  readonly labels: readonly Label[];
  readonly sites: readonly Site[];
  readonly files: readonly TenantFile[];
  readonly meetings: readonly Meeting[];
  readonly agents: readonly Agent[];
  /** The same agents by kind, for those who need one of a kind. */
  readonly customEngineAgents: readonly CustomEngineAgent[];
  readonly plainAgents: Readonly<Record<PlainAgent['kind'], readonly PlainAgent[]>>;
  readonly securityCopilot: SecurityCopilot;
}

/** A seeded tenant; throws a RangeError for fewer than five users, because its roles need holders. */
export function tenant(options: { readonly seed: number | string; readonly users: number }): Tenant {
  if (!Number.isInteger(options.users) || options.users < 5) {
    throw new RangeError(`tenant: ${options.users} users: give a whole number of at least 5`);
  }
  const seed = String(options.seed);
  const id = guid(random(seed, 'tenant'));
  const people = users(seed, options.users);
  const known = labels(seed);
  const places = sites(seed, people);
  const all = agents(seed, id, people, places);
  const plain = all.filter((agent) => agent.kind !== 'custom-engine');
  const agentUserId = guid(random(seed, 'security-copilot-agent-user'));
  return {
    seed,
    id,
    users: people,
    labels: known,
    sites: places,
    files: files(seed, places, known),
    meetings: meetings(seed, id, people),
    agents: all,
    customEngineAgents: all.filter((agent) => agent.kind === 'custom-engine'),
    plainAgents: {
      declarative: plain.filter((agent) => agent.kind === 'declarative'),
      sharepoint: plain.filter((agent) => agent.kind === 'sharepoint'),
      microsoft: plain.filter((agent) => agent.kind === 'microsoft'),
    },
    securityCopilot: {
      agentUser: { id: agentUserId, upn: `SecurityCopilotAgentUser-${agentUserId}@contoso.example` },
      plugins: ['ContosoPlugin', 'ThreatLookup', 'TicketBridge', 'AssetInventory'],
      promptbooks: Array.from({ length: 5 }, (_, index) => `pb-${guid(random(seed, 'promptbook', index)).slice(0, 8)}`),
      workspaces: ['Workspace-1', 'Workspace-2'],
    },
  };
}
