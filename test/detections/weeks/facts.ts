/** Facts and entities of a simulated tenant, as the collector's enrichment would find them. */
import type { EntityFacts, Facts, LabelFacts, UserFacts } from '../../../collector/enrich/facts.ts';
import { noFacts } from '../../../collector/enrich/facts.ts';
import { toCandidates, toCatalogue } from '../../../collector/enrich/agents.ts';
import { toFileFacts } from '../../../collector/enrich/files.ts';
import { toReferences } from '../../../collector/enrich/references.ts';
import type { AuditRecord } from '../../../collector/records/audit-record.ts';
import { activeDays } from '../../../simulator/benign/benign.ts';
import { calendar } from '../../../simulator/benign/calendar.ts';
import { cast } from '../../../simulator/benign/cast.ts';
import { packages } from '../../../simulator/tenant/packages.ts';
import type { Tenant } from '../../../simulator/tenant/tenant.ts';
import type { User } from '../../../simulator/tenant/user.ts';

/** An entity that a record names. */
export interface Mention {
  readonly kind: 'user' | 'agent' | 'label';
  readonly key: string;
  readonly aliases: readonly string[];
  readonly facts: EntityFacts | null;
}

/** Looks up what a record refers to, as it is at a time (epoch milliseconds). */
export interface Directory {
  readonly facts: (record: AuditRecord, atMs: number) => Facts;
  readonly mentions: (record: AuditRecord, atMs: number) => readonly Mention[];
}

const DAY_MS = 86_400_000;

/** The directory, the catalogue of agents and the labels of a tenant whose benign weeks begin on a day. */
export function directory(tenant: Tenant, firstDay: number): Directory {
  const roles = cast(tenant);
  const plan = calendar(firstDay);
  const people = new Map<string, User>();
  for (const user of tenant.users)
    for (const name of [user.upn, user.id, user.key]) people.set(name.toLowerCase(), user);
  const byId = new Map(tenant.users.map((user) => [user.id, user]));
  const labels = new Map(
    tenant.labels.map(({ id, name, priority }): readonly [string, LabelFacts] => [
      id,
      { kind: 'label', name, priority, parentId: null },
    ]),
  );
  const catalogue = toCatalogue(packages(tenant.seed, tenant.agents, tenant.users));

  function userFacts(user: User, atMs: number): UserFacts {
    const [, last] = activeDays(user, roles, plan);
    return {
      kind: 'user',
      userPrincipalName: user.upn.toLowerCase(),
      displayName: user.displayName,
      department: user.department,
      jobTitle: user.jobTitle,
      country: user.country,
      office: user.office,
      manager: user.managerId === null ? null : (byId.get(user.managerId)?.upn.toLowerCase() ?? null),
      accountEnabled: atMs < (last + 1) * DAY_MS,
      isGuest: user.guest,
      hasCopilotLicense: user.licensed,
    };
  }

  const find = (record: AuditRecord): ReturnType<typeof toReferences> & { readonly person: User | undefined } => {
    const references = toReferences(record);
    return { ...references, person: references.user === null ? undefined : people.get(references.user.key) };
  };
  const agentOf = ({ agent }: ReturnType<typeof toReferences>) =>
    agent === null ? undefined : toCandidates(agent).flatMap((id) => catalogue.byId.get(id) ?? [])[0];
  const inCatalogue = (references: ReturnType<typeof toReferences>) =>
    references.agent === null ? undefined : (catalogue.byId.get(references.agent.key) ?? agentOf(references));

  return {
    facts(record, atMs) {
      const found = find(record);
      const [document] = found.documents;
      const owner = document?.site?.oneDriveAccount ?? null;
      const ownerUser =
        owner === null
          ? undefined
          : tenant.users.find(({ upn }) => upn.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '_') === owner);
      return {
        ...noFacts,
        user: found.person === undefined ? null : userFacts(found.person, atMs),
        userObservedMs: found.person === undefined ? null : atMs,
        agent: inCatalogue(found)?.facts ?? null,
        labels: new Map(found.labelIds.flatMap((id) => [[id, labels.get(id)] as const]).filter(isKnown)),
        file: document === undefined ? null : toFileFacts(document),
        siteOwner: ownerUser?.upn.toLowerCase() ?? null,
      };
    },
    mentions(record, atMs) {
      const found = find(record);
      const { user, agent, labelIds, person } = found;
      const listed = inCatalogue(found);
      return [
        ...(user === null
          ? []
          : [
              {
                kind: 'user' as const,
                key: person?.upn.toLowerCase() ?? user.key,
                aliases: [...user.aliases, ...(person === undefined ? [] : [person.id])],
                facts: person === undefined ? null : userFacts(person, atMs),
              },
            ]),
        ...(agent === null
          ? []
          : [
              {
                kind: 'agent' as const,
                key: listed?.key ?? agent.key,
                aliases: [...agent.aliases, agent.key, ...(listed?.aliases ?? [])],
                facts: listed?.facts ?? null,
              },
            ]),
        ...labelIds.map((id) => ({ kind: 'label' as const, key: id, aliases: [], facts: labels.get(id) ?? null })),
      ];
    },
  };
}

const isKnown = (entry: readonly [string, LabelFacts | undefined]): entry is [string, LabelFacts] =>
  entry[1] !== undefined;
