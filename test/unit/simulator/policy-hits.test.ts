import { expect, it } from 'vitest';
import { benignRecords } from '../../../simulator/benign/benign.ts';
import { mondayOf } from '../../../simulator/benign/calendar.ts';
import { tenant } from '../../../simulator/tenant/tenant.ts';

const DAY_MS = 86_400_000;
const firstDay = mondayOf(Date.parse('2026-09-02T12:00:00Z'));
const people = tenant({ seed: 1, users: 40 });

const hits = (from: number, to: number): readonly string[] =>
  [
    ...benignRecords({
      tenant: people,
      seed: 1,
      firstDay,
      fromMs: (firstDay + from) * DAY_MS,
      toMs: (firstDay + to) * DAY_MS,
    }),
  ]
    .map(({ record }) => JSON.stringify(record))
    .filter((text) => text.includes('"PolicyDetails":[{'));

it('an ordinary week has two audited reads of one person and a blocked one, on whichever day it is looked at', () => {
  for (const from of [-14, -11, -7]) {
    const found = hits(from, from + 7);
    const blocked = found.filter((text) => text.includes('"RuleMode":"Enforce"'));
    const audited = found.filter((text) => text.includes('"RuleMode":"Audit with Notify"'));
    expect([from, blocked.length, audited.length]).toEqual([from, 1, 2]);
    expect(blocked[0]).toContain('"Status":"failure"');
    const users = audited.map((text) => /"UserId":"([^"]*)"/.exec(text)?.[1]);
    expect(new Set(users).size).toBe(1);
  }
});

it('the planned weeks have at most one, as the calendar says', () => {
  expect([0, 1, 2].map((week) => hits(7 * week, 7 * week + 7).length)).toEqual([1, 0, 1]);
});
