import { chance, guid, hex8, int, pick, random, type Random } from '../random.ts';
import { DEPARTMENTS, FAMILY_NAMES, GIVEN_NAMES, OFFICES } from './names.ts';

/** A member or guest of the tenant, with the habits that shape its events. */
export interface User {
  /** Position in `tenant.users`. */
  readonly index: number;
  /** Entra object id. */
  readonly id: string;
  /** PUID-like key of 16 digits, which older workloads log as UserKey. */
  readonly key: string;
  readonly upn: string;
  readonly displayName: string;
  readonly department: string;
  readonly jobTitle: string;
  /** Object id of the manager; null at the top and for guests. */
  readonly managerId: string | null;
  readonly country: string;
  /** ISO 3166 code; also the audit log's ClientRegion. */
  readonly usageLocation: string;
  readonly office: string;
  readonly utcOffsetMinutes: number;
  /** Documentation addresses: v4 at home and at work, then one v6. */
  readonly addresses: readonly [string, string, string];
  /** Holds a Microsoft 365 Copilot licence. */
  readonly licensed: boolean;
  readonly guest: boolean;
  /** May change settings, agents and Security Copilot. */
  readonly admin: boolean;
  /** Builds agents in Copilot Studio. */
  readonly maker: boolean;
  /** Works with Security Copilot. */
  readonly analyst: boolean;
  /** Activity relative to the tenant's mean of 1. */
  readonly activity: number;
  /** AppHost values, the favourite first. */
  readonly hosts: readonly string[];
}

const HOSTS = [
  'BizChat',
  'Teams',
  'Word',
  'Outlook',
  'Excel',
  'PowerPoint',
  'Office',
  'M365App',
  'OneNote',
  'Loop',
  'Edge',
  'Bing',
  'OutlookSidepane',
  'Whiteboard',
  'Planner',
  'SharePoint',
  'bizchat',
] as const;

/** The users of a tenant; every group of eight has the same manager. */
export function users(seed: string, amount: number): readonly User[] {
  const ids = Array.from({ length: amount }, (_, index) => guid(random(seed, 'user-id', index)));
  return ids.map((id, index) => user(random(seed, 'user', index), id, index, ids));
}

/** One user, drawn from a stream of its own. */
export function user(next: Random, id: string, index: number, ids: readonly string[]): User {
  const given = pick(next, GIVEN_NAMES);
  const family = pick(next, FAMILY_NAMES);
  const [department, titles] = pick(next, DEPARTMENTS);
  const [country, usageLocation, , office, utcOffsetMinutes] = pick(next, OFFICES);
  const guest = index > 4 && chance(next, 0.03);
  // The number keeps names unique however many users there are.
  const local = `${ascii(given)}.${ascii(family)}${index}`;
  const boss = index - (index % 8);
  const subnet = index % 200;
  return {
    index,
    id,
    key: `1003200${hex8(next).toUpperCase()}${index % 10}`,
    upn: guest ? `${local}_partner.contoso.example#EXT#@contoso.example` : `${local}@contoso.example`,
    displayName: `${given} ${family}`,
    department,
    jobTitle: index % 8 === 0 ? `Head of ${department}` : pick(next, titles),
    managerId: guest || index === 0 ? null : (ids[boss === index ? 0 : boss] ?? null),
    country,
    usageLocation,
    office,
    utcOffsetMinutes,
    addresses: [
      `198.51.100.${1 + ((index * 7) % 250)}`,
      `203.0.113.${1 + (subnet % 24)}`,
      `2001:db8:${(index % 4096).toString(16)}:${int(next, 16, 4095).toString(16)}::${int(next, 2, 65_000).toString(16)}`,
    ],
    licensed: !guest && chance(next, 0.7),
    guest,
    admin: index < 3,
    maker: index % 20 === 4,
    analyst: index % 25 === 2,
    // 1.6 e^(-2.2 u) has a mean near 0.65 and a few heavy users; 0.35 keeps nobody silent.
    activity: 0.35 + 1.6 * Math.exp(-2.2 * next()),
    hosts: favourites(next),
  };
}

function favourites(next: Random): readonly string[] {
  return Array.from(new Set(Array.from({ length: 5 }, () => pick(next, HOSTS))));
}

function ascii(name: string): string {
  return name
    .replace('ø', 'o')
    .replace('Ł', 'L')
    .normalize('NFD')
    .replace(/[^A-Za-z]/gu, '')
    .toLowerCase();
}
