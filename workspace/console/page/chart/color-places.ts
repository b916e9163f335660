import type { ChartSettings } from '../../../../kql/workbook/workbook.ts';
import { seriesProperties } from '../grid/colors.ts';
import { seriesColor } from './chart-colors.ts';

/** Places in the palette by name, for as long as the page is open: charts of one page agree on what a name looks like. */
export type ColorBook = Map<string, number>;

/** The book of this page. */
export const pageColors: ColorBook = new Map();

// Somebody who asks for everything by record id all day should not fill the memory.
const mostNames = 5000;

// Colours that workbooks name, beside the one of the palette that a reader would take for the same.
const alike: Readonly<Record<string, string>> = {
  '--data-green': '--data-teal',
  '--data-green-dark': '--data-teal',
  '--data-sky': '--data-blue',
  '--data-blue-dark': '--data-blue',
  '--data-gray-blue': '--data-gray',
  '--data-pink': '--data-magenta',
};

const placeOf = (property: string): number =>
  seriesProperties.findIndex((one) => one === (Object.hasOwn(alike, property) ? alike[property] : property));

/** The places whose colours a chart's names have already: severities, and what the workbook says. */
function givenPlaces(keys: readonly string[], settings: ChartSettings | undefined): ReadonlyMap<string, number> {
  // What has no colour of its own would get that of its place: asked for twice, it tells itself.
  const given = new Map<string, number>();
  for (const key of keys) {
    const [first, second] = [seriesColor(key, 0, settings), seriesColor(key, 1, settings)];
    if ('value' in first) given.set(key, -1);
    else if ('property' in second && first.property === second.property) given.set(key, placeOf(first.property));
  }
  return given;
}

/**
 * A place in the palette for each name of a chart: the one that it has in the book where that is free in this chart,
 * else the first free one, in the order of `keys`. From the palette's length on, colours come again.
 */
export function colorPlaces(
  keys: readonly string[],
  settings: ChartSettings | undefined,
  book: ColorBook,
  reserved: readonly string[] = [],
): ReadonlyMap<string, number> {
  const count = seriesProperties.length;
  const given = givenPlaces(keys, settings);
  const taken = new Set([...given.values(), ...reserved.map(placeOf)]);
  const free = keys.filter((key) => !given.has(key));
  const places = new Map<string, number>();
  const take = (key: string, place: number): void => {
    places.set(key, place);
    taken.add(place);
  };
  for (const key of free) {
    const known = book.get(key);
    if (known !== undefined && !taken.has(known)) take(key, known);
  }
  if (book.size > mostNames) book.clear();
  let next = 0;
  for (const key of free) {
    if (places.has(key)) continue;
    // The first round keeps clear of what is taken; later ones have nothing to keep clear of.
    while (taken.has(next)) next += 1;
    take(key, next);
    if (!book.has(key)) book.set(key, next % count);
  }
  return places;
}
