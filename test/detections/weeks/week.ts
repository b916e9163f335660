/** One benign week under the whole pack. */
import { benignRecords } from '../../../simulator/benign/benign.ts';
import { mondayOf } from '../../../simulator/benign/calendar.ts';
import { benignItems, benignRows } from '../../../simulator/benign/surroundings.ts';
import { networks } from '../../../simulator/tenant/networks.ts';
import { tenant, type Tenant } from '../../../simulator/tenant/tenant.ts';
import { incidentBook } from '../../../workspace/rules/incidents.ts';
import { directory } from './facts.ts';
import { pack, recordIds, run, runTimes } from './pack.ts';
import { auditRows, collectorRows, deliveredAt, listRows, otherRows, type Stored } from './rows.ts';
import { store } from './store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HISTORY_DAYS = 14;
/** Monday of week 0. */
export const FIRST_DAY = mondayOf(Date.parse('2026-08-31T00:00:00Z'));
const SEED = 1;
const USERS = 200;

/** The tenant of the benign weeks. */
export const benignTenant = (): Tenant => tenant({ seed: SEED, users: USERS });

/** Which week, and how. */
export interface WeekOptions {
  readonly week: number;
  /** Hours between two deliveries of the collector. */
  readonly batchHours: number;
  /** Every `of`th rule from the `part`th on. */
  readonly part: number;
  readonly of: number;
  /** Files of rules whose names hold this; all by default. */
  readonly only?: string;
}

/** An incident that the week raised. */
export interface Raised {
  readonly week: number;
  readonly rule: string;
  readonly severity: string;
  readonly time: string;
  readonly name: string;
  readonly alertCount: number;
  readonly entities: readonly string[];
  readonly recordIds: readonly string[];
}

/** What a week came to. */
export interface WeekResult {
  readonly week: number;
  readonly rows: number;
  readonly runs: number;
  readonly raised: readonly Raised[];
  readonly failures: readonly string[];
  /** Milliseconds by rule. */
  readonly spent: Readonly<Record<string, number>>;
}

/** The rows of a span of the benign weeks, received in `kept`; entities are known since two weeks before week 0. */
export function benignWorkspace(
  people: Tenant,
  kept: { readonly fromMs: number; readonly toMs: number },
  everyMs: number,
): { readonly rows: readonly Stored[]; readonly book: Parameters<typeof auditRows>[1]['book'] } {
  const book: Parameters<typeof auditRows>[1]['book'] = new Map();
  const span = { tenant: people, seed: SEED, firstDay: FIRST_DAY, toMs: kept.toMs };
  const records = benignRecords({ ...span, fromMs: (FIRST_DAY - HISTORY_DAYS - 7) * DAY_MS });
  const rows = [
    ...auditRows(records, {
      directory: directory(people, FIRST_DAY),
      organizationId: people.id,
      everyMs,
      book,
      kept,
    }),
    ...otherRows(benignRows({ ...span, fromMs: kept.fromMs }), everyMs),
    ...collectorRows(kept, people.id),
  ];
  return { rows, book };
}

/** Runs the pack over a week. */
export function runWeek({ week, batchHours, part, of, only = '' }: WeekOptions): WeekResult {
  const people = benignTenant();
  const everyMs = batchHours * HOUR_MS;
  const fromMs = (FIRST_DAY + 7 * week) * DAY_MS;
  const toMs = fromMs + 7 * DAY_MS;
  const { rows } = benignWorkspace(people, { fromMs: fromMs - HISTORY_DAYS * DAY_MS, toMs }, everyMs);
  const workspace = store(rows, listRows(benignItems(people, FIRST_DAY)));
  const geo = networks(people.users);
  const news: number[] = [];
  for (let ms = deliveredAt(fromMs, everyMs); ms < toMs; ms += everyMs) news.push(ms);
  const { rules, failures } = pack();
  const mine = rules.filter(({ prepared }, nth) => nth % of === part && prepared.rule.file.includes(only));
  const raised: Raised[] = [];
  const problems = new Set(part === 0 ? failures : []);
  const spent: Record<string, number> = {};
  let runs = 0;
  for (const rule of mine) {
    const { rule: definition } = rule.prepared;
    const book = incidentBook();
    const started = performance.now();
    for (const atMs of runTimes(rule, fromMs, toMs, news)) {
      const { alerts, failure } = run(rule, atMs, workspace, geo);
      runs += 1;
      if (failure !== undefined) {
        problems.add(failure);
        break;
      }
      for (const alert of alerts) book.add(definition, alert);
    }
    spent[definition.file] = performance.now() - started;
    for (const { alerts, severity, title, createdTime } of book.all()) {
      raised.push({
        week,
        rule: definition.file,
        severity,
        time: createdTime.toISOString(),
        name: title,
        alertCount: alerts.length,
        entities: [
          ...new Set(
            alerts.flatMap(({ entities }) =>
              entities.map(({ type, identifiers }) => `${type} ${Object.values(identifiers).join(' ')}`),
            ),
          ),
        ],
        recordIds: [...new Set(alerts.flatMap(recordIds))],
      });
    }
  }
  return { week, rows: rows.length, runs, raised, failures: [...problems], spent };
}
