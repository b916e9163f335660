/** The facts that a row carries beside its record, and what of them an event refers to. Data. */

/** What Copilot events refer to: the Kind of a row of CopilotEntities_CL. */
export type EntityKind = 'user' | 'agent' | 'label' | 'site' | 'file' | 'meeting';

/** The enrichers that ask Microsoft Graph, by the names of the setting ENRICH. */
export const enricherNames = ['users', 'labels', 'agents', 'files', 'meetings'] as const;
export type EnricherName = (typeof enricherNames)[number];

/** A user of the directory. `null`: the directory does not say. */
export interface UserFacts {
  readonly kind: 'user';
  readonly userPrincipalName: string | null;
  readonly displayName: string | null;
  readonly department: string | null;
  readonly jobTitle: string | null;
  readonly country: string | null;
  readonly office: string | null;
  /** User principal name of the manager. */
  readonly manager: string | null;
  readonly accountEnabled: boolean | null;
  readonly isGuest: boolean | null;
  readonly hasCopilotLicense: boolean | null;
}

/** An agent of the package catalogue. */
export interface AgentFacts {
  readonly kind: 'agent';
  readonly name: string | null;
  /** microsoft, external, shared or custom. */
  readonly packageType: string | null;
  readonly publisher: string | null;
  readonly platform: string | null;
  readonly isBlocked: boolean | null;
  /** availableTo: none, some or all. */
  readonly sharing: string | null;
}

/** A sensitivity label. */
export interface LabelFacts {
  readonly kind: 'label';
  readonly name: string | null;
  /** Higher is more sensitive. */
  readonly priority: number | null;
  /** Id of the label above it. */
  readonly parentId: string | null;
}

/** A SharePoint site or a OneDrive. */
export interface SiteFacts {
  readonly kind: 'site';
  readonly url: string;
  readonly name: string;
  /** User principal name where known, else the name of the OneDrive in its address; null for a team site. */
  readonly owner: string | null;
  readonly isOneDrive: boolean;
}

/** A file: name, extension, address and site from the address alone, the rest by look-up. */
export interface FileFacts {
  readonly kind: 'file';
  readonly name: string | null;
  readonly extension: string | null;
  readonly url: string;
  readonly siteUrl: string | null;
  readonly sizeBytes: number | null;
  /** ISO 8601 UTC. */
  readonly modifiedTime: string | null;
}

/** An online meeting. */
export interface MeetingFacts {
  readonly kind: 'meeting';
  readonly name: string | null;
  /** ISO 8601 UTC. */
  readonly createdTime: string | null;
  /** User principal name, or object id when that is all there is. */
  readonly organizer: string | null;
}

export type EntityFacts = UserFacts | AgentFacts | LabelFacts | SiteFacts | FileFacts | MeetingFacts;

/**
 * An entity as it is known now: under its key, and the other ids under which events name it. `facts` is null when
 * nothing is known but that events name it.
 */
export interface Entity {
  readonly kind: EntityKind;
  /** In lower case, except where casing matters (SPO_ ids). */
  readonly key: string;
  readonly aliases: readonly string[];
  readonly facts: EntityFacts | null;
  /** Epoch milliseconds at which the facts were read. */
  readonly observedMs: number;
}

/** What one record's look-ups gave: null is not known. Order of nothing here matters. */
export interface Facts {
  readonly user: UserFacts | null;
  /** Epoch milliseconds at which the directory was asked about the user. */
  readonly userObservedMs: number | null;
  readonly agent: AgentFacts | null;
  /** By label id in lower case; those of the record that are known. */
  readonly labels: ReadonlyMap<string, LabelFacts>;
  /** Of the file that the row names (toDocument). */
  readonly file: FileFacts | null;
  /** User principal name behind the OneDrive of that file. */
  readonly siteOwner: string | null;
  readonly meeting: MeetingFacts | null;
  /** `<enricher>: <reason>` for each look-up that gave nothing: not-found, forbidden, throttled, unavailable, unreadable, refused, late. */
  readonly errors: readonly string[];
}

/** Nothing is known. */
export const noFacts: Facts = {
  user: null,
  userObservedMs: null,
  agent: null,
  labels: new Map(),
  file: null,
  siteOwner: null,
  meeting: null,
  errors: [],
};
