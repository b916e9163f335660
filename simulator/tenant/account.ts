/** What the directory knows of a user beyond what events show: drawn from streams of its own, so events stay as they are. */
import { chance, guid, int, pick, random } from '../random.ts';
import { user, type User } from './user.ts';

/** CapabilityStatus of an assigned plan. */
export type PlanStatus = 'Enabled' | 'Warning' | 'Suspended' | 'Deleted';

/** A service plan as a user has it. */
export interface Plan {
  readonly id: string;
  readonly service: string;
  readonly status: PlanStatus;
}

/** Directory facts of a user. */
export interface Account {
  readonly accountEnabled: boolean;
  readonly mail: string | null;
  /** Null where only usageLocation is kept. */
  readonly country: string | null;
  readonly companyName: string | null;
  /** ISO 8601 UTC. */
  readonly createdTime: string;
  readonly skuIds: readonly string[];
  readonly plans: readonly Plan[];
}

/** A product with the plans in it. */
export interface Sku {
  readonly id: string;
  readonly name: string;
  readonly plans: readonly { readonly id: string; readonly name: string; readonly service: string }[];
}

/** Microsoft 365 Copilot with its service plans (product names and service plan identifiers for licensing). */
export const copilotSku: Sku = {
  id: '639dec6b-bb19-468b-871c-c5c441c4b0cb',
  name: 'Microsoft_365_Copilot',
  plans: [
    ['3f30311c-6b1e-48a4-ab79-725b469da960', 'M365_COPILOT_BUSINESS_CHAT', 'M365Copilot'],
    ['a62f8878-de10-42f3-b68f-6149a25ceb97', 'M365_COPILOT_APPS', 'M365Copilot'],
    ['b95945de-b3bd-46db-8437-f2beb6ea2347', 'M365_COPILOT_TEAMS', 'TeamspaceAPI'],
    ['82d30987-df9b-4486-b146-198b21d164c7', 'GRAPH_CONNECTORS_COPILOT', 'Graph'],
    ['89f1c4c8-0878-40f7-804d-869c9128ab5d', 'M365_COPILOT_CONNECTORS', 'PowerPlatform'],
    ['931e4a88-a67f-48b5-814f-16a5f1e6028d', 'M365_COPILOT_INTELLIGENT_SEARCH', 'M365Copilot'],
    ['0aedf20c-091d-420b-aadf-30c042609612', 'M365_COPILOT_SHAREPOINT', 'SharePoint'],
    ['fe6c28b3-d468-44ea-bbd0-a10a5167435c', 'COPILOT_STUDIO_IN_COPILOT_FOR_M365', 'PowerVirtualAgents'],
  ].map(([id = '', name = '', service = '']) => ({ id, name, service })),
};

/** What every member has: mail, sites and chat, without Copilot. Made-up ids. */
export const officeSku: Sku = {
  id: '0f1ce000-0000-4000-8000-000000000e05',
  name: 'CONTOSO_OFFICE',
  plans: [
    ['0f1ce000-0000-4000-8000-000000000001', 'CONTOSO_MAIL', 'exchange'],
    ['0f1ce000-0000-4000-8000-000000000002', 'CONTOSO_SITES', 'SharePoint'],
    ['0f1ce000-0000-4000-8000-000000000003', 'CONTOSO_CHAT', 'TeamspaceAPI'],
  ].map(([id = '', name = '', service = '']) => ({ id, name, service })),
};

const dayMs = 86_400_000;
const newestMs = Date.parse('2026-06-01T00:00:00Z');
// One who is disabled in every tenant of ten or more.
const disabledIndex = 7;

/** The account of a user: the same for the same seed. Whoever is `licensed` has at least one Copilot plan that counts. */
export function account(seed: string, user: User): Account {
  const next = random(seed, 'account', user.index);
  const disabled = user.index > 4 && (user.index === disabledIndex || chance(next, 0.03));
  const created = newestMs - int(next, 10, 3000) * dayMs;
  const odd = next();
  const local = user.upn.split('@')[0] ?? '';
  const ownMail = user.guest ? local.replace('#EXT#', '').replace('_', '@') : user.upn;
  return {
    accountEnabled: !disabled,
    mail:
      odd < 0.04 ? null : odd < 0.1 && !user.guest ? `${user.key.slice(-6).toLowerCase()}@contoso.example` : ownMail,
    country: chance(next, 0.1) ? null : user.country,
    companyName: user.guest ? null : 'Contoso',
    createdTime: new Date(created).toISOString().replace('.000Z', 'Z'),
    skuIds: user.guest ? [] : user.licensed ? [officeSku.id, copilotSku.id] : [officeSku.id],
    plans: user.guest
      ? []
      : [
          ...officeSku.plans.map(({ id, service }): Plan => ({ id, service, status: 'Enabled' })),
          ...copilotPlans(user, next()),
        ],
  };
}

function copilotPlans(user: User, odd: number): readonly Plan[] {
  if (user.licensed) {
    // Grace period, or a plan that an administrator took away.
    return copilotSku.plans.map(({ id, service }, nth) => ({
      id,
      service,
      status: odd < 0.05 ? 'Warning' : odd < 0.12 && nth === 2 ? 'Deleted' : 'Enabled',
    }));
  }
  // Plans that a user once had stay in the list.
  if (odd > 0.4) return [];
  const status = odd < 0.2 ? 'Deleted' : 'Suspended';
  return copilotSku.plans.map(({ id, service }) => ({ id, service, status }));
}

/** Licensed people who never use Copilot: they are in the directory and in usage reports, and in no event. */
export function dormantUsers(seed: string, users: readonly User[]): readonly User[] {
  const ids = users.map(({ id }) => id);
  return Array.from({ length: Math.max(2, Math.floor(users.length / 12)) }, (_, nth) => {
    const next = random(seed, 'dormant', nth);
    const id = guid(next);
    const index = users.length + nth;
    const made = user(next, id, index, [pick(next, ids), ...ids.slice(1)]);
    const local = made.upn.split('@')[0]?.split('_')[0] ?? '';
    return {
      ...made,
      upn: `${local}@contoso.example`,
      guest: false,
      licensed: true,
      admin: false,
      maker: false,
      analyst: false,
      activity: 0,
      managerId: ids[0] ?? null,
    };
  });
}
