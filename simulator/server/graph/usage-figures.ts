/** The figures of the usage reports, all from the same days, so that detail, summary and trend agree. */
import { createHash } from 'node:crypto';
import { usage, type UsageDay } from '../../tenant/usage.ts';
import type { User } from '../../tenant/user.ts';
import { countApps, detailApps, ofVersion, type AppColumn, type Cell, type ReportVersion } from './usage-columns.ts';

const dayMs = 86_400_000;
// How far back a last activity is looked for in a short period.
const memoryDays = 30;

/** What a report is about. */
export interface Span {
  /** Days since 1970 of the newest day in it. */
  readonly lastDay: number;
  readonly days: number;
  readonly version: ReportVersion;
}

/** Rows of the three reports. */
export interface UsageFigures {
  readonly detail: (span: Span) => readonly (readonly Cell[])[];
  /** Counts over the whole span. */
  readonly summary: (span: Span) => readonly Cell[];
  /** Counts of one day. */
  readonly trend: (span: Span, day: number) => readonly Cell[];
}

/** `2026-11-18`. */
export function toDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Figures of a tenant's licensed users. */
export function usageFigures(options: {
  readonly seed: string;
  /** People who make events; the mean of their activity sets the rate. */
  readonly users: readonly User[];
  /** Those whom reports name. */
  readonly licensed: readonly User[];
  readonly concealedNames: boolean;
  readonly promptColumns: 'present' | 'absent';
}): UsageFigures {
  const { licensed } = options;
  const usageOf = usage(options.seed, options.users);
  const shown = (name: string): string =>
    options.concealedNames
      ? createHash('sha256').update(`${options.seed}|${name}`).digest('hex').slice(0, 32).toUpperCase()
      : name;

  /** Days of a user, the newest first. */
  const daysOf = (user: User, lastDay: number, days: number): readonly UsageDay[] =>
    Array.from({ length: days }, (_, ago) => usageOf(user, lastDay - ago));

  function detailRow(user: User, span: Span): readonly Cell[] {
    const { lastDay, days, version } = span;
    const known = daysOf(user, lastDay, Math.max(days, memoryDays));
    const inSpan = known.slice(0, days);
    const lastDate = (used: (day: UsageDay) => boolean): string => {
      const ago = known.findIndex(used);
      return ago < 0 ? '' : toDate(lastDay - ago);
    };
    const total = (figure: (day: UsageDay) => number): number => inSpan.reduce((sum, day) => sum + figure(day), 0);
    const prompts: readonly Cell[] = [
      {
        csv: 'Prompts submitted for all apps',
        json: 'promptsSubmittedForAllApps',
        value: total(promptsOf),
      },
      {
        csv: 'Prompts submitted for Copilot Chat (work)',
        json: 'promptsSubmittedForCopilotChatWork',
        value: total(({ workPrompts }) => workPrompts),
      },
      {
        csv: 'Prompts submitted for Copilot Chat (web)',
        json: 'promptsSubmittedForCopilotChatWeb',
        value: total(({ webPrompts }) => webPrompts),
      },
    ];
    return [
      { csv: 'Report Refresh Date', json: 'reportRefreshDate', value: toDate(lastDay) },
      { csv: 'User Principal Name', json: 'userPrincipalName', value: shown(user.upn) },
      { csv: 'Display Name', json: 'displayName', value: shown(user.displayName) },
      { csv: 'Last Activity Date', json: 'lastActivityDate', value: lastDate(({ apps }) => apps.size > 0) },
      ...(version === 'v2' && options.promptColumns === 'present' ? prompts : []),
      ...(version === 'v2'
        ? [
            {
              csv: 'Active Usage Days for all apps',
              json: 'activeUsageDaysForAllApps',
              value: total(({ apps }) => (apps.size > 0 ? 1 : 0)),
            },
          ]
        : []),
      ...ofVersion(detailApps, version).map(({ csv, json, apps }): Cell => ({
        csv: `${csv} Last Activity Date`,
        json: `${json}LastActivityDate`,
        value: lastDate((day) => apps.some((app) => day.apps.has(app))),
      })),
    ];
  }

  function counts(perUser: readonly (readonly UsageDay[])[], version: ReportVersion): readonly Cell[] {
    const active = ({ apps }: AppColumn): number =>
      perUser.filter((days) => days.some((day) => apps.some((app) => day.apps.has(app)))).length;
    return ofVersion(countApps, version).flatMap((column): readonly Cell[] => [
      { csv: `${column.csv} Enabled Users`, json: `${column.json}EnabledUsers`, value: licensed.length },
      { csv: `${column.csv} Active Users`, json: `${column.json}ActiveUsers`, value: active(column) },
    ]);
  }

  const sumOf = (perUser: readonly (readonly UsageDay[])[]): number =>
    perUser.reduce((sum, days) => sum + days.reduce((of, day) => of + promptsOf(day), 0), 0);

  return {
    detail: (span) => licensed.map((user) => detailRow(user, span)),
    summary: ({ lastDay, days, version }) => {
      const perUser = licensed.map((user) => daysOf(user, lastDay, days));
      const prompts = sumOf(perUser);
      const active = perUser.filter((of) => of.some(({ apps }) => apps.size > 0)).length;
      const average = active === 0 ? 0 : Math.round((100 * prompts) / active) / 100;
      const more: readonly Cell[] = [
        { csv: 'Total prompts submitted', json: 'totalPromptsSubmitted', value: prompts },
        { csv: 'Average prompts submitted', json: 'averagePromptsSubmitted', value: average },
      ];
      const isShown = version === 'v2' && options.promptColumns === 'present';
      return [...counts(perUser, version), ...(isShown ? more : [])];
    },
    trend: ({ version }, day) => {
      const perUser = licensed.map((user) => daysOf(user, day, 1));
      const isShown = version === 'v2' && options.promptColumns === 'present';
      const more: Cell = { csv: 'Prompts submitted', json: 'promptsSubmitted', value: sumOf(perUser) };
      return [...counts(perUser, version), ...(isShown ? [more] : [])];
    },
  };
}

function promptsOf({ workPrompts, webPrompts, otherPrompts }: UsageDay): number {
  return workPrompts + webPrompts + otherPrompts;
}
