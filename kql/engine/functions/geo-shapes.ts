/** GeoJSON lines and polygons, as far as they are supported. */
import { UnsupportedError } from '../errors.ts';
import type { Site } from '../scope.ts';
import { element, realElement } from '../series/elements.ts';
import { member } from '../values/json.ts';
import { isArray, type Value } from '../values/types.ts';
import type { Parameter } from './define.ts';
import {
  angleBetween,
  dot,
  middleOf,
  minus,
  opposite,
  type Place,
  placeOf,
  ringCentroid,
  toVector,
  triangleArea,
  turnsAround,
  type Vector,
} from './geo-sphere.ts';

/** A line of at least two places. */
export type Line = readonly Vector[];
/** The outer ring and then the holes, each closed. */
export type Polygon = readonly (readonly Vector[])[];

/** Reads an array of elements; null where it is none, is empty, or one of its elements cannot be read. */
function listOf<T>(value: Value, read: (value: Value) => T | null): readonly T[] | null {
  if (!isArray(value) || value.length === 0) return null;
  const list: T[] = [];
  for (const item of value) {
    const found = read(item);
    if (found === null) return null;
    list.push(found);
  }
  return list;
}

function vectorOf(value: Value): Vector | null {
  const [longitude, latitude] = isArray(value) ? value.map(element) : [];
  const place =
    longitude === null || latitude === null ? null : placeOf(longitude ?? Number.NaN, latitude ?? Number.NaN);
  return place && toVector(place);
}

const isSame = (a: Vector | undefined, b: Vector | undefined): boolean =>
  a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

function lineOf(value: Value): Line | null {
  const line = listOf(value, vectorOf);
  return line !== null && line.length >= 2 && line.some((place) => !isSame(place, line[0])) ? line : null;
}

function ringOf(value: Value): readonly Vector[] | null {
  const ring = listOf(value, vectorOf);
  if (ring === null || ring.length < 4 || !isSame(ring[0], ring.at(-1))) return null;
  return ring.some((place, index) => isSame(place, ring[index + 1])) ? null : ring;
}

/** The lines of a LineString or MultiLineString; null for anything else. */
export function linesOf(shape: Value): readonly Line[] | null {
  const coordinates = member(shape, 'coordinates');
  const type = member(shape, 'type');
  if (type === 'MultiLineString') return listOf(coordinates, lineOf);
  const line = type === 'LineString' ? lineOf(coordinates) : null;
  return line && [line];
}

/** The polygons of a Polygon or MultiPolygon; null for anything else. Rings that cross themselves are not found out. */
export function polygonsOf(shape: Value): readonly Polygon[] | null {
  const coordinates = member(shape, 'coordinates');
  const type = member(shape, 'type');
  const polygonOf = (value: Value): Polygon | null => listOf(value, ringOf);
  if (type === 'MultiPolygon') return listOf(coordinates, polygonOf);
  const polygon = type === 'Polygon' ? polygonOf(coordinates) : null;
  return polygon && [polygon];
}

const parameterOf = <Shape>(read: (shape: Value) => Shape | null): Parameter<Shape> => ({
  reader: ({ at, constant }) => {
    if (constant === undefined) return (row) => read(at(row)) ?? undefined;
    // A shape written in the query is read once, not once per row.
    const shape = read(constant) ?? undefined;
    return () => shape;
  },
});

export const lines = parameterOf(linesOf);
export const polygons = parameterOf(polygonsOf);

/** The only shape of several. @throws UnsupportedError where there are more: they would have to be united first */
export function single<Shape>(shapes: readonly Shape[], site: Site): Shape {
  const [first] = shapes;
  if (first === undefined || shapes.length > 1)
    throw new UnsupportedError(`${site.name} of several shapes`, site.node.position);
  return first;
}

/** The length of a line in radians. */
export const lengthOf = (line: Line): number =>
  line.reduce((sum, place, index) => sum + (index === 0 ? 0 : angleBetween(line[index - 1] ?? place, place)), 0);

/** The area within a ring on the sphere of radius 1. */
function ringArea(ring: readonly Vector[]): number {
  const [first] = ring;
  if (first === undefined) return 0;
  let area = 0;
  for (let index = 1; index + 1 < ring.length; index += 1)
    area += triangleArea(first, ring[index] ?? first, ring[index + 1] ?? first);
  return Math.abs(area);
}

/** The area of a polygon without its holes. */
export const areaOf = ([outer = [], ...holes]: Polygon): number =>
  holes.reduce((area, hole) => area - ringArea(hole), ringArea(outer));

/** Whether a place lies within a ring. @throws UnsupportedError for rings that reach over half of the Earth */
function isWithinRing(place: Vector, ring: readonly Vector[], site: Site): boolean {
  const middle = middleOf(ring);
  if (!ring.every((corner) => dot(corner, middle) > 0))
    throw new UnsupportedError(`${site.name} of a polygon larger than half of the Earth`, site.node.position);
  return dot(place, middle) > 0 && Math.abs(turnsAround(place, ring)) > Math.PI;
}

/** Whether a place lies within a polygon and in none of its holes; edges are the shortest ways between corners. */
export const isWithin = (place: Vector, [outer = [], ...holes]: Polygon, site: Site): boolean =>
  isWithinRing(place, outer, site) && !holes.some((hole) => isWithinRing(place, hole, site));

/** The middle of a polygon's area, as a direction of any length. */
export function centroidOf([outer = [], ...holes]: Polygon): Vector {
  const inward = (ring: readonly Vector[]): Vector => {
    const centroid = ringCentroid(ring);
    return dot(centroid, middleOf(ring)) < 0 ? opposite(centroid) : centroid;
  };
  return holes.reduce((sum, hole) => minus(sum, inward(hole)), inward(outer));
}

/** A GeoJSON point. */
export const toPoint = ({ longitude, latitude }: Place): Value => ({
  type: 'Point',
  coordinates: [realElement(longitude), realElement(latitude)],
});
