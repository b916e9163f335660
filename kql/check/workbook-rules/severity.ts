import { severityColors } from '../../workbook/severity-colors.ts';
import { steps } from '../../workbook/walk.ts';
import type { ColumnFormat, QueryItem } from '../../workbook/workbook.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

interface Colored {
  readonly value: string;
  readonly color: string;
}

const thresholdsOf = ({ formatter }: ColumnFormat): readonly Colored[] =>
  formatter.kind === 'thresholds' && formatter.show === 'colors'
    ? formatter.thresholds.map(({ value, representation }) => ({ value, color: representation }))
    : [];

function coloredBy({ grid, tiles, chart }: QueryItem): readonly Colored[] {
  const parts = [tiles.title, tiles.subtitle, tiles.left, tiles.right, tiles.secondary].flatMap((part) => part ?? []);
  return [
    ...[...grid.formats, ...parts].flatMap(thresholdsOf),
    ...Object.entries(chart.colors).map(([value, color]) => ({ value, color })),
  ];
}

/** A severity in a colour of its own making. */
export const severity: WorkbookRule = {
  code: 'KQL037',
  title: 'A severity has the same colour everywhere.',
  *remarks({ workbook }) {
    for (const { item } of steps(workbook)) {
      if (item.kind !== 'query') continue;
      for (const { value, color } of coloredBy(item)) {
        const expected = severityColors[value];
        if (expected !== undefined && color !== expected)
          yield { at: item.path, message: `${item.name}: severity ${value} is ${color}: write ${expected}` };
      }
    }
  },
};
