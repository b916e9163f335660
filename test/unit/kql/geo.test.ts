import { describe, expect, it } from 'vitest';
import { geoFunctions } from '../../../kql/engine/functions/geo.ts';
import { constant } from '../../../kql/engine/relation.ts';
import type { Site } from '../../../kql/engine/scope.ts';
import { formatJson, parseJson } from '../../../kql/engine/values/json.ts';
import type { Value } from '../../../kql/engine/values/types.ts';

const cellsOf = (value: unknown) =>
  typeof value === 'number'
    ? constant('real', value)
    : constant(typeof value === 'string' ? 'string' : 'dynamic', parseJson(JSON.stringify(value)));

function call(name: string, ...args: readonly unknown[]): unknown {
  const site = { name, node: { position: { line: 1, column: 1, offset: 0 } } } as unknown as Site;
  const result: Value = geoFunctions[name]?.(args.map(cellsOf), site).at(0) ?? null;
  return JSON.parse(formatJson(result));
}

const lineString = (...coordinates: readonly (readonly number[])[]) => ({ type: 'LineString', coordinates });
const polygon = (...coordinates: readonly (readonly (readonly number[])[])[]) => ({ type: 'Polygon', coordinates });

const centralPark = polygon([
  [-73.9495, 40.7969],
  [-73.95807266235352, 40.80068603561921],
  [-73.98201942443848, 40.76825672305777],
  [-73.97317886352539, 40.76455136505513],
  [-73.9495, 40.7969],
]);
const street = lineString([-73.95796, 40.80042], [-73.97317, 40.764486]);
const lasVegas = lineString(
  [-115.115385, 36.229195],
  [-115.136995, 36.200366],
  [-115.140252, 36.19247],
  [-115.143558, 36.188523],
  [-115.144076, 36.181954],
  [-115.154662, 36.174483],
  [-115.166431, 36.176388],
  [-115.183289, 36.175007],
  [-115.192612, 36.176736],
  [-115.202485, 36.173439],
  [-115.225355, 36.174365],
);

// Answers of Microsoft's engine to the examples of its documentation.
describe('numbers', () => {
  it.each([
    ['geo_distance_2points', [-122.407628, 47.578557, -118.275287, 34.019056], 1546754.3519738095],
    ['geo_distance_point_to_line', [-115.199625, 36.210419, lasVegas], 3797.8888725332145],
    ['geo_azimuth', [5, 10, 10, -40], 3.054599397964492],
    ['geo_angle', [0, 10, 0, 5, 3, -10], 2.9449384340688165],
    [
      'geo_line_length',
      [
        lineString(
          [-73.95807266235352, 40.800426144169315],
          [-73.94966125488281, 40.79691751000055],
          [-73.97317886352539, 40.764486356930334],
        ),
      ],
      4922.4801699208065,
    ],
    ['geo_line_locate_point', [street, -73.965, 40.792], 0.2556013510030755],
    ['geo_polygon_area', [centralPark], 3475207.28346606],
    ['geo_polygon_perimeter', [centralPark], 9930.301496049382],
  ])('%s', (name, args, expected) => {
    const found = call(name, ...args) as number;
    expect(Math.abs(found / expected - 1)).toBeLessThan(1e-9);
  });
});

describe('places', () => {
  it.each([
    ['geo_closest_point_on_line', [-115.199625, 36.210419, lasVegas], [-115.192612, 36.176736]],
    ['geo_line_interpolate_point', [street, 0.25], [-73.96176404321828, 40.79143668725723]],
    ['geo_line_centroid', [street], [-73.96556705723094, 40.782453249627416]],
    ['geo_polygon_centroid', [centralPark], [-73.96573568990762, 40.78255053805781]],
    ['geo_geohash_to_central_point', ['sunny'], [42.47314453125, 23.70849609375]],
  ])('%s', (name, args, [longitude = 0, latitude = 0]) => {
    expect(call(name, ...args)).toEqual({
      type: 'Point',
      coordinates: [expect.closeTo(longitude, 9), expect.closeTo(latitude, 9)],
    });
  });
});

