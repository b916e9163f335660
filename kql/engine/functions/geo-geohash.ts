/** Geohashes: cells of the Earth's surface, named by interleaved bits of longitude and latitude. */
import type { ScalarFunction } from '../scope.ts';
import { realElement } from '../series/elements.ts';
import type { Value } from '../values/types.ts';
import { integer, optional, real, ternary, text, unary } from './define.ts';
import { placeOf } from './geo-sphere.ts';
import { toPoint } from './geo-shapes.ts';

const alphabet = '0123456789bcdefghjkmnpqrstuvwxyz';
/** Kusto's longest geohash. */
const longestGeohash = 18;

/** A cell, in degrees. */
interface Cell {
  readonly west: number;
  readonly south: number;
  readonly width: number;
  readonly height: number;
}

/** The geohash of a number of characters around a place. */
function geohashOf(longitude: number, latitude: number, length: number): string {
  let [west, width, south, height] = [-180, 360, -90, 180];
  let hash = '';
  for (let character = 0; character < length; character += 1) {
    let bits = 0;
    for (let bit = 0; bit < 5; bit += 1) {
      const isEast = (character * 5 + bit) % 2 === 0;
      if (isEast) width /= 2;
      else height /= 2;
      const isUpper = isEast ? longitude >= west + width : latitude >= south + height;
      if (isUpper && isEast) west += width;
      else if (isUpper) south += height;
      bits = bits * 2 + Number(isUpper);
    }
    hash += alphabet[bits] ?? '';
  }
  return hash;
}

/** The cell that a geohash names; null where it is none. */
function cellOf(hash: string): Cell | null {
  if (hash === '' || hash.length > longestGeohash) return null;
  let [west, width, south, height] = [-180, 360, -90, 180];
  let isEast = true;
  for (const character of hash.toLowerCase()) {
    const bits = alphabet.indexOf(character);
    if (bits < 0) return null;
    for (let bit = 16; bit >= 1; bit /= 2) {
      const isUpper = (bits & bit) !== 0;
      if (isEast) {
        width /= 2;
        if (isUpper) west += width;
      } else {
        height /= 2;
        if (isUpper) south += height;
      }
      isEast = !isEast;
    }
  }
  return { west, south, width, height };
}

/** Steps east and north to the neighbours, in Kusto's order. */
const neighbourSteps = [
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 1],
  [1, 0],
  [0, 1],
  [-1, 1],
] as const;

function neighboursOf(hash: string): Value {
  const cell = cellOf(hash);
  if (cell === null) return null;
  const { west, south, width, height } = cell;
  return neighbourSteps.flatMap(([east, north]) => {
    const latitude = south + height * (0.5 + north);
    if (Math.abs(latitude) > 90) return [];
    const longitude = west + width * (0.5 + east);
    const turned = ((((longitude + 180) % 360) + 360) % 360) - 180;
    return [geohashOf(turned, latitude, hash.length)];
  });
}

function cellPolygon(hash: string): Value {
  const cell = cellOf(hash);
  if (cell === null) return null;
  const { west, south, width, height } = cell;
  const corners = [
    [west, south],
    [west + width, south],
    [west + width, south + height],
    [west, south + height],
    [west, south],
  ];
  return { type: 'Polygon', coordinates: [corners.map((corner) => corner.map(realElement))] };
}

export const geohashes: Readonly<Record<string, ScalarFunction>> = {
  geo_point_to_geohash: ternary(real, real, optional(integer, 5), 'string', (longitude, latitude, length) =>
    placeOf(longitude, latitude) === null || length < 1 || length > longestGeohash
      ? ''
      : geohashOf(longitude, latitude, length),
  ),
  geo_geohash_to_central_point: unary(text, 'dynamic', (hash) => {
    const cell = cellOf(hash);
    return cell && toPoint({ longitude: cell.west + cell.width / 2, latitude: cell.south + cell.height / 2 });
  }),
  geo_geohash_neighbors: unary(text, 'dynamic', neighboursOf),
  geo_geohash_to_polygon: unary(text, 'dynamic', cellPolygon),
};
