/** Every query of every workbook, on a week of a simulated tenant. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queriesOf } from '../../kql/workbook/walk.ts';
import type { Workbook } from '../../kql/workbook/workbook.ts';
import { ruleWorkspace } from '../../workspace/rules/rule-workspace.ts';
import { workspaceEngine } from '../../workspace/workspace.ts';
import type { Scene } from '../e2e/harness.ts';
import { expectedEmpty, sometimesEmpty } from './expected-empty.ts';
import { type Runner, runners } from './runner.ts';
import { shippedWorkbooks } from './shipped.ts';
import { type Reader, type Seen, visit } from './visit.ts';
import { week } from './week.ts';

// Fewer people than by default: every tile is run several times. Their habits are the same.
const USERS = 80;
// The first row of a grid may be a thread that used no plugin; one in six did. Trying ends as soon as every tile had rows.
const ROWS_TRIED = 40;

let made: Scene | undefined;
let run: Runner;
let now: Date;

beforeAll(async () => {
  made = await week({ users: USERS });
  now = new Date();
  // All tables are known, those without rows are empty: as in the console.
  run = runners(workspaceEngine())(ruleWorkspace(join(made.directory, 'rows')).tables, now);
}, 180_000);

afterAll(() => made?.close());

const errorsOf = (seen: readonly Seen[]): readonly string[] =>
  seen.flatMap(({ item, outcome }) => ('error' in outcome ? `${item.name}: ${outcome.error.message}` : []));
const rowsOf = ({ outcome }: Seen): number => ('result' in outcome ? outcome.result.rows.length : 0);
const keyOf = ({ file }: Workbook, name: string): string => `${file}/${name}`;

describe.each(shippedWorkbooks.map((workbook) => [workbook.file, workbook] as const))('%s', (_, workbook) => {
  const look = (reader?: Reader): readonly Seen[] => visit(workbook, run, now, reader);
  /** Tiles without a row that should have one. */
  const empty = (seen: readonly Seen[]): readonly string[] =>
    seen.flatMap((tile) => {
      const key = keyOf(workbook, tile.item.name);
      return rowsOf(tile) === 0 && sometimesEmpty[key] === undefined ? key : [];
    });

  it.each([
    ['opens', {}],
    ['shows all', { choosesAll: true }],
  ] as const)(
    '%s without an error, and every tile that is seen then has a row or a reason',
    (_, reader) => {
      const seen = look(reader);
      expect(errorsOf(seen)).toEqual([]);
      expect(empty(seen).filter((key) => expectedEmpty[key] === undefined)).toEqual([]);
    },
    240_000,
  );

  it('leads from rows to tiles that have rows, too', () => {
    const filled = new Set(look().flatMap((tile) => (rowsOf(tile) > 0 ? tile.item.name : [])));
    const all = queriesOf(workbook).flatMap(({ name, parameter }) => (parameter === undefined ? name : []));
    for (let choosesRow = 0; choosesRow < ROWS_TRIED; choosesRow += 1) {
      const seen = look({ choosesRow });
      expect(errorsOf(seen)).toEqual([]);
      for (const tile of seen) if (rowsOf(tile) > 0) filled.add(tile.item.name);
      if (all.every((name) => filled.has(name) || expectedEmpty[keyOf(workbook, name)] !== undefined)) break;
    }
    const without = all
      .filter((name) => !filled.has(name))
      .map((name) => keyOf(workbook, name))
      .filter((key) => sometimesEmpty[key] === undefined);
    const listed = Object.keys(expectedEmpty).filter((key) => key.startsWith(`${workbook.file}/`));
    // Neither a tile that is dead, nor a reason that has become untrue.
    expect(without.toSorted()).toEqual(listed.toSorted());
  }, 240_000);
});
