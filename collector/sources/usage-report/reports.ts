/** The Copilot usage reports of Microsoft Graph and where they can be had. Pure. */
import type { GraphVersion } from '../../graph/contract.ts';

/** What stands in the column ReportKind. */
export type ReportKind = 'user' | 'summary' | 'trend';

/** Version of a report: v2 has more products, and prompt counts. */
export type ReportVersion = 'v1' | 'v2';

/** Days that a report looks back; v1 knows D30 where v2 knows D28. */
export type ReportPeriod = 'D7' | 'D28' | 'D30' | 'D90' | 'D180' | 'ALL';

/** A report to be read once a day. */
export interface Report {
  readonly kind: ReportKind;
  readonly period: ReportPeriod;
}

/** One way to the same report: a text (CSV), or the pages of a collection. */
export interface Way {
  readonly version: ReportVersion;
  readonly period: ReportPeriod;
  readonly graphVersion: GraphVersion;
  readonly path: string;
  readonly form: 'text' | 'list';
}

const FUNCTIONS: Readonly<Record<ReportKind, string>> = {
  user: 'getMicrosoft365CopilotUsageUserDetail',
  summary: 'getMicrosoft365CopilotUserCountSummary',
  trend: 'getMicrosoft365CopilotUserCountTrend',
};

const KINDS: readonly ReportKind[] = ['user', 'summary', 'trend'];

/** The period under the name that the version knows. */
export function toPeriod(period: ReportPeriod, version: ReportVersion): ReportPeriod {
  if (version === 'v1') return period === 'D28' ? 'D30' : period;
  return period === 'D30' ? 'D28' : period;
}

/** Every report of these periods, once. */
export function reportsOf(periods: readonly ReportPeriod[], version: ReportVersion): readonly Report[] {
  const known = new Set(periods.map((period) => toPeriod(period, version)));
  return [...known].flatMap((period) => KINDS.map((kind) => ({ kind, period })));
}

/** The ways to a report, best first: v1.0 gives CSV, beta JSON, and the functions that came before them either. */
export function waysTo({ kind, period }: Report, newest: ReportVersion): readonly Way[] {
  const versions: readonly ReportVersion[] = newest === 'v2' ? ['v2', 'v1'] : ['v1'];
  const name = FUNCTIONS[kind];
  const ways = versions.flatMap((version): readonly Way[] => {
    const own = toPeriod(period, version);
    // v1 is the default; services that know no other refuse the parameter.
    const path = `/copilot/reports/${name}(period='${own}'${version === 'v1' ? '' : `,version='${version}'`})`;
    return [
      { version, period: own, graphVersion: 'v1.0', path, form: 'text' },
      { version, period: own, graphVersion: 'beta', path, form: 'list' },
    ];
  });
  const old = toPeriod(period, 'v1');
  const path = `/reports/${name}(period='${old}')?$format=text/csv`;
  return [...ways, { version: 'v1', period: old, graphVersion: 'beta', path, form: 'text' }];
}
