/** What a collector left behind, put so that a test can compare it with what the tenant served. */
import { join } from 'node:path';
import {
  copilotAudit,
  copilotEntities,
  copilotHealth,
  copilotUsage,
  emptyRow,
  rowProblems,
  type Table,
} from '../../collector/schema/index.ts';
import { diskPlace } from '../../collector/state/disk-place.ts';
import { state } from '../../collector/state/state.ts';
import type { Report } from '../../simulator/server/report.ts';
import { formatResult } from '../../workspace/format-result.ts';
import { directoryTables, workspaceEngine } from '../../workspace/workspace.ts';
import { newestLedger, summaryOf, type Ended, type Scene, type Summary } from './harness.ts';

/** A row as the file sink writes it: null columns are left out. */
export type StoredRow = Readonly<Record<string, unknown>>;

export interface Outcome {
  readonly code: number | null;
  readonly summary: Summary;
  readonly report: Report;
  readonly rows: readonly StoredRow[];
  readonly health: readonly StoredRow[];
  readonly entities: readonly StoredRow[];
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
  const entities = await scene.rows('CopilotEntities_CL');
  const usage = await scene.rows('CopilotUsage_CL');
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
    entities,
    ids: rows.map((row) => String(row['RecordId'])).toSorted(),
    rowProblems: [
      ...problemsOf(copilotAudit, rows),
      ...problemsOf(copilotHealth, health),
      ...problemsOf(copilotEntities, entities),
      ...problemsOf(copilotUsage, usage),
    ],
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

/** The functions whose answers enrichment adds to. */
export const enrichedFunctions = [
  'CopilotInteractions',
  'CopilotUsers',
  'CopilotAgents',
  'CopilotResources',
  'CopilotCredits',
  'CopilotTurns',
] as const;

// What failed on the way, and when things were sent or looked up.
const ofTheWay: ReadonlySet<string> = new Set([
  'EnrichmentErrors',
  'IngestedAt',
  'TimeGenerated',
  'CollectedTime',
  'UserObservedTime',
  'ObservedTime',
  '_TimeReceived',
]);

// Enrichment, which knows more when a row is sent again; times of collection; and the first listing of a blob.
const ofTheMoment =
  /^(?:Collected|_|Time(?:Generated|Clamped)|User|SiteOwner|Meeting|TopLabel|Agent(?:Name|Kind|Publisher|PackageType|IsBlocked|Sharing)|File(?:SizeBytes|ModifiedTime)|Credit|IsZeroRated|ZeroRated|Enrichment)|^ContentCreated$/;

/** What copies of a row have in common: all that its record says, without what depends on when it was sent. */
export const ofTheRecord = (row: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !ofTheMoment.test(name)));

/** The answer of a function by key: each cell as JSON by its column. */
type Answer = ReadonlyMap<string, Readonly<Record<string, string>>>;
export type Answers = Readonly<Record<string, Answer>>;

// CopilotResources shows the facts of the row alone. Ids that only records use are those of the last process that named
// the user or agent. Of several kinds that records tell of an agent, any is taken.
const notTold: ReadonlySet<string> = new Set([
  'CopilotResources.UserDepartment',
  'CopilotResources.AgentName',
  'CopilotUsers.Aliases',
  'CopilotAgents.Aliases',
  'CopilotAgents.AgentIds',
  'CopilotAgents.AgentKind',
]);

/** JSON in which the order of arrays of texts does not count: sets come in the order of arrival. */
const toCell = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    Array.isArray(inner) && inner.every((item) => typeof item === 'string') ? inner.toSorted() : inner,
  );

let engine: ReturnType<typeof workspaceEngine> | undefined;

/** Answers of those functions over the rows of a scene, without what tells of the way only. */
export function answersOf(scene: Scene): Answers {
  engine ??= workspaceEngine();
  const kql = engine;
  const tables = directoryTables(join(scene.directory, 'rows'));
  const answer = (name: string): Answer => {
    const result = kql.prepare(`${name}()`).run({ now: new Date(), tables });
    const { columns, rows } = JSON.parse(formatResult(result, 'json')) as {
      readonly columns: readonly { readonly name: string }[];
      readonly rows: readonly (readonly unknown[])[];
    };
    const found = new Map<string, Readonly<Record<string, string>>>();
    for (const row of rows) {
      const cells = columns.map((column, index) => [column.name, toCell(row[index])] as const);
      const values = Object.fromEntries(
        cells.filter(([column]) => !ofTheWay.has(column) && !notTold.has(`${name}.${column}`)),
      );
      const key = [values['RecordId'], values['ResourceIndex'], values['UserKey'], values['AgentKey']].join(' ').trim();
      if (found.has(key)) throw new Error(`${name}: two rows of ${key}`);
      found.set(key, values);
    }
    return found;
  };
  return Object.fromEntries(enrichedFunctions.map((name) => [name, answer(name)]));
}

/** Where answers differ from the expected ones: a line for each function and column, with the first difference and how many. */
export function differences(answers: Answers, expected: Answers): readonly string[] {
  const found = new Map<string, { readonly first: string; readonly count: number }>();
  const note = (where: string, what: string): void => {
    const { first, count } = found.get(where) ?? { first: what, count: 0 };
    found.set(where, { first, count: count + 1 });
  };
  for (const name of enrichedFunctions) {
    const have: Answer = answers[name] ?? new Map();
    const want: Answer = expected[name] ?? new Map();
    for (const key of new Set([...have.keys(), ...want.keys()])) {
      const [one, other] = [have.get(key), want.get(key)];
      if (one === undefined || other === undefined) note(`${name} rows`, `${key} is ${one ? 'too many' : 'missing'}`);
      else
        for (const column of Object.keys(other).filter((each) => one[each] !== other[each]))
          note(`${name}.${column}`, `${one[column]} instead of ${other[column]} for ${key}`);
    }
  }
  return Array.from(found, ([where, { first, count }]) => `${where}: ${first} (${count})`);
}

/** How many look-ups the state of a scene owes. */
export async function owedBy(scene: Scene): Promise<number> {
  const store = state(diskPlace(join(scene.directory, 'state')));
  try {
    return (await store.load()).entities.owedCount;
  } finally {
    await store.close();
  }
}
