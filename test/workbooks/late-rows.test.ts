/** An absolute range in the past, whose events came in five days late: nothing of it may be missing. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleWorkspace } from '../../workspace/rules/rule-workspace.ts';
import { directoryTables, workspaceEngine } from '../../workspace/workspace.ts';
import type { Scene } from '../e2e/harness.ts';
import { cellRows } from './cells.ts';
import { type Runner, runners } from './runner.ts';
import { shippedWorkbooks } from './shipped.ts';
import { writeShifted } from './shifted-rows.ts';
import { type Seen, visit } from './visit.ts';
import { week } from './week.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Tiles that tell when rows came in: of late rows they must say something else. */
const aboutArrival: readonly string[] = [
  'collector-health/latency-by-type',
  'collector-health/latency-distribution',
  'collector-health/latency-figures',
  'collector-health/latency-over-time',
  'collector-health/latency-stages',
];

let made: Scene | undefined;
let span: { readonly from: Date; readonly to: Date };
let now: Date;
let runs: { readonly soon: Runner; readonly late: Runner };
let moved = 0;

beforeAll(async () => {
  made = await week({ users: 30 });
  now = new Date();
  span = { from: new Date(now.getTime() - 6.5 * DAY_MS), to: new Date(now.getTime() - 5.5 * DAY_MS) };
  const rows = join(made.directory, 'rows');
  const { tables } = ruleWorkspace(rows);
  const toRunner = runners(workspaceEngine());
  const shifted = async (name: string, delayMs: number): Promise<Runner> => {
    const to = join(rows, '..', name);
    moved = await writeShifted(rows, to, { start: span.from, end: span.to, delayMs });
    return toRunner({ ...tables, ...directoryTables(to) }, now);
  };
  runs = { soon: await shifted('soon', 20 * MINUTE_MS), late: await shifted('late', 5 * DAY_MS) };
}, 180_000);

afterAll(() => made?.close());

const answer = ({ outcome }: Seen): unknown =>
  'error' in outcome
    ? outcome.error.message
    : cellRows(outcome.result)
        .map((row) => JSON.stringify(row))
        .toSorted();

it('has events to look for', () => expect(moved).toBeGreaterThan(20));

describe.each(shippedWorkbooks.map((workbook) => [workbook.file, workbook] as const))('%s', (file, workbook) => {
  it('says the same of a day whose events came in five days late', () => {
    const [soon, late] = [runs.soon, runs.late].map((run) => visit(workbook, run, now, { span, choosesRow: 0 }));
    const answers = new Map(soon?.map((tile) => [tile.item.name, answer(tile)]));
    const different = (late ?? []).filter((tile) => !isDeepStrictEqual(answer(tile), answers.get(tile.item.name)));
    const names = different.map(({ item }) => `${file}/${item.name}`);
    // Neither a tile that cuts late rows, nor one that is listed and says the same.
    expect(names.toSorted()).toEqual(aboutArrival.filter((name) => name.startsWith(`${file}/`)).toSorted());
    expect(late?.map(({ item }) => item.name)).toEqual(soon?.map(({ item }) => item.name));
    expect(soon?.some(({ outcome }) => 'result' in outcome && outcome.result.rows.length > 0)).toBe(true);
  }, 240_000);
});
