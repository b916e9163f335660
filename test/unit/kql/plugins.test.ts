import { describe, expect, test } from 'vitest';
import { answer, answered, type Case } from './plugins-answer.ts';

const people = `datatable(Name:string, d:dynamic)[
  'James', dynamic({"Name":"John", "Age":20}), 'David', dynamic({"Age":40}), 'Emily', dynamic({"Name":"Jasmine", "Age":30})]`;

describe('bag_unpack', () => {
  const one = (bag: string): string => `print d = dynamic(${bag})`;
  const cases: readonly Case[] = [
    ['columns in order of names', `${one('{"b":"x","a":1}')} | evaluate bag_unpack(d)`, 'a:long b:string', [[1, 'x']]],
    [
      'other columns stay first',
      `${one('{"a":true}')} | extend z = 1 | evaluate bag_unpack(d)`,
      'z:long a:bool',
      [[1, true]],
    ],
    [
      'missing keys are null',
      'datatable(d:dynamic)[dynamic({"a":1}), dynamic({"b":2}), dynamic(null)] | evaluate bag_unpack(d)',
      'a:long b:long',
      [
        [1, null],
        [null, 2],
        [null, null],
      ],
    ],
    [
      'long and real are real, other mixtures dynamic',
      'datatable(d:dynamic)[dynamic({"a":1,"b":1}), dynamic({"a":1.5,"b":"x"})] | evaluate bag_unpack(d)',
      'a:real b:dynamic',
      [
        [1, 1],
        [1.5, 'x'],
      ],
    ],
    ['a prefix', `${one('{"a":1}')} | evaluate bag_unpack(d, 'p_')`, 'p_a:long', [[1]]],
    [
      'replace_source',
      `${people} | evaluate bag_unpack(d, columnsConflict='replace_source')`,
      'Name:string Age:long',
      [
        ['John', 20],
        ['', 40],
        ['Jasmine', 30],
      ],
    ],
    [
      'keep_source',
      `${people} | evaluate bag_unpack(d, columnsConflict='keep_source')`,
      'Name:string Age:long',
      [
        ['James', 20],
        ['David', 40],
        ['Emily', 30],
      ],
    ],
    [
      'ignored properties',
      `${one('{"a":1,"b":2}')} | evaluate bag_unpack(d, ignoredProperties=dynamic(['b']))`,
      'a:long',
      [[1]],
    ],
    [
      'a declared schema',
      `${one('{"a":1,"b":2}')} | extend z = 1 | evaluate bag_unpack(d) : (*, b:string, c:long)`,
      'z:long b:string c:long',
      [[1, '2', null]],
    ],
  ];
  test.for(cases)('%s', (expected) => {
    expect(answered(expected)).toEqual(expected);
  });

  test('a key that is a column too is an error', () => {
    expect(() => answer(`${people} | evaluate bag_unpack(d)`)).toThrow(/column Name too/);
  });
});

const networks = 'datatable(network:string, place:string)["192.0.2.0/24","lab", "192.0.2.128/25","upper"]';
const cases: readonly Case[] = [
  [
    'pivot counts',
    'datatable(k:string, c:string)["a","x", "a","y", "a","x", "b","y"] | evaluate pivot(c)',
    'k:string x:long y:long',
    [
      ['a', 2, 1],
      ['b', 0, 1],
    ],
  ],
  [
    'pivot with an aggregate',
    'datatable(k:string, c:string, v:long)["a","x",1, "a","x",2, "b","y",5] | evaluate pivot(c, sum(v))',
    'k:string x:long y:long',
    [
      ['a', 3, 0],
      ['b', 0, 5],
    ],
  ],
  [
    'pivot with keys',
    'datatable(k:string, j:long, c:string)["a",1,"x", "a",2,"y"] | evaluate pivot(c, count(), k)',
    'k:string x:long y:long',
    [['a', 1, 1]],
  ],
  [
    'narrow',
    'datatable(a:long, b:string)[1,"x", 2,"y"] | evaluate narrow()',
    'Row:long Column:string Value:string',
    [
      [0, 'a', '1'],
      [0, 'b', 'x'],
      [1, 'a', '2'],
      [1, 'b', 'y'],
    ],
  ],
  [
    'ipv4_lookup',
    `let N = ${networks}; datatable(ip:string)["192.0.2.5", "198.51.100.1"] | evaluate ipv4_lookup(N, ip, network)`,
    'ip:string network:string place:string',
    [['192.0.2.5', '192.0.2.0/24', 'lab']],
  ],
  [
    'ipv4_lookup with all addresses',
    `let N = ${networks}; datatable(ip:string)["198.51.100.1"] | evaluate ipv4_lookup(N, ip, network, return_unmatched = true)`,
    'ip:string network:string place:string',
    [['198.51.100.1', '', '']],
  ],
  [
    'ipv6_lookup puts the table first',
    'let N = datatable(network:string)["2001:db8:1::/48"]; datatable(ip:string)["2001:db8:1::5", "2001:db8:2::5"] | evaluate ipv6_lookup(N, ip, network, true)',
    'network:string ip:string',
    [
      ['2001:db8:1::/48', '2001:db8:1::5'],
      ['', '2001:db8:2::5'],
    ],
  ],
  [
    'rows_near',
    'range x from 1 to 9 step 1 | sort by x asc | evaluate rows_near(x == 5, 1, 2)',
    'x:long',
    [[4], [5], [6], [7]],
  ],
];
test.for(cases)('%s', (expected) => {
  expect(answered(expected)).toEqual(expected);
});

test.for(['autocluster()', 'basket()', "diffpatterns(x, 'a', 'b')"])('%s is refused by name', (call) => {
  const name = call.slice(0, call.indexOf('('));
  expect(() => answer(`print x = 'a' | evaluate ${call}`)).toThrow(`plugin ${name} is not supported`);
});
