/** What a path of Graph names: which permission it needs, what it costs, and its answer. */
import type { Tenant } from '../../tenant/tenant.ts';
import type { Switches } from '../switches.ts';
import type { Ask } from './ask.ts';
import type { Outcome } from './outcome.ts';

/** Kinds of look-ups, as the report counts them. */
export type ResourceKind =
  | 'user'
  | 'users'
  | 'skus'
  | 'share'
  | 'site'
  | 'drive'
  | 'list-item'
  | 'chat'
  | 'meeting'
  | 'labels'
  | 'packages'
  | 'package'
  | 'report'
  | 'report-settings'
  | 'audit-queries'
  | 'audit-query'
  | 'audit-records';

/** One addressable thing. */
export interface Resource {
  readonly kind: ResourceKind;
  /** What is looked up, the same for every spelling of it. */
  readonly key: string;
  /** Application roles of which one is enough. */
  readonly roles: readonly string[];
  /** 403 as this service spells it. */
  readonly denied: () => Outcome;
  /** Which limits count it: the directory in resource units, Teams by second, reports by function; others share the first. */
  readonly cost: Cost;
  /** Methods that `answer` takes care of; GET alone when absent. */
  readonly methods?: readonly string[];
  readonly answer: () => Outcome;
}

export type Cost =
  | { readonly of: 'directory'; readonly units: number }
  | { readonly of: 'teams' }
  | { readonly of: 'report'; readonly name: string; readonly form: 'csv' | 'json' };

/** What the services share. */
export interface World {
  readonly tenant: Tenant;
  readonly switches: Switches;
  /** Origin of Graph itself. */
  readonly origin: () => string;
  /** Epoch milliseconds, simulated. */
  readonly nowMs: () => number;
  /** Whether a user or a file is gone for good, by its id. */
  readonly isGone: (id: string) => boolean;
  /** Address at which a report may be fetched once without a token. */
  readonly leave: (file: Buffer) => string;
}

/** Finds what a request names; undefined when the service has no such path. */
export type Service = (ask: Ask) => Resource | undefined;
