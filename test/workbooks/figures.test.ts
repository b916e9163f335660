/** One thing has one number, wherever a workbook tells it; and a range that has ended does not change any more. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleWorkspace } from '../../workspace/rules/rule-workspace.ts';
import { directoryTables, workspaceEngine } from '../../workspace/workspace.ts';
import type { Scene } from '../e2e/harness.ts';
import { cellRows } from './cells.ts';
import { type Runner, runners } from './runner.ts';
import { shippedWorkbooks } from './shipped.ts';
import { type Seen, visit } from './visit.ts';
import { week } from './week.ts';

const DAY_MS = 86_400_000;

/** Tiles that tell of today whatever the range: their texts say so. */
const ofToday: ReadonlySet<string> = new Set([
  'adoption/report-tiles',
  'adoption/report-trend',
  'adoption/report-products',
  'adoption/report-people',
  'agents-and-cost/licence-tiles',
  'agents-and-cost/licence-by-department',
  'agents-and-cost/licence-by-basis',
  'agents-and-cost/licence-idle',
  'agents-and-cost/licence-wanting',
  'collector-health/rule-verdicts',
  'collector-health/missing-things',
  'collector-health/rule-coverage',
]);

let made: Scene | undefined;
let now: Date;
let span: { readonly from: Date; readonly to: Date };
let whole: Runner;
let ended: Runner;

/** The audit rows whose events lie before a time. */
function writeBefore(from: string, to: string, end: Date): void {
  for (const path of globSync('CopilotAudit_CL/*.ndjson', { cwd: from })) {
    const lines = readFileSync(join(from, path), 'utf8').split('\n').filter(Boolean);
    const kept = lines.filter((line) => Date.parse((JSON.parse(line) as { EventTime: string }).EventTime) < +end);
    mkdirSync(join(to, dirname(path)), { recursive: true });
    writeFileSync(join(to, dirname(path), basename(path)), kept.map((line) => `${line}\n`).join(''));
  }
}

beforeAll(async () => {
  made = await week({ users: 30 });
  now = new Date();
  span = { from: new Date(+now - 5.2 * DAY_MS), to: new Date(+now - 2.7 * DAY_MS) };
  const rows = join(made.directory, 'rows');
  const { tables } = ruleWorkspace(rows);
  const toRunner = runners(workspaceEngine());
  const past = join(made.directory, 'past');
  writeBefore(rows, past, span.to);
  whole = toRunner(tables, now);
  ended = toRunner({ ...tables, ...directoryTables(past) }, now);
}, 180_000);

afterAll(() => made?.close());

const rowsOf = ({ outcome }: Seen): readonly Readonly<Record<string, unknown>>[] => {
  if ('error' in outcome) throw outcome.error;
  const { columns } = outcome.result;
  return cellRows(outcome.result).map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])),
  );
};

