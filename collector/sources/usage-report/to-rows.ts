/** Entries of a report -> rows of CopilotUsage_CL. Pure. */
import { createHash } from 'node:crypto';
import { intOf } from '../../records/read-values.ts';
import { setOwn } from '../../records/json-value.ts';
import { copilotUsage, type CopilotUsageRow, emptyRow, type Json } from '../../schema/index.ts';
import type { Entry } from './entries.ts';
import { ANY_APP, isPair, productsOf, toProductName } from './products.ts';
import type { ReportKind, ReportPeriod, ReportVersion } from './reports.ts';

/** Which report an entry is of. */
export interface Origin {
  readonly kind: ReportKind;
  readonly period: ReportPeriod;
  readonly version: ReportVersion;
  /** Tenant id; undefined where it is not known. */
  readonly organizationId: string | undefined;
}

// The hash that stands for a name in a tenant that conceals names in reports.
const CONCEALED = /^[0-9A-F]{32}$/;
// All prompts of a user, a period, a day. The first ones are documented; the others were seen in exports.
const PROMPTS = [
  'promptsSubmittedForAllApps',
  'totalPromptsSubmitted',
  'promptsSubmitted',
  'promptsSubmittedAnyApp',
] as const;
const COLUMNS: ReadonlySet<string> = new Set([
  'reportRefreshDate',
  'reportDate',
  'reportPeriod',
  'reportVersion',
  'userPrincipalName',
  'displayName',
  'lastActivityDate',
]);

/** Rows of one entry; null when its refresh date, its user or its day is missing, so that it has no key. */
export function toRows(entry: Entry, origin: Origin): readonly CopilotUsageRow[] | null {
  const refreshDate = toDay(entry.get('reportRefreshDate'));
  if (refreshDate === null) return null;
  const common = {
    ...emptyRow(copilotUsage),
    ReportKind: origin.kind,
    ReportRefreshDate: refreshDate,
    ReportPeriod: toPeriodOf(entry, origin.period),
    ReportVersion: origin.version,
    OrganizationId: origin.organizationId ?? null,
  };
  return origin.kind === 'user' ? userRows(entry, common) : productRows(entry, common);
}

function userRows(entry: Entry, common: CopilotUsageRow): readonly CopilotUsageRow[] | null {
  const user = textOf(entry, 'userPrincipalName');
  if (user === null) return null;
  const prompts = promptsOf(entry);
  const row = {
    ...common,
    RecordId: keyOf(common, user.toLowerCase()),
    UserPrincipalName: user,
    DisplayName: textOf(entry, 'displayName'),
    IsConcealed: CONCEALED.test(user),
    LastActivityDate: toDay(entry.get('lastActivityDate')),
    PromptCount: prompts.count,
    Measures: measuresOf(entry, (name) => COLUMNS.has(name) || name === prompts.name),
  };
  return [row];
}

function productRows(entry: Entry, common: CopilotUsageRow): readonly CopilotUsageRow[] | null {
  const day = toDay(entry.get('reportDate'));
  if (common.ReportKind === 'trend' && day === null) return null;
  const prompts = promptsOf(entry);
  const measures = measuresOf(entry, (name) => COLUMNS.has(name) || name === prompts.name || isPair(name));
  const products = productsOf(entry);
  // What is said of no product is said of all of them.
  const isShort = !products.some(({ stem }) => stem === ANY_APP) && (prompts.count !== null || measures !== null);
  const anyApp = { stem: ANY_APP, name: toProductName(ANY_APP), enabled: null, active: null };
  return (isShort ? [...products, anyApp] : products).map(({ stem, name, enabled, active }) => ({
    ...common,
    RecordId: keyOf(common, day ?? '', stem),
    ReportDate: day,
    Product: name,
    EnabledUserCount: enabled,
    ActiveUserCount: active,
    PromptCount: stem === ANY_APP ? prompts.count : null,
    Measures: stem === ANY_APP ? measures : null,
  }));
}

/** The same at every reading, and another for each tenant. */
function keyOf(common: CopilotUsageRow, ...subject: readonly string[]): string {
  const { OrganizationId, ReportKind, ReportRefreshDate, ReportPeriod, ReportVersion } = common;
  const parts = [OrganizationId, ReportKind, ReportRefreshDate, ReportPeriod, ReportVersion, ...subject];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A report of all periods says for each row which it is: `7` is D7. */
function toPeriodOf(entry: Entry, asked: ReportPeriod): string {
  const [, days] = /^D?(\d{1,4})$/i.exec(textOf(entry, 'reportPeriod') ?? '') ?? [];
  return days === undefined ? asked : `D${days}`;
}

function promptsOf(entry: Entry): { readonly name: string | undefined; readonly count: number | null } {
  const name = PROMPTS.find((name) => entry.has(name));
  const count = name === undefined ? null : intOf(entry.get(name));
  // What is no whole number stays among the measures.
  return { name: count === null ? undefined : name, count };
}

function measuresOf(entry: Entry, isElsewhere: (name: string) => boolean): Json {
  const measures: Record<string, Json> = {};
  for (const [name, value] of entry) if (!isElsewhere(name)) setOwn(measures, name, value);
  return Object.keys(measures).length === 0 ? null : measures;
}

function textOf(entry: Entry, name: string): string | null {
  const value = entry.get(name);
  return value === undefined ? null : String(value);
}

/** Midnight UTC of a day; null for what is no day of the calendar. */
function toDay(value: string | number | boolean | undefined): string | null {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:$|T)/.exec(typeof value === 'string' ? value : '') ?? [];
  if (day === undefined) return null;
  const ms = Date.parse(`${day}T00:00:00Z`);
  // The 30th of February parses as a day of March.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day ? null : `${day}T00:00:00Z`;
}
