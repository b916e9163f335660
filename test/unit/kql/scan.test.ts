import { expect, test } from 'vitest';
import { answer, answered, type Case } from './plugins-answer.ts';

const numbers = 'range x from 1 to 4 step 1';
const values = 'datatable(t:long, v:long)[1,5, 2,3, 3,99, 4,7] | sort by t asc';
const events = `datatable(Ts:timespan, Event:string)[0m,"A", 1m,"Start", 2m,"B", 3m,"D", 4m,"Stop", 6m,"C", 8m,"Start", 11m,"E", 12m,"Stop"]
  | sort by Ts asc`;
const sessions = `datatable(Ts:timespan, Event:string)[0m,"A", 1m,"A", 32m,"B", 36m,"C", 75m,"A"] | sort by Ts asc`;

const cases: readonly Case[] = [
  [
    'a step reads the row that it matched last',
    `${numbers} | scan declare (c:long=0) with (step s: true => c = x + s.c;)`,
    'x:long c:long',
    [
      [1, 1],
      [2, 3],
      [3, 6],
      [4, 10],
    ],
  ],
  [
    'a bare declared column is its default',
    `${values} | scan declare (c:long=0) with (step s: true => c = c + v;)`,
    't:long v:long c:long',
    [
      [1, 5, 5],
      [2, 3, 3],
      [3, 99, 99],
      [4, 7, 7],
    ],
  ],
  [
    'all assignments read the row before',
    `${values} | project v = t | scan declare (a:long=0, b:long=1) with (step s: true => a = s.b, b = s.a + v;)`,
    'v:long a:long b:long',
    [
      [1, 1, 1],
      [2, 1, 3],
      [3, 3, 4],
      [4, 4, 7],
    ],
  ],
  [
    'text is filled forward',
    `${events} | where Ts < 4m | scan declare (F:string="") with (step s: true => F = iff(Event == "B", s.F, Event);) | project F`,
    'F:string',
    [['A'], ['Start'], ['Start'], ['D']],
  ],
  [
    'sequences over steps have an id',
    `${events} | scan with_match_id=id with (
      step s1: Event == "Start";
      step s2: Event != "Start" and Event != "Stop" and Ts - s1.Ts <= 5m;
      step s3: Event == "Stop" and Ts - s1.Ts <= 5m;) | project Event, id`,
    'Event:string id:long',
    [
      ['Start', 0],
      ['B', 0],
      ['D', 0],
      ['Stop', 0],
      ['Start', 1],
      ['E', 1],
      ['Stop', 1],
    ],
  ],
  [
    'output=none ends a session without a row',
    `${sessions} | scan with_match_id=id declare (start:timespan) with (
      step inSession: true => start = iff(isnull(inSession.start), Ts, inSession.start);
      step end output=none: Ts - inSession.start > 30m;)`,
    'Ts:timespan Event:string start:timespan id:long',
    [
      ['00:00:00', 'A', '00:00:00', 0],
      ['00:01:00', 'A', '00:00:00', 0],
      ['00:32:00', 'B', '00:32:00', 1],
      ['00:36:00', 'C', '00:32:00', 1],
      ['01:15:00', 'A', '01:15:00', 2],
    ],
  ],
  [
    'a later step reads an earlier one',
    `datatable(t:datetime, e:string)[datetime(2024-05-28 08:15:23),"in", datetime(2024-05-28 12:30:45),"out"] | sort by t asc
    | scan declare (start:datetime, d:timespan) with (
      step s1 output=none: e == "in" => start = t;
      step s2: e == "out" => start = s1.start, d = t - s1.start;) | project start, d`,
    'start:datetime d:timespan',
    [['2024-05-28T08:15:23.0000000Z', '04:15:22']],
  ],
];
test.for(cases)('%s', (expected) => {
  expect(answered(expected)).toEqual(expected);
});

const refused: readonly (readonly [what: string, scan: string])[] = [
  ['prev in a step', 'scan declare (c:long=0) with (step s: true => c = x + prev(x, 1, 0);)'],
  ['output=last', 'scan with (step s output=last: true;)'],
  ['a later step', 'scan with (step a: x > b.x; step b: true;)'],
  ['a condition of a later step on itself', 'scan with (step a: true; step b: b.x > 1;)'],
  ['a column that the step assigned before', 'scan declare (c:long, d:long) with (step s: true => c = x, d = c;)'],
];
test.for(refused)('%s is refused', ([, query]) => {
  expect(() => answer(`${numbers} | ${query}`)).toThrow(/scan/);
});