describe('truths', () => {
  it.each([
    ['within a circle', 'geo_point_in_circle', [-122.143564, 47.535677, -122.100896, 47.527351, 3500], true],
    ['outside of a circle', 'geo_point_in_circle', [-122.137575, 47.630683, -122.100896, 47.527351, 3500], false],
    ['within a polygon', 'geo_point_in_polygon', [-73.966, 40.782, centralPark], true],
    ['outside of a polygon', 'geo_point_in_polygon', [-73.94, 40.782, centralPark], false],
    ['on the other side of the Earth', 'geo_point_in_polygon', [106.034, -40.782, centralPark], false],
    [
      'in a hole',
      'geo_point_in_polygon',
      [
        5,
        5,
        polygon(
          [
            [0, 0],
            [10, 0],
            [10, 10],
            [0, 10],
            [0, 0],
          ],
          [
            [4, 4],
            [6, 4],
            [6, 6],
            [4, 6],
            [4, 4],
          ],
        ),
      ],
      false,
    ],
    // The shortest way between two places of one latitude bulges towards the pole.
    [
      'north of a parallel, within a geodesic',
      'geo_point_in_polygon',
      [
        0,
        50.5,
        polygon([
          [-40, 40],
          [40, 40],
          [40, 50],
          [-40, 50],
          [-40, 40],
        ]),
      ],
      true,
    ],
  ])('a place %s', (_, name, args, expected) => {
    expect(call(name, ...args)).toBe(expected);
  });
});

describe('geohashes', () => {
  it.each([
    [[-80.195829, 25.802215, 8], 'dhwfz15h'],
    [[-122.303404, 47.570482], 'c23n8'],
    [[200, 1, 8], ''],
  ])('of %j', (args, expected) => {
    expect(call('geo_point_to_geohash', ...args)).toBe(expected);
  });

  it("neighbours come in Kusto's order", () => {
    expect(call('geo_geohash_neighbors', 'sunny')).toEqual([
      'sunnv',
      'sunnt',
      'sunnw',
      'sunnx',
      'sunpp',
      'sunnz',
      'sunpn',
      'sunpj',
    ]);
  });

  it('a cell is a polygon', () => {
    expect(call('geo_geohash_to_polygon', 'dr5ru')).toEqual(
      polygon([
        [-74.00390625, 40.7373046875],
        [-73.9599609375, 40.7373046875],
        [-73.9599609375, 40.78125],
        [-74.00390625, 40.78125],
        [-74.00390625, 40.7373046875],
      ]),
    );
  });
});

describe('what is no place or no shape', () => {
  it.each([
    ['geo_distance_2points', [300, 1, 1, 1]],
    ['geo_point_in_circle', [1, 1, 1, 1, -1]],
    ['geo_azimuth', [5, 10, 5, 10]],
    ['geo_angle', [0, 10, 0, 10, 3, -10]],
    [
      'geo_point_in_polygon',
      [
        200,
        1,
        polygon([
          [0, 0],
          [10, 10],
          [10, 1],
          [0, 0],
        ]),
      ],
    ],
    [
      'geo_point_in_polygon',
      [
        1,
        1,
        polygon([
          [0, 0],
          [10, 10],
          [10, 10],
          [0, 0],
        ]),
      ],
    ],
    ['geo_distance_point_to_line', [1, 1, { type: 'LineString' }]],
    ['geo_line_length', [lineString([1, 1])]],
    [
      'geo_polygon_area',
      [
        polygon([
          [0, 0],
          [10, 10],
          [10, 10],
          [0, 0],
        ]),
      ],
    ],
    ['geo_geohash_neighbors', ['a']],
    ['geo_geohash_to_polygon', ['a']],
  ])('%s of %j is null', (name, args) => {
    expect(call(name, ...args)).toBeNull();
  });

  it('the area of several polygons is refused, as they may overlap', () => {
    const several = { type: 'MultiPolygon', coordinates: [centralPark.coordinates, centralPark.coordinates] };
    expect(() => call('geo_polygon_area', several)).toThrow(/not supported/);
  });
});
