/** One campaign inside of a benign day, and which of its rules find it. */
import { benignItems } from '../../../simulator/benign/surroundings.ts';
import type { Campaign, Truth, Variant } from '../../../simulator/campaigns/campaign.ts';
import { campaign } from '../../../simulator/campaigns/campaigns.ts';
import { networks } from '../../../simulator/tenant/networks.ts';
import type { Alert } from '../../../workspace/rules/alert.ts';
import { directory } from './facts.ts';
import { pack, type PackRule, recordIds, run, runTimes } from './pack.ts';
import { auditRows, type EntityBook, listRows, otherRows, type Stored } from './rows.ts';
import { both, store, type Store } from './store.ts';
import { benignTenant, benignWorkspace, FIRST_DAY } from './week.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Wednesday of an ordinary week after two weeks of history. */
const START_MS = (FIRST_DAY + 2 * 7 + 2) * DAY_MS;
// The feed has what happened three days later at the latest.
const TAIL_DAYS = 5;
const EVERY_MS = HOUR_MS;

/** What to run. */
export interface CampaignJob {
  readonly name: string;
  readonly seed: number;
  readonly variant: Variant;
}

/** Whether a rule found it, and how long after the first record had come in (milliseconds). */
export interface Finding {
  readonly rule: string;
  readonly found: boolean;
  readonly alerts: number;
}

/** What became of a campaign. */
export interface CampaignResult {
  readonly job: CampaignJob;
  readonly truth: Truth;
  /** One for each rule of the truth: by catalogue id. */
  readonly findings: readonly Finding[];
  /** Catalogue ids of the truth that no rule of the pack carries. */
  readonly missing: readonly string[];
  readonly failures: readonly string[];
}

interface Base {
  readonly people: ReturnType<typeof benignTenant>;
  readonly rows: readonly Stored[];
  readonly book: EntityBook;
  readonly store: Store;
  readonly rules: readonly PackRule[];
}

let made: Base | undefined;

function base(): Base {
  if (made !== undefined) return made;
  const people = benignTenant();
  const kept = { fromMs: START_MS - 14 * DAY_MS, toMs: START_MS + TAIL_DAYS * DAY_MS };
  const { rows, book } = benignWorkspace(people, kept, EVERY_MS);
  made = { people, rows, book, store: store(rows, []), rules: pack().rules };
  return made;
}

function campaignRows({ people, book }: Base, { records, rows }: Campaign): readonly Stored[] {
  const known: EntityBook = new Map(book);
  return [
    ...auditRows(records, {
      directory: directory(people, FIRST_DAY),
      organizationId: people.id,
      everyMs: EVERY_MS,
      book: known,
      kept: { fromMs: -Infinity, toMs: Infinity },
    }),
    ...otherRows(rows, EVERY_MS),
  ];
}

/** Whether an alert is about the campaign. */
function isAbout(alert: Alert, { recordIds: ids, outage }: Truth): boolean {
  if (outage !== undefined) return alert.time.getTime() >= outage.fromMs;
  const known = new Set(ids);
  return recordIds(alert).some((id) => known.has(id));
}

/** Runs the rules that a campaign is for whenever some of it has come in. */
export function runCampaign(job: CampaignJob): CampaignResult {
  const ground = base();
  const planted = campaign({ tenant: ground.people, startMs: START_MS, ...job });
  const { truth } = planted;
  const own = campaignRows(ground, planted);
  const lists = listRows([...benignItems(ground.people, FIRST_DAY), ...planted.items]);
  const { outage } = truth;
  // What a connector that is down would have delivered is not there.
  const isDelivered = ({ receivedMs }: Stored): boolean =>
    outage === undefined || receivedMs < outage.fromMs || receivedMs >= outage.toMs;
  const first = outage === undefined ? ground.store : store(ground.rows.filter(isDelivered), []);
  const workspace = both(first, store(own, lists));
  const news = outage === undefined ? [...new Set(own.map(({ receivedMs }) => receivedMs))] : [];
  const [fromMs, toMs] =
    outage === undefined ? [START_MS - DAY_MS, START_MS + TAIL_DAYS * DAY_MS] : [outage.fromMs, outage.toMs + HOUR_MS];
  const geo = networks(ground.people.users);
  const failures = new Set<string>();

  const findings = truth.rules.flatMap((id): readonly Finding[] => {
    const rules = ground.rules.filter(({ catalogue }) => catalogue.includes(id));
    if (rules.length === 0) return [];
    let alerts = 0;
    for (const rule of rules) {
      const always = { ...rule, isForAbsence: outage !== undefined };
      for (const atMs of runTimes(always, fromMs, toMs, news)) {
        const outcome = run(rule, atMs, workspace, geo);
        if (outcome.failure !== undefined) failures.add(outcome.failure);
        alerts += outcome.alerts.filter((alert) => isAbout(alert, truth)).length;
        // Found is found; below the threshold all runs must be silent.
        if (alerts > 0 || outcome.failure !== undefined) break;
      }
    }
    return [{ rule: id, found: alerts > 0, alerts }];
  });
  return {
    job,
    truth,
    findings,
    missing: truth.rules.filter((id) => !findings.some(({ rule }) => rule === id)),
    failures: [...failures],
  };
}