describe('on one data set', () => {
  const seen = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  beforeAll(() => {
    for (const workbook of shippedWorkbooks)
      for (const tile of visit(workbook, whole, now)) seen.set(`${workbook.file}/${tile.item.name}`, rowsOf(tile));
  }, 180_000);
  const rows = (tile: string): readonly Readonly<Record<string, unknown>>[] => {
    const found = seen.get(tile);
    if (found === undefined) throw new Error(`no tile ${tile}`);
    return found;
  };
  const figure = (tile: string, name: string): number => Number(rows(tile).find(({ Name }) => Name === name)?.Value);
  const sum = (tile: string, column: string): number =>
    rows(tile).reduce((total, row) => total + Number(row[column] ?? 0), 0);

  it('turns are as many by application, department and type', () => {
    const turns = figure('soc-overview/kpis', 'Turns');
    expect(turns).toBeGreaterThan(500);
    expect(sum('soc-overview/turns-by-application', 'Turns')).toBe(turns);
    expect(sum('soc-overview/turns-by-department', 'Turns')).toBe(turns);
    const adopted = figure('adoption/overview-tiles', 'Turns');
    for (const tile of ['overview-types', 'overview-type-people', 'overview-hours', 'apps-turns', 'apps-grid'])
      expect([tile, sum(`adoption/${tile}`, 'Turns')]).toEqual([tile, adopted]);
    // AI applications of others are no adoption of Copilot.
    expect(adopted).toBeLessThan(turns);
  });

  it('people are as many in every workbook, however records spell their names', () => {
    const people = figure('adoption/overview-tiles', 'Active people');
    expect(people).toBeGreaterThan(20);
    expect(people).toBe(figure('soc-overview/kpis', 'People'));
    expect(people).toBe(rows('adoption/people-grid').length);
    expect(people).toBe(rows('soc-overview/people').length);
    const active = rows('agents-and-cost/licence-by-basis').filter(
      ({ Basis }) => Basis === 'both' || Basis === 'audit',
    );
    expect(active.reduce((total, row) => total + Number(row.People), 0)).toBe(people);
  });

  it('an agent has as many people in the inventory as in the overview', () => {
    const overview = new Map(
      rows('soc-overview/agents').map(({ AgentKey, People }) => [String(AgentKey).toLowerCase(), People]),
    );
    const used = rows('agents-and-cost/inventory-agents').filter(({ People }) => Number(People) > 0);
    expect(used.length).toBeGreaterThan(5);
    for (const { AgentKey, People } of used)
      expect([AgentKey, overview.get(String(AgentKey).toLowerCase())]).toEqual([AgentKey, People]);
  });

  it('labelled reads, sensitive turns and policy outcomes are as many', () => {
    const reads = figure('data-exposure/kpis', 'Labelled reads');
    expect(reads).toBeGreaterThan(20);
    for (const tile of ['labelled-reads', 'labels', 'labels-by-department', 'labels-by-application'])
      expect([tile, sum(`data-exposure/${tile}`, 'Reads')]).toEqual([tile, reads]);
    expect(sum('soc-overview/labels-over-time', 'Reads')).toBe(reads);
    expect(figure('soc-overview/kpis', 'Sensitive turns')).toBe(figure('data-exposure/kpis', 'Sensitive turns'));
    for (const [name, column] of [
      ['Blocked reads', 'Blocked'],
      ['Audited reads', 'Audited'],
      ['Failed reads', 'Failed'],
    ] as const) {
      expect(figure('data-exposure/kpis', name)).toBeGreaterThan(0);
      expect(sum('data-exposure/policy-people', column)).toBe(figure('data-exposure/kpis', name));
    }
  });

  it('credits are as many by agent, day, department and part', () => {
    const [gross, atMost] = ['Gross', 'Billed at most'].map((name) => figure('agents-and-cost/credit-tiles', name));
    expect(gross).toBeGreaterThan(100);
    expect(sum('agents-and-cost/credits-by-agent', 'Gross')).toBeCloseTo(gross ?? 0);
    expect(sum('agents-and-cost/credits-by-reason', 'Credits')).toBeCloseTo(gross ?? 0);
    for (const tile of ['credits-by-day', 'credits-by-department'])
      expect(sum(`agents-and-cost/${tile}`, 'Credits')).toBeCloseTo(atMost ?? 0);
    expect(sum('agents-and-cost/credits-by-agent', 'AtMost')).toBeCloseTo(atMost ?? 0);
    expect(sum('agents-and-cost/credits-by-person', 'AtMost')).toBeCloseTo(atMost ?? 0);
  });

  it('prompts to Security Copilot are as many by time, experience, region and person', () => {
    const prompts =
      figure('security-copilot/audit-figures', 'Prompts by people') +
      figure('security-copilot/audit-figures', 'Prompts by agents');
    expect(prompts).toBeGreaterThan(10);
    for (const tile of [
      'prompts-over-time',
      'prompts-per-experience',
      'prompts-by-region',
      'top-users',
      'use-by-actor',
    ])
      expect([tile, sum(`security-copilot/${tile}`, 'Prompts')]).toEqual([tile, prompts]);
  });
});

describe.each(shippedWorkbooks.map((workbook) => [workbook.file, workbook] as const))('%s', (file, workbook) => {
  it('says of a range that has ended what it said at its end', () => {
    const answers = ([whole, ended] as const).map(
      (run) =>
        new Map(visit(workbook, run, now, { span, choosesRow: 0 }).map((tile) => [tile.item.name, rowsOf(tile)])),
    );
    const [later, then] = answers;
    const sorted = (rows: readonly unknown[] | undefined): unknown =>
      rows?.map((row) => JSON.stringify(row)).toSorted();
    const different = [...(later ?? [])]
      .filter(([name, rows]) => !isDeepStrictEqual(sorted(rows), sorted(then?.get(name))))
      .map(([name]) => `${file}/${name}`);
    expect(different.filter((name) => !ofToday.has(name))).toEqual([]);
  }, 240_000);
});
