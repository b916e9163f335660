import { ownValue } from './own-value.ts';

/**
 * Colours that workbooks name, as custom properties of style/grid.css: each has a value for light and one for dark,
 * and severities look the same everywhere.
 */
const named: Readonly<Record<string, string>> = {
  red: '--data-red',
  redBright: '--data-red',
  redDark: '--data-red',
  orange: '--data-orange',
  yellow: '--data-yellow',
  yellowDark: '--data-yellow',
  green: '--data-green',
  greenDark: '--data-green-dark',
  lightgreen: '--data-green',
  blue: '--data-blue',
  blueDark: '--data-blue-dark',
  lightBlue: '--data-sky',
  turquoise: '--data-teal',
  purple: '--data-violet',
  pink: '--data-pink',
  magenta: '--data-magenta',
  brown: '--data-ochre',
  gray: '--data-gray',
  grayBlue: '--data-gray-blue',
  black: '--data-gray',
};

const severities: Readonly<Record<string, string>> = {
  High: '--data-red',
  Medium: '--data-orange',
  Low: '--data-yellow',
  Informational: '--data-gray',
};

/** Custom properties of the series of a chart, in order; eight that readers with colour-blindness can tell apart. */
export const seriesProperties = [
  '--data-blue',
  '--data-orange',
  '--data-teal',
  '--data-violet',
  '--data-ochre',
  '--data-magenta',
  '--data-olive',
  '--data-gray',
] as const;

/** The custom property of a colour by the name that a workbook gives it; undefined where the name is not known. */
export function colorProperty(name: string): string | undefined {
  return ownValue(named, name);
}

/** The custom property of a severity; undefined where the text is none. */
export function severityProperty(name: string): string | undefined {
  return ownValue(severities, name);
}

/** How a palette colours a column, from few to many: one property, or two ends. */
export function paletteProperty(palette: string): string {
  const known = colorProperty(palette);
  if (known !== undefined) return known;
  if (/red/iu.test(palette)) return '--data-red';
  if (/green/iu.test(palette)) return '--data-green';
  if (/orange|hot/iu.test(palette)) return '--data-orange';
  if (/yellow/iu.test(palette)) return '--data-yellow';
  if (/purple|violet/iu.test(palette)) return '--data-violet';
  return '--data-blue';
}
