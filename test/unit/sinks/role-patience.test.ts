import { expect, test } from 'vitest';
import { rolePatience } from '../../../collector/sinks/role-patience.ts';

const waitsMs = [15_000, 30_000, 60_000];

test('waits 15 s, 30 s, then a minute each, until 30 minutes after the first refusal', () => {
  let nowMs = 1_000_000;
  const patience = rolePatience({ patienceMs: 30 * 60_000, waitsMs, now: () => nowMs });
  const waits: number[] = [];
  for (let wait = patience.refused(); wait !== undefined; wait = patience.refused()) {
    waits.push(wait);
    nowMs += wait;
  }
  expect(waits.slice(0, 4)).toEqual([15_000, 30_000, 60_000, 60_000]);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(30 * 60_000);
});

test('requests that were under way together are one refusal', () => {
  let nowMs = 0;
  const patience = rolePatience({ patienceMs: 600_000, waitsMs, now: () => nowMs });
  expect([patience.refused(), patience.refused()]).toEqual([15_000, 15_000]);
  nowMs = 5000;
  expect(patience.refused()).toBe(10_000);
  nowMs = 15_000;
  expect(patience.refused()).toBe(30_000);
});

test('starts anew after an acceptance, and knows that there was one', () => {
  let nowMs = 0;
  const patience = rolePatience({ patienceMs: 600_000, waitsMs, now: () => nowMs });
  expect(patience.hasBeenAccepted()).toBe(false);
  patience.refused();
  patience.accepted();
  nowMs = 3_600_000;
  expect(patience.refused()).toBe(15_000);
  expect(patience.hasBeenAccepted()).toBe(true);
});

test('none is over at once', () => {
  expect(rolePatience({ patienceMs: 0, waitsMs, now: () => 0 }).refused()).toBeUndefined();
});
