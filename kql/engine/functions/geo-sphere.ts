/** Geometry on the sphere that Kusto takes the Earth for. */

/** A place in degrees. */
export interface Place {
  /** -180 to 180. */
  readonly longitude: number;
  /** -90 to 90. */
  readonly latitude: number;
}

/** A direction from the centre of the Earth, of length 1. */
export type Vector = readonly [x: number, y: number, z: number];

/** Metres: the mean radius that Google's S2 uses, and so `geo_distance_2points` (by the engine's answers, exactly). */
export const earthRadius = 6_371_010;

const degree = Math.PI / 180;

/** A place; null where the numbers are out of range. */
export const placeOf = (longitude: number, latitude: number): Place | null =>
  Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? { longitude, latitude } : null;

export function toVector({ longitude, latitude }: Place): Vector {
  const across = Math.cos(latitude * degree);
  return [across * Math.cos(longitude * degree), across * Math.sin(longitude * degree), Math.sin(latitude * degree)];
}

export const toPlace = ([x, y, z]: Vector): Place => ({
  longitude: Math.atan2(y, x) / degree,
  latitude: Math.atan2(z, Math.hypot(x, y)) / degree,
});

const plainCross = ([a, b, c]: Vector, [d, e, f]: Vector): Vector => [b * f - c * e, c * d - a * f, a * e - b * d];
/** The cross product by way of sum and difference: near places would cancel each other out. */
const cross = (a: Vector, b: Vector): Vector => scaled(plainCross(minus(a, b), plus(a, b)), 0.5);
export const dot = ([a, b, c]: Vector, [d, e, f]: Vector): number => a * d + b * e + c * f;
const size = (vector: Vector): number => Math.sqrt(dot(vector, vector));
const scaled = ([x, y, z]: Vector, factor: number): Vector => [x * factor, y * factor, z * factor];
const plus = ([a, b, c]: Vector, [d, e, f]: Vector): Vector => [a + d, b + e, c + f];
/** The first vector less the second. */
export const minus = (first: Vector, second: Vector): Vector => plus(first, scaled(second, -1));
const unit = (vector: Vector): Vector => scaled(vector, 1 / size(vector));

/** The direction to the middle of some places; length 0 where they cancel out. */
export function middleOf(vectors: readonly Vector[]): Vector {
  let sum: Vector = [0, 0, 0];
  for (const vector of vectors) sum = plus(sum, vector);
  return sum;
}

/** The angle between two directions, in radians. */
export const angleBetween = (a: Vector, b: Vector): number => Math.atan2(size(cross(a, b)), dot(a, b));

/** The distance in radians by the haversine formula, which keeps small distances exact. */
export function distanceBetween(from: Place, to: Place): number {
  const latitudes = Math.sin(((to.latitude - from.latitude) * degree) / 2);
  const longitudes = Math.sin(((to.longitude - from.longitude) * degree) / 2);
  const share = latitudes ** 2 + Math.cos(from.latitude * degree) * Math.cos(to.latitude * degree) * longitudes ** 2;
  return 2 * Math.asin(Math.min(1, Math.sqrt(share)));
}

/** The direction in which one sets out for a place: radians from north, clockwise, 0 to 2π. */
export function azimuthFrom(from: Place, to: Place): number {
  const turn = (to.longitude - from.longitude) * degree;
  const start = from.latitude * degree;
  const end = to.latitude * degree;
  const angle = Math.atan2(
    Math.sin(turn) * Math.cos(end),
    Math.cos(start) * Math.sin(end) - Math.sin(start) * Math.cos(end) * Math.cos(turn),
  );
  return angle < 0 ? angle + 2 * Math.PI : angle;
}

/** The place on an edge that is nearest to a point. */
export function nearestOnEdge(point: Vector, from: Vector, to: Vector): Vector {
  const normal = cross(from, to);
  const length = dot(normal, normal);
  if (length > 0) {
    const shadow = plus(point, scaled(normal, -dot(point, normal) / length));
    const isBetween = dot(cross(normal, from), shadow) > 0 && dot(cross(to, normal), shadow) > 0;
    if (isBetween && size(shadow) > 0) return unit(shadow);
  }
  return dot(point, from) >= dot(point, to) ? from : to;
}

/** The place at a share (0 to 1) of an edge. */
export function alongEdge(from: Vector, to: Vector, share: number): Vector {
  const angle = angleBetween(from, to);
  if (angle === 0) return from;
  return unit(plus(scaled(from, Math.sin((1 - share) * angle)), scaled(to, Math.sin(share * angle))));
}

/** The area of a triangle on the sphere of radius 1; negative where its corners run clockwise. */
export const triangleArea = (a: Vector, b: Vector, c: Vector): number =>
  2 * Math.atan2(dot(a, cross(b, c)), 1 + dot(a, b) + dot(b, c) + dot(c, a));

/** How far a ring turns around a point: 2π or -2π where it goes around it, else 0. In radians. */
export function turnsAround(point: Vector, ring: readonly Vector[]): number {
  let turns = 0;
  ring.forEach((from, index) => {
    const to = ring[index + 1];
    if (to === undefined) return;
    const left = cross(point, from);
    const right = cross(point, to);
    turns += Math.atan2(dot(point, cross(left, right)), dot(left, right));
  });
  return turns;
}

/** The middle of an edge, weighted by its length; for short and long edges alike. */
export function edgeCentroid(from: Vector, to: Vector): Vector {
  const sum = plus(from, to);
  const across = size(plus(from, scaled(to, -1)));
  return scaled(sum, across / size(sum));
}

/** The middle of what a ring encloses, weighted by its area; it points away where the ring runs clockwise. */
export const ringCentroid = (ring: readonly Vector[]): Vector =>
  middleOf(
    ring.slice(1).map((to, index) => {
      const from = ring[index] ?? to;
      return scaled(unit(cross(from, to)), angleBetween(from, to) / 2);
    }),
  );

/** The opposite direction. */
export const opposite = (vector: Vector): Vector => scaled(vector, -1);
