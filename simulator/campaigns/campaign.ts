/** What a campaign is: a story over hours, and the truth about it. */
import type { PlantedItem, PlantedRecord, PlantedRow, Span } from '../planted.ts';
import { int, pick, type Random } from '../random.ts';
import type { Cast } from '../benign/cast.ts';
import type { TenantFile } from '../tenant/documents.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';
import type { Plot } from './plot.ts';

/** `attack`: at or above the documented thresholds. `below`: what looks like it and must not be found. */
export type Variant = 'attack' | 'below';

/** What a campaign is told with. */
export interface Telling {
  readonly plot: Plot;
  readonly cast: Cast;
  readonly variant: Variant;
  /** Midnight UTC of the day on which it starts, epoch milliseconds. */
  readonly dayMs: number;
}

/** What a story says of itself. */
export interface Outline {
  /** UPNs of those who act or are used. */
  readonly users: readonly string[];
  /** Ids of agents, as sent. */
  readonly agents?: readonly string[];
  /** Addresses of files. */
  readonly files?: readonly string[];
  /** Catalogue ids of the rules that must find the attack, and must be silent below it. */
  readonly rules: readonly string[];
  /** Catalogue ids of rules that may find parts of it as well. */
  readonly may?: readonly string[];
  /** When the collector delivered nothing. */
  readonly outage?: Span;
}

/** A campaign of the catalogue. */
export interface Story {
  readonly name: string;
  /** One line for the menu. */
  readonly summary: string;
  readonly tell: (telling: Telling) => Outline;
}

/** What really happened. */
export interface Truth extends Outline {
  readonly campaign: string;
  readonly seed: string;
  readonly variant: Variant;
  readonly recordIds: readonly string[];
  readonly span: Span;
}

/** A campaign as it is planted. */
export interface Campaign {
  readonly truth: Truth;
  /** By time. */
  readonly records: readonly PlantedRecord[];
  readonly rows: readonly PlantedRow[];
  readonly items: readonly PlantedItem[];
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** So many different people without a role; fewer where the tenant has fewer. */
export function people(next: Random, { ordinary }: Cast, tenant: Tenant, amount: number): readonly User[] {
  const left = [...(ordinary.length > 0 ? ordinary : tenant.users)];
  return Array.from({ length: Math.min(amount, left.length) }, () =>
    left.splice(int(next, 0, left.length - 1), 1),
  ).flat();
}

/** One person without a role. */
export const person = (next: Random, { ordinary }: Cast, tenant: Tenant): User =>
  pick(next, ordinary.length > 0 ? ordinary : tenant.users);

/** A moment of the user's local day, epoch milliseconds. */
export const localTime = (dayMs: number, hours: number, { utcOffsetMinutes }: User): number =>
  Math.round(dayMs + hours * HOUR_MS) - utcOffsetMinutes * MINUTE_MS;

/** Documents whose label is Confidential or above, outside of the person's own OneDrive. */
export function sensitiveFiles(tenant: Tenant, user: User): readonly TenantFile[] {
  const labels = new Set(tenant.labels.filter(({ priority }) => priority >= 5).map(({ id }) => id));
  return tenant.files.filter(
    ({ labelId, site }) => labelId !== null && labels.has(labelId) && site.ownerId !== user.id,
  );
}
