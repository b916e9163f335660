/** Copilot usage reports, and the setting that conceals names in them. */
import type { Ask } from './ask.ts';
import type { Directory } from './directory.ts';
import { page } from './options.ts';
import { found, refused, type Outcome } from './outcome.ts';
import type { Resource, Service, World } from './resource.ts';
import { periods, toCsv, toJson, type Cell, type ReportVersion } from './usage-columns.ts';
import { toDate, usageFigures, type Span, type UsageFigures } from './usage-figures.ts';

const dayMs = 86_400_000;
const settingRoles = ['ReportSettings.Read.All', 'ReportSettings.ReadWrite.All'];
const denied = (): Outcome => refused(403, 'S2SUnauthorized', 'Invalid permission.');

type ReportName = 'UsageUserDetail' | 'UserCountSummary' | 'UserCountTrend';

/** A report as it was asked for. */
interface Request {
  readonly name: ReportName;
  readonly version: ReportVersion;
  /** Days of each period in it; several for ALL. */
  readonly days: readonly number[];
}

/** `copilot/reports/…`, the older `reports/…` of beta, and `admin/reportSettings`. */
export function usageService(world: World, people: Directory): Service {
  const { tenant, switches } = world;
  const figures = usageFigures({
    seed: tenant.seed,
    users: tenant.users,
    licensed: people.users.filter(({ licensed }) => licensed),
    concealedNames: switches.concealedNames,
    promptColumns: switches.promptColumns,
  });
  // A report stays the same until the next refresh, and its pages are asked for one by one.
  const made = new Map<string, Tables>();

  function tablesOf(request: Request): Tables {
    const lastDay = Math.floor(world.nowMs() / dayMs) - switches.reportLagDays;
    const key = JSON.stringify([request, lastDay]);
    const known = made.get(key) ?? tables(request, lastDay, figures);
    made.set(key, known);
    return known;
  }

  function file(request: Request): Outcome {
    const { header, rows } = tablesOf(request);
    const csv = toCsv(header, rows);
    if (switches.reportRedirect === 'always')
      return { status: 302, headers: { Location: world.leave(csv) }, value: undefined };
    const headers = {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="Copilot${request.name}.csv"`,
    };
    return { status: 200, headers, value: undefined, file: csv };
  }

  function report(ask: Ask, name: ReportName, rest: string, isOld: boolean): Resource {
    const format = ask.options.get('$format') ?? '';
    // v1.0 streams CSV whatever $format says; the older functions take it.
    const form = ask.version === 'v1.0' || (isOld && format.toLowerCase() === 'text/csv') ? 'csv' : 'json';
    return {
      kind: 'report',
      key: `${ask.version} ${name}(${rest}) ${ask.options.get('$skiptoken') ?? ''}`.trim(),
      roles: ['Reports.Read.All'],
      denied,
      // Pages of a report are requests like others.
      cost: ask.options.has('$skiptoken') ? { of: 'directory', units: 1 } : { of: 'report', name, form },
      answer: () => {
        const request = toRequest(name, rest);
        if ('status' in request) return request;
        if (form === 'csv') return file(request);
        const { values } = tablesOf(request);
        return page(ask, values, { usual: switches.reportRowsPerPage, most: 1000 }, world.origin(), (value) => value);
      },
    };
  }

  function settings(ask: Ask): Resource {
    return {
      kind: 'report-settings',
      key: 'report-settings',
      roles: settingRoles,
      denied: () => refused(403, 'Forbidden', 'The application may not change or read the report settings.'),
      cost: { of: 'directory', units: 1 },
      answer: () =>
        found({
          '@odata.context': `${world.origin()}/${ask.version}/$metadata#admin/reportSettings/$entity`,
          displayConcealedNames: switches.concealedNames,
        }),
    };
  }

  return (ask) => {
    const path = ask.segments.join('/');
    if (/^admin\/reportSettings$/i.test(path)) return settings(ask);
    const match = /^(copilot\/)?reports\/getMicrosoft365Copilot(\w+)\((.*)\)$/i.exec(path);
    const name = toReportName(match?.[2] ?? '');
    const isOld = match?.[1] === undefined;
    if (!match || name === undefined || (isOld && ask.version !== 'beta')) return undefined;
    return report(ask, name, match[3] ?? '', isOld);
  };
}

function toReportName(text: string): ReportName | undefined {
  const names: readonly ReportName[] = ['UsageUserDetail', 'UserCountSummary', 'UserCountTrend'];
  return names.find((name) => name.toLowerCase() === text.toLowerCase());
}

/** Reads `period='D7',version='v2'`. */
function toRequest(name: ReportName, text: string): Request | Outcome {
  const given = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, key = '', value = ''] = /^\s*(\w+)\s*=\s*'([^']*)'\s*$/.exec(part) ?? [];
    if ((key !== 'period' && key !== 'version') || given.has(key))
      return refused(400, 'BadRequest', `Invalid function parameters: (${text}).`);
    given.set(key, value);
  }
  const version = given.get('version') ?? 'v1';
  if (version !== 'v1' && version !== 'v2')
    return refused(400, 'BadRequest', `Invalid version value specified: ${version}.`);
  const period = given.get('period') ?? '';
  const days = new Map(Object.entries(periods[version])).get(period);
  if (!days) return refused(400, 'BadRequest', `Invalid period value specified: ${period}.`);
  return { name, version, days };
}

/** One report in both forms. */
interface Tables {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly values: readonly unknown[];
}

function tables({ name, version, days }: Request, lastDay: number, figures: UsageFigures): Tables {
  const longest = Math.max(...days);
  const span: Span = { lastDay, days: longest, version };
  const refresh: Cell = { csv: 'Report Refresh Date', json: 'reportRefreshDate', value: toDate(lastDay) };
  const period = (of: number): Cell => ({ csv: 'Report Period', json: 'reportPeriod', value: of });
  if (name === 'UsageUserDetail') {
    const details = figures.detail(span);
    return withHeader(
      details.map((row) => [...row, period(longest)]),
      details.map((row) => ({
        ...toJson(row),
        copilotActivityUserDetailsByPeriod: days.map((reportPeriod) => ({ reportPeriod })),
      })),
    );
  }
  if (name === 'UserCountSummary') {
    const sums = days.map((of) => [period(of), ...figures.summary({ ...span, days: of })]);
    return withHeader(
      sums.map((row) => [refresh, ...row]),
      [{ ...toJson([refresh]), adoptionByProduct: sums.map(toJson) }],
    );
  }
  const dates = Array.from({ length: longest }, (_, ago) => lastDay - ago).map((day): readonly Cell[] => [
    { csv: 'Report Date', json: 'reportDate', value: toDate(day) },
    ...figures.trend(span, day),
  ]);
  return withHeader(
    dates.map((row) => [refresh, ...row, period(longest)]),
    [{ ...toJson([refresh, period(longest)]), adoptionByDate: dates.map(toJson) }],
  );
}

function withHeader(rows: readonly (readonly Cell[])[], values: readonly unknown[]): Tables {
  return { header: rows[0]?.map(({ csv }) => csv) ?? [], rows, values };
}
