/** What policies say in an ordinary week: one item is kept from Copilot, and a few reads are watched. */
import { readFile, turn } from '../records/crafted.ts';
import { pick } from '../random.ts';
import { policyDetails } from '../records/resources.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { TenantFile } from '../tenant/documents.ts';
import type { Day } from './day.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const [TUESDAY, THURSDAY] = [1, 3];

/** Files with a label on the site that everybody uses: nobody is a stranger there. */
function labelledFiles({ files, sites, labels }: Tenant, fromTop: number): readonly TenantFile[] {
  const labelId = labels.at(-1 - fromTop)?.id;
  return files.filter((file) => file.labelId === labelId && file.site === sites[0]);
}

/**
 * Notes the policy outcomes of one day: two audited reads on Tuesdays, a blocked one on Thursdays. Only before week 0:
 * what happens in the planned weeks is the calendar's, with one hit a week at most.
 */
export function policyHits({ plot, plan, day, present }: Day): void {
  const { next, tenant } = plot;
  const [watched, kept] = [labelledFiles(tenant, 1), labelledFiles(tenant, 0)];
  if (day >= plan.firstDay || present.length === 0 || watched.length === 0 || kept.length === 0) return;
  const user = pick(next, present);
  const atMs = day * DAY_MS + (10 + 5 * next()) * HOUR_MS - user.utcOffsetMinutes * 60_000;
  const threadId = plot.thread();
  if (plan.weekday(day) === TUESDAY) {
    const PolicyDetails = policyDetails(next, 'Audit with Notify');
    for (const nth of [0, 1]) {
      const resources = [readFile(pick(next, watched), { PolicyDetails })];
      plot.record(atMs + nth * 120_000, user, (act) => turn(act, { appHost: 'BizChat', threadId, resources }));
    }
  }
  if (plan.weekday(day) === THURSDAY) {
    const PolicyDetails = policyDetails(next, 'Enforce');
    const resources = [readFile(pick(next, kept), { PolicyDetails, Status: 'failure' })];
    plot.record(atMs, user, (act) => turn(act, { appHost: 'Word', threadId, resources }));
  }
}
