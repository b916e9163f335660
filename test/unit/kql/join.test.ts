import { describe, expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { answer, answered, type Case } from './plugins-answer.ts';

const X = `let X = datatable(Key:string, Value1:long)['a',1, 'b',2, 'b',3, 'c',4];
let Y = datatable(Key:string, Value2:long)['b',10, 'c',20, 'c',30, 'd',40];\n`;
const both = 'Key:string Value1:long Key1:string Value2:long';
const left = 'Key:string Value1:long';
const right = 'Key:string Value2:long';

describe('join', () => {
  const cases: readonly Case[] = [
    [
      'bare join is innerunique',
      'join Y on Key',
      both,
      [
        ['b', 2, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
      ],
    ],
    [
      'inner',
      'join kind=inner Y on Key',
      both,
      [
        ['b', 2, 'b', 10],
        ['b', 3, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
      ],
    ],
    [
      'leftouter',
      'join kind=leftouter Y on Key',
      both,
      [
        ['a', 1, '', null],
        ['b', 2, 'b', 10],
        ['b', 3, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
      ],
    ],
    [
      'rightouter',
      'join kind=rightouter Y on Key',
      both,
      [
        ['b', 2, 'b', 10],
        ['b', 3, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
        ['', null, 'd', 40],
      ],
    ],
    [
      'fullouter',
      'join kind=fullouter Y on Key',
      both,
      [
        ['a', 1, '', null],
        ['b', 2, 'b', 10],
        ['b', 3, 'b', 10],
        ['c', 4, 'c', 20],
        ['c', 4, 'c', 30],
        ['', null, 'd', 40],
      ],
    ],
    [
      'leftsemi',
      'join kind=leftsemi Y on Key',
      left,
      [
        ['b', 2],
        ['b', 3],
        ['c', 4],
      ],
    ],
    ['leftanti', 'join kind=leftanti Y on Key', left, [['a', 1]]],
    ['anti is leftanti', 'join kind=anti Y on Key', left, [['a', 1]]],
    [
      'rightsemi',
      'join kind=rightsemi Y on Key',
      right,
      [
        ['b', 10],
        ['c', 20],
        ['c', 30],
      ],
    ],
    ['rightanti', 'join kind=rightanti Y on Key', right, [['d', 40]]],
    [
      'other names with $left and $right',
      'join kind=inner (Y | project K=Key) on $left.Key == $right.K | project Value1',
      'Value1:long',
      [[2], [3], [4], [4]],
    ],
    ['conditions with and', 'join kind=inner Y on $left.Key == $right.Key and $left.Value1 == $right.Value2', both, []],
    [
      'several keys',
      'join kind=inner (X | where Value1 > 1) on Key, Value1',
      'Key:string Value1:long Key1:string Value11:long',
      [
        ['b', 2, 'b', 2],
        ['b', 3, 'b', 3],
        ['c', 4, 'c', 4],
      ],
    ],
    [
      'lookup leaves out the keys',
      'lookup kind=inner Y on Key',
      'Key:string Value1:long Value2:long',
      [
        ['b', 2, 10],
        ['b', 3, 10],
        ['c', 4, 20],
        ['c', 4, 30],
      ],
    ],
    [
      'lookup is leftouter',
      'lookup Y on $left.Key == $right.Key',
      'Key:string Value1:long Value2:long',
      [
        ['a', 1, null],
        ['b', 2, 10],
        ['b', 3, 10],
        ['c', 4, 20],
        ['c', 4, 30],
      ],
    ],
  ];
  test.for(cases)('%s', (expected) => {
    const [what, query, columns, rows] = expected;
    expect(answered([what, `${X}X | ${query}`, columns, rows])).toEqual([what, `${X}X | ${query}`, columns, rows]);
  });

  test('null matches null, for every type of key', () => {
    for (const type of ['long', 'datetime', 'guid', 'decimal', 'bool'])
      expect(answer(`let T = print k = ${type}(null); T | join kind=inner T on k | count`).rows, type).toEqual([[1]]);
  });

  test('int and long keys match by value', () => {
    const query = 'print k = int(2) | join kind=inner (print k = 2) on $left.k == $right.k | count';
    expect(answer(query).rows).toEqual([[1]]);
  });

  const twins = `let t1 = datatable(key:long, value:string)[1,"val1.1", 1,"val1.2"];
    let t2 = datatable(key:long, value:string)[1,"val1.3", 1,"val1.4"]; t1 | join kind=innerunique t2 on key`;
  test('innerunique takes the first row of each key', () => {
    expect(answer(twins).rows).toEqual([
      [1, 'val1.1', 1, 'val1.3'],
      [1, 'val1.1', 1, 'val1.4'],
    ]);
  });

  test('a filter on the left side that follows innerunique comes before the choice of rows', () => {
    expect(answer(`${twins} | where value == "val1.2"`).rows).toEqual([
      [1, 'val1.2', 1, 'val1.3'],
      [1, 'val1.2', 1, 'val1.4'],
    ]);
    expect(answer(`${twins} | where value1 == "val1.4"`).rows).toEqual([[1, 'val1.1', 1, 'val1.4']]);
  });

  test('the order of rows is lost', () => {
    expect(() => answer(`${X}X | sort by Key | join kind=inner Y on Key | extend n = row_number()`)).toThrow(
      'row_number',
    );
  });

  test('many rows with one key count against the budget', () => {
    const query = 'let T = range x from 1 to 1000 step 1 | extend k = 1; T | join kind=inner T on k | count';
    expect(() => answer(query, { rows: 100_000 })).toThrow('budget');
  });
});

test.for(['join', 'lookup'])('%s by a dynamic column of both sides is refused', (operator) => {
  const side = 'datatable(k:dynamic)[dynamic(1)]';
  const run = (): unknown =>
    engine({})
      .prepare(`${side} | ${operator} (${side}) on k`)
      .run({ now: new Date('2026-11-20T00:00:00Z') });
  expect(run).toThrow(/KS241: join on k: .*use an explicit cast/);
});
