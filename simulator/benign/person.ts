/** What a person works with: a view of the tenant that families of records draw from. */
import { pick, random } from '../random.ts';
import type { Site, TenantFile } from '../tenant/documents.ts';
import { DEPARTMENTS } from '../tenant/names.ts';
import { movedAddress } from '../tenant/networks.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';

/** The team sites of a department; the first of all is everybody's. */
export function departmentSites({ sites }: Tenant, department: string): readonly Site[] {
  const teams = sites.filter(({ ownerId }) => ownerId === null);
  const own = DEPARTMENTS.findIndex(([name]) => name === department);
  return teams.filter((_site, index) => index > 0 && index % DEPARTMENTS.length === own);
}

/** A site that only one department may see: the last one of Legal. */
export const restrictedSite = (tenant: Tenant): Site | undefined => departmentSites(tenant, 'Legal').at(-1);

/** Agents that appear only in the course of the weeks: nobody uses them before. */
export const newAgentIds = ({ customEngineAgents, plainAgents }: Tenant): readonly string[] =>
  [customEngineAgents.at(-1)?.id, plainAgents.declarative.at(-1)?.id].filter((id) => id !== undefined);

/** Sees a tenant with the eyes of its people. */
export function views(tenant: Tenant): (user: User, hidden: ReadonlySet<string>) => Tenant {
  const highest = tenant.labels.at(-1)?.id;
  const bySite = new Map<string, TenantFile[]>();
  for (const file of tenant.files) {
    // What carries the highest label is kept from Copilot by policy.
    if (file.labelId === highest) continue;
    const list = bySite.get(file.site.id) ?? [];
    list.push(file);
    bySite.set(file.site.id, list);
  }
  const filesOf = (sites: readonly Site[]): readonly TenantFile[] => sites.flatMap(({ id }) => bySite.get(id) ?? []);
  const known = new Map<User, Tenant>();

  function view(user: User): Tenant {
    const next = random(tenant.seed, 'view', user.index);
    const own = tenant.sites.filter(({ ownerId }) => ownerId === user.id);
    const everybodys = tenant.sites.slice(0, 1);
    const sites = [...departmentSites(tenant, user.department), ...own, ...everybodys];
    const files = filesOf(sites);
    const ids = new Set(sites.map(({ id }) => id));
    const { sharepoint, declarative, microsoft } = tenant.plainAgents;
    const near = sharepoint.filter(({ site }) => site !== null && ids.has(site.id));
    return {
      ...tenant,
      sites,
      files: files.length > 0 ? files : filesOf(everybodys),
      meetings: Array.from({ length: 5 }, () => pick(next, tenant.meetings)),
      customEngineAgents: [0, 1].map(() => pick(next, tenant.customEngineAgents)),
      plainAgents: {
        sharepoint: near.length > 0 ? near : sharepoint.slice(0, 1),
        declarative: [pick(next, declarative)],
        microsoft,
      },
    };
  }

  return (user, hidden) => {
    const found = known.get(user) ?? view(user);
    known.set(user, found);
    const agents = found.customEngineAgents.filter(({ id }) => !hidden.has(id));
    const declarative = found.plainAgents.declarative.filter(({ id }) => !hidden.has(id));
    if (hidden.size === 0) return found;
    return {
      ...found,
      customEngineAgents: agents.length > 0 ? agents : tenant.customEngineAgents.slice(0, 1),
      plainAgents: {
        ...found.plainAgents,
        declarative: declarative.length > 0 ? declarative : tenant.plainAgents.declarative.slice(0, 1),
      },
    };
  };
}

/** The user as the office's new provider shows them: with another address at work. */
export const moved = (user: User): User => ({
  ...user,
  addresses: [user.addresses[0], movedAddress(user.index), user.addresses[2]],
});
