/** The finders that are switched on, by what they find. */
import type { Document, SiteAddress } from '../records/document.ts';
import type { Graph } from '../graph/contract.ts';
import { agents } from './agents.ts';
import type {
  AgentFacts,
  EnricherName,
  EntityFacts,
  EntityKind,
  FileFacts,
  LabelFacts,
  MeetingFacts,
  SiteFacts,
  UserFacts,
} from './facts.ts';
import { files } from './files.ts';
import type { Finder, FinderOptions, Finding } from './finder.ts';
import { labels } from './labels.ts';
import { licensePlans, type LicensePlans } from './license-plans.ts';
import type { ListFinder } from './listed.ts';
import { meetings } from './meetings.ts';
import type { OnAnswer, Reason } from './outcome.ts';
import type { MeetingReference } from './references.ts';
import { sites } from './sites.ts';
import type { Troubles } from './troubles.ts';
import { users } from './users.ts';

/** Counts a look-up: what was asked for, and found or why not. */
export type LookUpCount = (enricher: EnricherName, outcome: 'found' | Reason) => void;

/** Undefined where nothing is asked. */
export interface Finders {
  readonly user: Finder<string, UserFacts> | undefined;
  readonly agent: ListFinder<AgentFacts> | undefined;
  readonly label: ListFinder<LabelFacts> | undefined;
  readonly site: Finder<SiteAddress, SiteFacts> | undefined;
  readonly file: Finder<Document, FileFacts> | undefined;
  readonly meeting: Finder<MeetingReference, MeetingFacts> | undefined;
}

/** The enricher that looks a kind up. */
export const enricherOf: Readonly<Record<EntityKind, EnricherName>> = {
  user: 'users',
  agent: 'agents',
  label: 'labels',
  site: 'files',
  file: 'files',
  meeting: 'meetings',
};

/** Finders for these enrichers; none without Graph. `onListed` gets what lists hold, after each reading. */
export function finders(
  options: Omit<FinderOptions, 'onAnswer'> & {
    readonly graph: Graph | undefined;
    readonly enrichers: ReadonlySet<EnricherName>;
    readonly plans: LicensePlans;
    readonly troubles: Troubles;
    readonly onUser: (upn: string) => void;
    readonly onListed: (findings: readonly Finding<EntityFacts>[], observedMs: number) => void;
    readonly onLookUp: LookUpCount;
  },
): Finders {
  const { graph, enrichers, plans, troubles, onUser, onListed: onRead, onLookUp, max, now } = options;
  const count =
    (enricher: EnricherName): OnAnswer =>
    (outcome) =>
      onLookUp(enricher, outcome);
  const when = <T>(enricher: EnricherName, build: (graph: Graph) => T): T | undefined =>
    graph !== undefined && enrichers.has(enricher) ? build(graph) : undefined;
  const user = when('users', (graph) => {
    const known = licensePlans({
      graph,
      plans,
      now,
      max: 1,
      onTrouble: ({ reason, detail }) => troubles.note('licences', reason, detail),
    });
    return users({ graph, plans: known, onFound: onUser, max, now, onAnswer: count('users') });
  });
  return {
    user,
    agent: when('agents', (graph) => agents({ graph, now, onRead, onAnswer: count('agents') })),
    label: when('labels', (graph) => labels({ graph, now, onRead, onAnswer: count('labels') })),
    site: when('files', (graph) => sites({ graph, max, now, onAnswer: count('files') })),
    file: when('files', (graph) => files({ graph, max, now, onAnswer: count('files') })),
    meeting: when('meetings', (graph) => meetings({ graph, users: user, max, now, onAnswer: count('meetings') })),
  };
}
