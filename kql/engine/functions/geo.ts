/**
 * Functions on places, lines and polygons. Cells of S2 and H3, buffers, unions, intersections, simplification
 * and densification are not supported; the same goes for areas, perimeters and centroids of several polygons.
 */
import type { ScalarFunction, Site } from '../scope.ts';
import type { Value } from '../values/types.ts';
import { binary, type Parameter, real, ternary, unary, variadic } from './define.ts';
import { geohashes } from './geo-geohash.ts';
import { areaOf, centroidOf, isWithin, lengthOf, type Line, lines, polygons, single, toPoint } from './geo-shapes.ts';
import {
  alongEdge,
  angleBetween,
  azimuthFrom,
  distanceBetween,
  earthRadius,
  edgeCentroid,
  middleOf,
  nearestOnEdge,
  type Place,
  placeOf,
  toPlace,
  toVector,
  type Vector,
} from './geo-sphere.ts';

/** A function of pairs of longitude and latitude and then other numbers; null where a place is out of range. */
const ofPlaces = (
  count: number,
  type: 'real' | 'bool',
  body: (places: readonly Place[], rest: readonly number[]) => Value,
): ScalarFunction =>
  variadic(real, type, (numbers) => {
    const places: Place[] = [];
    for (let index = 0; index < count; index += 1) {
      const place = placeOf(numbers[2 * index] ?? Number.NaN, numbers[2 * index + 1] ?? Number.NaN);
      if (place === null) return null;
      places.push(place);
    }
    return body(places, numbers.slice(2 * count));
  });

const isSame = (a: Place, b: Place): boolean => a.longitude === b.longitude && a.latitude === b.latitude;

/** A function of a place and a shape. */
const ofPlaceAndShape = <Shape>(
  shape: Parameter<Shape>,
  type: 'real' | 'bool' | 'dynamic',
  body: (place: Vector, shape: Shape, site: Site) => Value,
): ScalarFunction =>
  ternary(real, real, shape, type, (longitude, latitude, read, site) => {
    const place = placeOf(longitude, latitude);
    return place && body(toVector(place), read, site);
  });

/** The place on lines that is nearest to a point, and how far it is along its line, in radians. */
function nearestOn(point: Vector, all: readonly Line[]): { readonly place: Vector; readonly along: number } {
  let best = { place: point, along: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (const line of all) {
    let passed = 0;
    for (let index = 1; index < line.length; index += 1) {
      const from = line[index - 1] ?? point;
      const to = line[index] ?? point;
      const place = nearestOnEdge(point, from, to);
      const distance = angleBetween(point, place);
      if (distance < least) {
        least = distance;
        best = { place, along: passed + angleBetween(from, place) };
      }
      passed += angleBetween(from, to);
    }
  }
  return best;
}

function interpolated(line: Line, share: number): Value {
  let left = share * lengthOf(line);
  for (let index = 1; index < line.length; index += 1) {
    const from = line[index - 1];
    const to = line[index];
    if (from === undefined || to === undefined) return null;
    const length = angleBetween(from, to);
    if (left <= length || index === line.length - 1)
      return toPoint(toPlace(alongEdge(from, to, length === 0 ? 0 : Math.min(1, left / length))));
    left -= length;
  }
  return null;
}

export const geoFunctions: Readonly<Record<string, ScalarFunction>> = {
  ...geohashes,
  geo_distance_2points: ofPlaces(2, 'real', ([from, to]) =>
    from === undefined || to === undefined ? null : earthRadius * distanceBetween(from, to),
  ),
  geo_point_in_circle: ofPlaces(2, 'bool', ([place, centre], [radius = -1]) =>
    place === undefined || centre === undefined || radius < 0
      ? null
      : earthRadius * distanceBetween(place, centre) <= radius,
  ),
  geo_azimuth: ofPlaces(2, 'real', ([from, to]) =>
    from === undefined || to === undefined || isSame(from, to) ? null : azimuthFrom(from, to),
  ),
  geo_angle: ofPlaces(3, 'real', ([first, corner, last]) => {
    if (first === undefined || corner === undefined || last === undefined) return null;
    if (isSame(first, corner) || isSame(corner, last)) return null;
    const turn = azimuthFrom(corner, last) - azimuthFrom(corner, first);
    return turn < 0 ? turn + 2 * Math.PI : turn;
  }),
  geo_point_in_polygon: ofPlaceAndShape(polygons, 'bool', (place, all, site) =>
    all.some((polygon) => isWithin(place, polygon, site)),
  ),
  geo_distance_point_to_line: ofPlaceAndShape(
    lines,
    'real',
    (place, all) => earthRadius * angleBetween(place, nearestOn(place, all).place),
  ),
  geo_closest_point_on_line: ofPlaceAndShape(lines, 'dynamic', (place, all) =>
    toPoint(toPlace(nearestOn(place, all).place)),
  ),
  geo_line_length: unary(lines, 'real', (all) => earthRadius * all.reduce((sum, line) => sum + lengthOf(line), 0)),
  geo_line_centroid: unary(lines, 'dynamic', (all) =>
    toPoint(
      toPlace(middleOf(all.flatMap((line) => line.slice(1).map((to, index) => edgeCentroid(line[index] ?? to, to))))),
    ),
  ),
  geo_polygon_centroid: unary(polygons, 'dynamic', (all, site) => toPoint(toPlace(centroidOf(single(all, site))))),
  geo_line_interpolate_point: binary(lines, real, 'dynamic', (all, share, site) =>
    share < 0 || share > 1 ? null : interpolated(single(all, site), share),
  ),
  geo_line_locate_point: ternary(lines, real, real, 'real', (all, longitude, latitude, site) => {
    const place = placeOf(longitude, latitude);
    const line = single(all, site);
    return place && nearestOn(toVector(place), [line]).along / lengthOf(line);
  }),
  geo_polygon_area: unary(polygons, 'real', (all, site) => earthRadius ** 2 * areaOf(single(all, site))),
  geo_polygon_perimeter: unary(
    polygons,
    'real',
    (all, site) => earthRadius * single(all, site).reduce((sum, ring) => sum + lengthOf(ring), 0),
  ),
};
