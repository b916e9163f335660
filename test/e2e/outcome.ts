/** What a collector left behind, put so that a test can compare it with what the tenant served. */
import { copilotAudit, copilotHealth, emptyRow, rowProblems, type Table } from '../../collector/schema/index.ts';
import type { Report } from '../../simulator/server/report.ts';
import { newestLedger, summaryOf, type Ended, type Scene, type Summary } from './harness.ts';

/** A row as the file sink writes it: null columns are left out. */
export type StoredRow = Readonly<Record<string, unknown>>;

export interface Outcome {
  readonly code: number | null;
  readonly summary: Summary;
  readonly report: Report;
  readonly rows: readonly StoredRow[];
  readonly health: readonly StoredRow[];
  /** RecordIds of the rows, sorted; one that was stored twice stands here twice. */
  readonly ids: readonly string[];
  /** What is wrong with any row of any table. */
  readonly rowProblems: readonly string[];
  /** Sums over the newest ledger row of every hour. */
  readonly ledger: Readonly<Record<string, number>>;
}

const anyCanary = /canary [a-z]+ \d{4}/;
const anyToken = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;

/** Names of secrets and marked texts in what the collector wrote: rows, state, standard output and standard error. */
export async function leaks(scene: Scene, said: readonly string[]): Promise<readonly string[]> {
  const texts = new Map([
    ['disk', await scene.leftOnDisk()],
    ['output', said.join('\n')],
  ]);
  const found: string[] = [];
  for (const [place, text] of texts) {
    const canary = anyCanary.exec(text)?.[0];
    if (canary !== undefined) found.push(`${place}: ${canary}`);
    if (anyToken.test(text)) found.push(`${place}: a bearer token`);
    if (text.includes(scene.tenant.clientSecret)) found.push(`${place}: the client secret`);
    if (text.includes(scene.tenant.managedIdentityEnv['IDENTITY_HEADER'] ?? ''))
      found.push(`${place}: IDENTITY_HEADER`);
    // The log names ids, never people; the rows do, by their columns.
    if (place === 'output' && /[\w.+-]+@[\w-]+\.\w/.test(text)) found.push(`${place}: an address`);
    if (text.includes('PRIVATE KEY')) found.push(`${place}: a private key`);
  }
  return found;
}

/** Row-check problems of rows as the file sink stores them. */
export function problemsOf(table: Table, rows: readonly StoredRow[]): readonly string[] {
  return rows.flatMap(({ _TimeReceived: received, ...row }) => [
    ...rowProblems(table, { ...emptyRow(table), ...row }),
    ...(typeof received === 'string' && !Number.isNaN(Date.parse(received)) ? [] : ['_TimeReceived is no time']),
    ...(typeof row['TimeGenerated'] === 'string' ? [] : ['TimeGenerated is missing']),
  ]);
}

/** Everything about the scene after `ended`; throws when a ledger row does not balance. */
export async function outcomeOf(scene: Scene, ended: Ended, asOfMs?: number): Promise<Outcome> {
  const rows = await scene.rows('CopilotAudit_CL');
  const health = await scene.rows('CopilotHealth_CL');
  const ledger: Record<string, number> = {};
  for (const row of newestLedger(health).values()) {
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === 'number') ledger[name] = (ledger[name] ?? 0) + value;
    }
  }
  return {
    code: ended.code,
    summary: summaryOf(ended),
    report: scene.tenant.report(asOfMs),
    rows,
    health,
    ids: rows.map((row) => String(row['RecordId'])).toSorted(),
    rowProblems: [...problemsOf(copilotAudit, rows), ...problemsOf(copilotHealth, health)],
    ledger,
  };
}

/** The ledger's sums under the names of the summary. */
export const ledgerSummary = ({ ledger, health }: Outcome): Summary => ({
  seen: ledger['Seen'] ?? 0,
  foreign: ledger['Foreign'] ?? 0,
  selected: ledger['Selected'] ?? 0,
  unparsable: ledger['Unparsable'] ?? 0,
  duplicate: ledger['Duplicate'] ?? 0,
  deadLettered: ledger['DeadLettered'] ?? 0,
  accepted: ledger['Accepted'] ?? 0,
  gaps: health.filter((row) => row['HealthKind'] === 'gap').length,
});

/** Sums of two summaries: what the ledger must say after two passes. */
export function plus(one: Summary, other: Summary): Summary {
  return Object.fromEntries(
    Object.entries(one).map(([name, value]) => [name, value + other[name as keyof Summary]]),
  ) as Summary;
}

/** ItemIds of the health rows of a kind, sorted. */
export const itemsOf = (health: readonly StoredRow[], kind: string): readonly string[] =>
  health
    .filter((row) => row['HealthKind'] === kind)
    .map((row) => String(row['ItemId']))
    .toSorted();
