import { describe, expect, test } from 'vitest';
import { answer, answered, type Case } from './plugins-answer.ts';

describe('mv-expand', () => {
  const cases: readonly Case[] = [
    [
      'an empty array drops the row, null keeps one',
      'datatable(i:int, d:dynamic)[1, dynamic([]), 2, dynamic(null), 3, dynamic([7,8])] | mv-expand d',
      'i:int d:dynamic',
      [
        [2, null],
        [3, 7],
        [3, 8],
      ],
    ],
    [
      'a bag gives bags of one key',
      'print d = dynamic({"a":1,"b":[2]}) | mv-expand d',
      'd:dynamic',
      [[{ a: 1 }], [{ b: [2] }]],
    ],
    [
      'kind=array gives pairs',
      'print d = dynamic({"a":1,"b":2}) | mv-expand kind=array d',
      'd:dynamic',
      [[['a', 1]], [['b', 2]]],
    ],
    [
      'bagexpansion=array gives pairs',
      'print d = dynamic({"a":1}) | mv-expand bagexpansion=array d',
      'd:dynamic',
      [[['a', 1]]],
    ],
    [
      'several columns are zipped',
      'print a = dynamic([1,2,3]), b = dynamic(["x"]) | mv-expand a to typeof(long), b to typeof(string)',
      'a:long b:string',
      [
        [1, 'x'],
        [2, ''],
        [3, ''],
      ],
    ],
    [
      'a new name keeps the array',
      'print d = dynamic([1,2]) | mv-expand x = d to typeof(long)',
      'd:dynamic x:long',
      [
        [[1, 2], 1],
        [[1, 2], 2],
      ],
    ],
    [
      'with_itemindex',
      'print d = dynamic(["p","q"]) | mv-expand with_itemindex=i d to typeof(string)',
      'd:string i:long',
      [
        ['p', 0],
        ['q', 1],
      ],
    ],
    ['limit', 'print d = dynamic([1,2,3]) | mv-expand d to typeof(long) limit 2', 'd:long', [[1], [2]]],
    [
      'what does not fit the type is null',
      'print d = dynamic(["1","x"]) | mv-expand d to typeof(long)',
      'd:long',
      [[1], [null]],
    ],
  ];
  test.for(cases)('%s', (expected) => {
    expect(answered(expected)).toEqual(expected);
  });
});

describe('mv-apply', () => {
  const data = 'datatable(index:int, Arr:dynamic)[0, dynamic([5,1,3]), 1, dynamic([4,10,8,7]), 2, dynamic([])]';
  const cases: readonly Case[] = [
    [
      'filters elements',
      `${data} | mv-apply x = Arr to typeof(long) on (where x > 4) | project-away Arr`,
      'index:int x:long',
      [
        [0, 5],
        [1, 10],
        [1, 8],
        [1, 7],
      ],
    ],
    [
      'top per row',
      `${data} | mv-apply x = Arr to typeof(long) on (top 1 by x) | project-away Arr`,
      'index:int x:long',
      [
        [0, 5],
        [1, 10],
      ],
    ],
    [
      'top and a list per row',
      `${data} | where index < 2 | mv-apply x = Arr to typeof(long) on (top 2 by x | summarize Top2 = make_list(x)) | project-away Arr`,
      'index:int Top2:dynamic',
      [
        [0, [5, 3]],
        [1, [10, 8]],
      ],
    ],
    [
      'a sum per row, and what follows it',
      `${data} | where index < 2 | mv-apply x = Arr to typeof(long) on (where x > 3 | summarize s = sum(x), n = count() | extend r = s * 1.0 / n) | project-away Arr`,
      'index:int s:long n:long r:real',
      [
        [0, 5, 1, 5],
        [1, 29, 4, 7.25],
      ],
    ],
    [
      'groups per row',
      'print d = dynamic(["a","b","a"]) | mv-apply d to typeof(string) on (summarize n = count() by d) | sort by d asc',
      'd:string n:long',
      [
        ['a', 2],
        ['b', 1],
      ],
    ],
    [
      'with_itemindex',
      `${data} | mv-apply with_itemindex=i v = Arr to typeof(long) on (where i >= 2) | project-away Arr`,
      'index:int v:long i:long',
      [
        [0, 3, 2],
        [1, 8, 2],
        [1, 7, 3],
      ],
    ],
    [
      'rows are numbered by row of the input',
      `${data} | sort by index asc | mv-apply x = Arr to typeof(long) on (extend n = row_number() | where n <= 1) | project-away Arr`,
      'index:int x:long n:long',
      [
        [0, 5, 1],
        [1, 4, 1],
      ],
    ],
    [
      'several arrays side by side',
      'print a = dynamic(["A1","A2"]), b = dynamic(["B1"]) | mv-apply p = a, q = b on (extend o = strcat(p, "_", q) | summarize o = make_list(o)) | project o',
      'o:dynamic',
      [[['A1_B1', 'A2_']]],
    ],
    [
      'columns changed inside come out changed',
      'print k = 1, d = dynamic([2,3]) | mv-apply d to typeof(long) on (extend k = d * 10 | project d, k)',
      'k:long d:long',
      [
        [20, 2],
        [30, 3],
      ],
    ],
    [
      'take per row',
      `${data} | mv-apply x = Arr to typeof(long) on (take 1) | project-away Arr`,
      'index:int x:long',
      [
        [0, 5],
        [1, 4],
      ],
    ],
  ];
  test.for(cases)('%s', (expected) => {
    expect(answered(expected)).toEqual(expected);
  });

  test('the named context is refused', () => {
    expect(() => answer('print abc = "x", d = dynamic([1]) | mv-apply d to typeof(long) id abc on (take 1)')).toThrow(
      'mv-apply with id',
    );
  });
});

describe('partition', () => {
  const data = 'datatable(k:string, v:long)["a",1, "b",5, "a",3, "b",2]';
  const cases: readonly Case[] = [
    [
      'pipes the rows of each key',
      `${data} | partition by k (top 1 by v)`,
      'k:string v:long',
      [
        ['a', 3],
        ['b', 5],
      ],
    ],
    [
      'takes any strategy',
      `${data} | partition hint.strategy=native by k (summarize s = sum(v) by k)`,
      'k:string s:long',
      [
        ['a', 4],
        ['b', 7],
      ],
    ],
    [
      'runs a query that reads the key',
      `let T = ${data}; T | partition by k { print name = toscalar(k) }`,
      'name:string',
      [['a'], ['b']],
    ],
  ];
  test.for(cases)('%s', (expected) => {
    expect(answered(expected)).toEqual(expected);
  });
});

test('invoke gives the input as first argument', () => {
  const query = `let over = (T:(x:long), least:long) { T | where x >= least | count };
    range x from 1 to 10 step 1 | invoke over(8)`;
  expect(answer(query).rows).toEqual([[3]]);
});
