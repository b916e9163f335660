/** Whether rows arrive: the age of the newest one, for each tenant. */
import { z } from 'zod';
import { copilotAudit, copilotHealth } from '../../collector/schema/index.ts';
import type { Azure } from './azure.ts';
import type { Site } from './deployment.ts';
import type { Finding, Reporter } from './finding.ts';

/** What is looked for, and how old the newest may be. */
export interface Freshness {
  readonly table: string;
  /** KQL with one row for each tenant: Tenant (GUID, lower case), AgeMinutes. */
  readonly query: string;
  readonly maxMinutes: number;
  readonly whenNone: string;
  readonly whenOld: string;
}

const newest = (rows: string): string => `${rows}
| summarize Newest = max(ingestion_time()) by Tenant = tolower(OrganizationId)
| extend AgeMinutes = (now() - Newest) / 1m`;

const APP =
  'See the log of the container app and docs/operations.md: permission, roles, network. After a first deployment wait an hour';

/** Heartbeats come at the end of every pass, also when nobody used Copilot; those of `check` say nothing of `run`. */
export const healthFreshness = (maxMinutes: number): Freshness => ({
  table: copilotHealth.name,
  query: newest(`${copilotHealth.name}\n| where HealthKind == "heartbeat" and Source != "check"`),
  maxMinutes,
  whenNone: APP,
  whenOld: 'The collector stopped, or cannot write: see the log of the container app and docs/operations.md',
});

/** Audit rows come when somebody uses Copilot. */
export const auditFreshness = (maxMinutes: number): Freshness => ({
  table: copilotAudit.name,
  query: newest(copilotAudit.name),
  maxMinutes,
  whenNone: `${APP}. If heartbeats are there: does anybody use Copilot, and is auditing on in Microsoft Purview?`,
  whenOld:
    'If heartbeats are new, nobody used Copilot since, or auditing was switched off in Microsoft Purview; --audit-hours allows more',
});

const rowShape = z.object({ Tenant: z.string().nullable(), AgeMinutes: z.number() });

/** Minutes as people say them. */
function spoken(minutes: number): string {
  if (minutes < 120) return `${Math.round(minutes)} minutes`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}

/** One line for each tenant of the site; without tenants one for whoever wrote last. */
export async function checkRows(
  report: Reporter,
  { query }: Azure,
  { site, customerId }: { readonly site: Site; readonly customerId: string },
  wanted: Freshness,
): Promise<readonly Finding[]> {
  const rows = (await query({ customerId, kql: wanted.query, duration: 'P14D' })).map(
    (row) => rowShape.safeParse(row).data,
  );
  const ages = rows.flatMap((row) => (row === undefined ? [] : [row]));
  const lines = site.tenants.length > 0 ? site.tenants : [{ id: undefined, name: '' }];
  return lines.map(({ id, name }) => {
    const item = name === '' || name === id ? (id ?? '') : `${name} (${id ?? ''})`;
    const own = ages.filter(({ Tenant }) => id === undefined || Tenant === id).map(({ AgeMinutes }) => AgeMinutes);
    if (own.length === 0) return report.fail(item, 'has no row of the last 14 days', wanted.whenNone);
    const age = Math.min(...own);
    const detail = `newest row is ${spoken(age)} old`;
    if (age <= wanted.maxMinutes) return report.pass(item, detail);
    return report.fail(item, `${detail}, more than ${spoken(wanted.maxMinutes)}`, wanted.whenOld);
  });
}
