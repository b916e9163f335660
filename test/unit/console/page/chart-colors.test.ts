import { expect, test } from 'vitest';
import type { ChartSettings } from '../../../../kql/workbook/workbook.ts';
import { type ColorBook, colorPlaces } from '../../../../workspace/console/page/chart/color-places.ts';
import { seriesProperties } from '../../../../workspace/console/page/grid/colors.ts';

const said = (colors: Readonly<Record<string, string>>): ChartSettings => ({
  xAxis: undefined,
  yAxis: [],
  group: undefined,
  xLabel: undefined,
  yLabel: undefined,
  colors,
  labels: {},
  showLegend: true,
});
const book = (): ColorBook => new Map();

test('a name has the same colour in every chart of the page, whatever stands beside it', () => {
  const mine = book();
  const first = colorPlaces(['Confidential', 'General', 'Public'], undefined, mine);
  const second = colorPlaces(['General', 'Public'], undefined, mine);
  expect([second.get('General'), second.get('Public')]).toEqual([first.get('General'), first.get('Public')]);
});

test('a chart that is drawn again looks the same', () => {
  const mine = book();
  colorPlaces(['A', 'B'], undefined, mine);
  colorPlaces(['C', 'D'], undefined, mine);
  const names = ['A', 'B', 'C', 'D', 'E'];
  expect(colorPlaces(names, undefined, mine)).toEqual(colorPlaces(names, undefined, mine));
});

test('two names of one chart never share a colour while there are others', () => {
  const mine = book();
  colorPlaces(['Teams'], undefined, mine);
  colorPlaces(['Word'], undefined, mine);
  const both = colorPlaces(['Teams', 'Word'], undefined, mine);
  expect(new Set(both.values()).size).toBe(2);
});

test('colours that the workbook says, or a severity has, are not given to other names', () => {
  const settings = said({ chat: 'blue', meeting: 'purple', file: 'green' });
  const places = colorPlaces(['High', 'Medium', 'chat', 'file', 'meeting', 'not named'], settings, book());
  expect([...places.keys()]).toEqual(['not named']);
  expect(seriesProperties[places.get('not named') ?? 0]).toBe('--data-ochre');
});

test('the colour of what is left of a pie is its own', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const used = [...colorPlaces(names, undefined, book(), ['--data-gray']).values()].map((at) => seriesProperties[at]);
  expect(new Set(used).size).toBe(7);
  expect(used).not.toContain('--data-gray');
});

test('names beyond the palette come in a second round', () => {
  const names = Array.from({ length: 20 }, (_, at) => `name ${String(at).padStart(2, '0')}`);
  expect([...colorPlaces(names, undefined, book()).values()]).toEqual(names.map((_, at) => at));
});
