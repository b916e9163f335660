import { describe, expect, test } from 'vitest';
import { answer, answered, type Case } from './plugins-answer.ts';

const text = (value: string): string => `print s = ${JSON.stringify(value)}`;
const event =
  'Event: Release (resourceName=Scheduler, totalSlices=27, lockTime=02/17/2016 08:40:01, releaseTime=02/17/2016 08:40:00)';

describe('parse', () => {
  const cases: readonly Case[] = [
    [
      'columns between texts',
      `${text('name=alice age=30')} | parse s with "name=" name " age=" age:int | project name, age`,
      'name:string age:int',
      [['alice', 30]],
    ],
    [
      'a row that does not match has defaults',
      `${text('garbage')} | parse s with "name=" name " age=" age:int | project name, age`,
      'name:string age:int',
      [['', null]],
    ],
    [
      'a value that does not fit its type is no match',
      `${text('2020-13-45 weird')} | parse s with d:datetime " " tag:string | project d, tag`,
      'd:datetime tag:string',
      [[null, '']],
    ],
    [
      'the last column takes the rest',
      `${text('a###b###c')} | parse s with l:string "###" r:string | project l, r`,
      'l:string r:string',
      [['a', 'b###c']],
    ],
    [
      'text after the last text is no match',
      `${text('k=a;b')} | parse s with "k=" v ";" | project v`,
      'v:string',
      [['']],
    ],
    [
      'the last text must end the text',
      `${text('latency=5ms!')} | parse s with "latency=" n:int "ms" | project n`,
      'n:int',
      [[null]],
    ],
    [
      'the last text is found at the end',
      `${text('1x2x')} | parse s with a:string "x" | project a`,
      'a:string',
      [['1x2']],
    ],
    [
      'a star skips',
      `${text(event)} | parse s with * "resourceName=" r ", totalSlices=" n:long * "releaseTime=" t:date ")" * | project r, n, t`,
      'r:string n:long t:datetime',
      [['Scheduler', 27, '2016-02-17T08:40:00.0000000Z']],
    ],
    [
      'relaxed keeps the others',
      `${text('a=x b=2')} | parse kind=relaxed s with "a=" a:long " b=" b:long | project a, b`,
      'a:long b:long',
      [[null, 2]],
    ],
    [
      'simple gives up all',
      `${text('a=x b=2')} | parse s with "a=" a:long " b=" b:long | project a, b`,
      'a:long b:long',
      [[null, null]],
    ],
    [
      'negative numbers',
      `${text('negative=-42 positive=+17')} | parse s with "negative=" n:int " positive=" p:string | project n, p`,
      'n:int p:string',
      [[-42, '+17']],
    ],
    [
      'regex columns take all they can',
      `${text('abc123def')} | parse kind=regex s with letters:string @"\\d+" rest:string | project letters, rest`,
      'letters:string rest:string',
      [['abc12', 'def']],
    ],
    [
      'regex with a flag',
      `${text('X=1,2')} | parse kind=regex flags=i s with "x=" a ",2" | project a`,
      'a:string',
      [['1']],
    ],
    [
      'flag U makes columns take as little as they can',
      `${text(event)} | parse kind=regex flags=Ui s with * "RESOURCENAME=" r "," * | project r`,
      'r:string',
      [['Scheduler']],
    ],
    [
      'groups of the query do not count',
      `${text('a-b=1')} | parse kind=regex s with "(a)-(b)=" n:long | project n`,
      'n:long',
      [[1]],
    ],
    ['a column of that name is replaced', `${text('v=1')} | parse s with "v=" s`, 's:string', [['1']]],
    [
      'text that looks like a pattern is text',
      `${text('a.b(c')} | parse s with "a.b(" c | project c`,
      'c:string',
      [['c']],
    ],
  ];
  test.for(cases)('%s', (expected) => {
    expect(answered(expected)).toEqual(expected);
  });

  test('parse-where drops what does not match', () => {
    const query = 'datatable(s:string)["n=1", "n=x", "m=2"] | parse-where s with "n=" n:long | project n';
    expect(answer(query).rows).toEqual([[1]]);
  });

  test('two columns without text between them are refused in a regex', () => {
    expect(() => answer(`${text('x1y2')} | parse kind=regex s with c:string n:long`)).toThrow(/KS101/);
  });
});

describe('parse-kv', () => {
  const kv = (value: string, keys: string, options: string): string =>
    `${text(value)} | parse-kv s as (${keys}) with (${options}) | project-away s`;
  const semicolon = "pair_delimiter=';', kv_delimiter='='";
  const cases: readonly Case[] = [
    [
      'takes listed keys with their types',
      kv('x:10|y:20|z:30', 'z:int, x:long', "pair_delimiter='|', kv_delimiter=':'"),
      'z:int x:long',
      [[30, 10]],
    ],
    ['missing keys are empty', kv('no delimiters', 'k:string, n:long', semicolon), 'k:string n:long', [['', null]]],
    ['the first of equal keys', kv('k=1;j=2;k=3', 'k:int', semicolon), 'k:int', [[1]]],
    ['an empty value', kv('E=;F=yes', 'E:string, F:string', semicolon), 'E:string F:string', [['', 'yes']]],
    [
      'quotes',
      kv('n="John; Smith";c=x', 'n:string, c:string', `${semicolon}, quote='"'`),
      'n:string c:string',
      [['John; Smith', 'x']],
    ],
    [
      'quotes and escapes',
      kv(String.raw`n="a\"b";c=x`, 'n:string, c:string', String.raw`${semicolon}, quote='"', escape='\\'`),
      'n:string c:string',
      [['a"b', 'x']],
    ],
    [
      'blanks around keys and values do not count',
      kv('  key  =  value  ', 'key:string', "pair_delimiter=' ', kv_delimiter='='"),
      'key:string',
      [['value']],
    ],
    [
      'greedy values hold the pair delimiter',
      kv(
        'name=John Doe phone=555 5555',
        'name:string, phone:string',
        "pair_delimiter=' ', kv_delimiter='=', greedy=true",
      ),
      'name:string phone:string',
      [['John Doe', '555 5555']],
    ],
    [
      'delimiters of several characters',
      kv('[k1=v1][k2=v2]', 'k1:string, k2:string', "pair_delimiter='][', kv_delimiter='='"),
      'k1:string k2:string',
      [['', 'v2]']],
    ],
    ['a regex with two groups', kv('a->1 b->2', 'b:long', String.raw`regex=@"(\w+)->(\d+)"`), 'b:long', [[2]]],
  ];
  test.for(cases)('%s', (expected) => {
    expect(answered(expected)).toEqual(expected);
  });

  test('the form without delimiters is refused', () => {
    expect(() => answer(`${text('a=1')} | parse-kv s as (a:long) with (quote='"')`)).toThrow(/not supported/);
  });
});
