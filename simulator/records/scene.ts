import { guid, type Random } from '../random.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';

/** A JSON value; `undefined` members are absent on the wire. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** An audit record as sent, in the casing of the wire. */
export interface WireRecord {
  readonly [key: string]: Json | undefined;
}

/** Who did something, when: all that a record is made of. */
export interface Scene {
  readonly tenant: Tenant;
  readonly user: User;
  /** Epoch milliseconds of this record. */
  readonly timeMs: number;
  /** The record's Id. */
  readonly id: string;
  /** The same stream for every part of one event, so parts agree on what they draw first. */
  readonly next: Random;
  /** Position among the records of one event: 0, or 1 for the client half of twins, ... */
  readonly part: number;
  /** A stream shared by about three events in a row of the same user: what belongs to one conversation. */
  readonly conversation: () => Random;
}

/** Who may act in a family: anybody, holders of the Copilot licence, or those with a role. */
export type Audience = 'anyone' | 'licensed' | 'admin' | 'maker' | 'analyst';

/** One family of records. */
export interface Family {
  /** Kebab-case, unique. */
  readonly name: string;
  /** True when its records belong to the Copilot family, so that a collector must deliver them. */
  readonly copilot: boolean;
  readonly audience: Audience;
  /** How often among the events of users, relative to other families; 0 when only `perDay` counts. */
  readonly weight: number;
  /** Events on a working day of the whole tenant, whatever its size. */
  readonly perDay: number;
  /** Delays in milliseconds of the event's records after its start, one for each part; one record at once by default. */
  readonly parts?: readonly number[];
  /** True when its records cannot become rows, because their time or their depth is unusable. */
  readonly unstorable?: true;
  readonly record: (scene: Scene) => WireRecord;
}

/** A family of the Copilot records with defaults: anyone, one record at once. */
export function copilotFamily(
  name: string,
  rate: {
    readonly weight?: number;
    readonly perDay?: number;
    readonly audience?: Audience;
    readonly parts?: readonly number[];
  },
  record: Family['record'],
): Family {
  return { name, copilot: true, audience: 'anyone', weight: 0, perDay: 0, ...rate, record };
}

/** A family of another workload. */
export function foreignFamily(name: string, weight: number, record: Family['record']): Family {
  return { name, copilot: false, audience: 'anyone', weight, perDay: 0, record };
}

/** `19:<43 letters>@thread.v2`-like id of the conversation, the same for the user's next events. */
export function threadId(scene: Scene): string {
  const next = scene.conversation();
  return `19:${guid(next).replaceAll('-', '')}${guid(next).slice(0, 8)}1@thread.v2`;
}
