/** Workbooks in a workspace where nothing has come in yet, and where no other product has its tables. */
import { describe, expect, it } from 'vitest';
import type { Result } from '../../kql/engine/engine.ts';
import type { QueryItem } from '../../kql/workbook/workbook.ts';
import { sparseEngine } from '../../workspace/rules/rule-workspace.ts';
import { cellRows } from './cells.ts';
import { runners } from './runner.ts';
import { shippedWorkbooks } from './shipped.ts';
import { visit } from './visit.ts';

const now = new Date('2026-03-04T05:06:07.000Z');
const run = runners(sparseEngine([]))({}, now);

/** Tiles that tell of the shipped rules, which are there before any row. */
const ofShippedRules: ReadonlySet<string> = new Set([
  'collector-health/rule-verdicts',
  'collector-health/missing-things',
]);

/** Numbers that claim something: a tile may say 0, and a series may be all zeros. */
function claims(cell: unknown): boolean {
  if (typeof cell === 'number') return cell !== 0;
  return Array.isArray(cell) && cell.some(claims);
}

/** Whether readers see a column: what a tile does not name and what a grid hides is there to sort by. */
function isShown({ visualization, tiles, grid }: QueryItem, column: string): boolean {
  if (visualization === 'tiles')
    return [tiles.title, tiles.subtitle, tiles.left, tiles.right, tiles.secondary].some(
      (part) => part?.column === column,
    );
  return grid.formats.every((format) => format.column !== column || format.formatter.kind !== 'hidden');
}

const claimsIn = (item: QueryItem, result: Result): readonly string[] =>
  cellRows(result).flatMap((row) =>
    row.flatMap((cell, index) => {
      const { name = '' } = result.columns[index] ?? {};
      return claims(cell) && isShown(item, name) ? `${item.name}: ${name}: ${JSON.stringify(cell)}` : [];
    }),
  );

describe.each(shippedWorkbooks.map((workbook) => [workbook.file, workbook] as const))(
  '%s, with no row',
  (_, workbook) => {
    it.each([
      ['opens', {}],
      ['shows all', { choosesAll: true }],
    ] as const)(
      '%s without an error, and no number claims anything',
      (_, reader) => {
        const seen = visit(workbook, run, now, reader);
        const wrong = seen.flatMap(({ item, outcome }) =>
          'error' in outcome
            ? `${item.name}: ${outcome.error.message}`
            : ofShippedRules.has(`${workbook.file}/${item.name}`)
              ? []
              : claimsIn(item, outcome.result),
        );
        expect(wrong).toEqual([]);
        expect(seen.length).toBeGreaterThan(0);
      },
      120_000,
    );
  },
);
