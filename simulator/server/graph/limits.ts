/** Throttling: directory and the rest in units per 10 s, Teams by second, reports by function. The machine's clock counts. */
import { spanBudget, type Budget } from '../quota.ts';
import type { Switches } from '../switches.ts';
import { tooMany, type Outcome } from './outcome.ts';
import type { Cost } from './resource.ts';

/** 429 when the cost no longer fits; it is taken otherwise. */
export type Limits = (cost: Cost) => Outcome | undefined;

const reportSpanMs = 600_000;

/** Limits as the switches set them. */
export function limits(switches: Switches): Limits {
  const directory = spanBudget(switches.graphRequestsPer10s, 10_000);
  // Throttling limits of Microsoft Teams: GET 30 requests a second per app and tenant.
  const teams = spanBudget(switches.teamsRequestsPerSecond, 1000);
  const reports = new Map<string, Budget>();

  function reportBudget(name: string, form: 'csv' | 'json'): Budget {
    const key = `${form} ${name.toLowerCase()}`;
    const limit = form === 'csv' ? switches.reportsPer10Minutes : switches.jsonReportsPer10Minutes;
    const budget = reports.get(key) ?? spanBudget(limit, reportSpanMs);
    reports.set(key, budget);
    return budget;
  }

  return (cost) => {
    const waitMs =
      cost.of === 'directory'
        ? directory(cost.units)
        : cost.of === 'teams'
          ? teams(1)
          : reportBudget(cost.name, cost.form)(1);
    if (waitMs === 0) return undefined;
    // Reports: no reliable Retry-After has been seen.
    return tooMany(cost.of === 'report' ? undefined : Math.ceil(waitMs / 1000));
  };
}
