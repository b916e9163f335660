/** From records to the things they name: each one once, with a slot for what is found about it. No I/O. */
import type { AuditRecord } from '../records/audit-record.ts';
import type { SiteAddress } from '../records/document.ts';
import { isGuid } from '../records/json-value.ts';
import type {
  AgentFacts,
  EntityFacts,
  EntityKind,
  FileFacts,
  LabelFacts,
  MeetingFacts,
  SiteFacts,
  UserFacts,
} from './facts.ts';
import type { Accounts } from './one-drive.ts';
import { toReferences, type References } from './references.ts';
import { addAliases, type Slot } from './slot.ts';
import type { Slots } from './slots.ts';

const none: readonly string[] = [];

/** The slots of one record. */
export interface Named {
  readonly user: Slot<UserFacts> | null;
  readonly agent: Slot<AgentFacts> | null;
  readonly labels: readonly Slot<LabelFacts>[];
  /** The first is that of the row. */
  readonly files: readonly Slot<FileFacts>[];
  readonly sites: readonly Slot<SiteFacts>[];
  /** The site of the first file. */
  readonly mainSite: Slot<SiteFacts> | null;
  readonly meeting: Slot<MeetingFacts> | null;
}

/** What records name, in their order, and every slot once. */
export interface Collected {
  readonly named: readonly Named[];
  readonly all: readonly Slot<EntityFacts>[];
}

/** One slot for each thing that the records name. */
export function collect(records: readonly AuditRecord[], make: Slots, accounts: Accounts): Collected {
  const references = records.map(toReferences);
  // First, because the owner of a OneDrive may act in a later record than the one that names it.
  for (const { user } of references) if (user !== null && !isGuid(user.key)) accounts.note(user.key);
  const all: Slot<EntityFacts>[] = [];
  const pools = pool(all);

  const toNamed = ({ user, agent, labelIds, documents, meeting }: References, index: number): Named => {
    const firstMs = Date.parse(records[index]?.eventTime ?? '');
    const eventMs = Number.isNaN(firstMs) ? null : firstMs;
    const siteOf = (site: SiteAddress): Slot<SiteFacts> =>
      pools.site(site.url.toLowerCase(), eventMs, none, () => make.site(site));
    const sites = documents.map(({ site }) => (site === null ? null : siteOf(site)));
    return {
      user: user && pools.user(user.key, eventMs, user.aliases, () => make.user(user)),
      agent: agent && pools.agent(agent.key, eventMs, agent.aliases, () => make.agent(agent)),
      labels: labelIds.map((id) => pools.label(id, eventMs, none, () => make.label(id))),
      files: documents.map((document) => pools.file(document.key, eventMs, none, () => make.file(document))),
      sites: sites.filter((site) => site !== null),
      mainSite: sites[0] ?? null,
      meeting: meeting && pools.meeting(meeting.key, eventMs, none, () => make.meeting(meeting)),
    };
  };
  return { named: references.map(toNamed), all };
}

type Pool<F extends EntityFacts> = (
  key: string,
  eventMs: number | null,
  aliases: readonly string[],
  make: () => Slot<F>,
) => Slot<F>;

function pool(all: Slot<EntityFacts>[]): { readonly [K in EntityKind]: Pool<Extract<EntityFacts, { kind: K }>> } {
  const of = <F extends EntityFacts>(): Pool<F> => {
    const byKey = new Map<string, Slot<F>>();
    return (key, eventMs, aliases, make) => {
      let found = byKey.get(key);
      if (found === undefined) {
        found = make();
        byKey.set(key, found);
        all.push(found);
      }
      addAliases(found, aliases);
      if (eventMs !== null) found.firstEventMs = Math.min(found.firstEventMs ?? eventMs, eventMs);
      return found;
    };
  };
  return { user: of(), agent: of(), label: of(), site: of(), file: of(), meeting: of() };
}
