import { expect, it } from 'vitest';
import { cache } from '../../../collector/enrich/cache.ts';
import type { Outcome, Reason } from '../../../collector/enrich/outcome.ts';

const HOUR = 3_600_000;
const value = (value: string): Outcome<string> => ({ kind: 'found', value });
const nothing = (reason: Reason): Outcome<string> => ({ kind: 'nothing', reason, detail: '' });

/** A cache whose answers and clock the test sets. */
function rig(answer: (key: string) => Outcome<string> | Promise<Outcome<string>>, max = 100) {
  const state = { ms: 1_000, answer };
  const asked: string[] = [];
  const one = cache<string, string>({
    max,
    now: () => state.ms,
    read: (key) => {
      asked.push(key);
      return Promise.resolve(state.answer(key));
    },
  });
  const look = async (key: string): Promise<unknown> => {
    await one.ask(key, key);
    const outcome = one.get(key)?.outcome;
    return outcome?.kind === 'found' ? outcome.value : outcome?.reason;
  };
  return { one, state, asked, look };
}

it.for([
  [value('x'), 21 * HOUR, 25 * HOUR],
  [nothing('not-found'), 21 * HOUR, 25 * HOUR],
  [nothing('unavailable'), 299_000, 301_000],
  [nothing('throttled'), 299_000, 301_000],
  [nothing('refused'), 299_000, 301_000],
] as const)('remembers %o for its time', async ([answer, freshMs, oldMs]) => {
  const { state, asked, look } = rig(() => answer);
  await look('a');
  state.ms += freshMs;
  await look('a');
  expect(asked).toHaveLength(1);
  state.ms += oldMs - freshMs;
  await look('a');
  expect(asked).toHaveLength(2);
});

it('lets keys that were learned together grow old apart', async () => {
  const { state, asked, look } = rig(() => value('x'));
  const keys = Array.from({ length: 50 }, (_, i) => `user${i}`);
  for (const key of keys) await look(key);
  state.ms += 23 * HOUR;
  for (const key of keys) await look(key);
  expect(asked.length).toBeGreaterThan(60);
  expect(asked.length).toBeLessThan(90);
});

it('asks once for a key while that is under way', async () => {
  const { promise, resolve } = Promise.withResolvers<Outcome<string>>();
  const { one, asked, state, look } = rig(() => promise);
  const both = Promise.all([look('a'), look('a')]);
  expect(one.oldestMs).toBe(1_000);
  state.ms = 5_000;
  expect(one.oldestMs).toBe(1_000);
  resolve(value('x'));
  expect(await both).toEqual(['x', 'x']);
  expect(asked).toEqual(['a']);
  expect(one.oldestMs).toBeUndefined();
});

it('keeps no more than its bound', async () => {
  const { asked, look } = rig(value, 2);
  for (const key of ['a', 'b', 'c', 'a']) await look(key);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

it('starts no more look-ups than it can hold when none of them ends', () => {
  const { one } = rig(() => Promise.withResolvers<Outcome<string>>().promise);
  const begun = Array.from({ length: 6_000 }, (_, i) => one.ask(`${i}`, `${i}`)).filter(
    (pending) => pending !== undefined,
  );
  expect(begun).toHaveLength(5_000);
});

it('goes on with what it found while that cannot be read again, for three days', async () => {
  const { state, look } = rig(() => value('x'));
  await look('a');
  state.answer = () => nothing('unavailable');
  state.ms += 25 * HOUR;
  expect(await look('a')).toBe('x');
  state.ms += 48 * HOUR;
  expect(await look('a')).toBe('unavailable');
});

it.for(['not-found', 'refused'] as const)('forgets what it found when that is %s', async (reason) => {
  const { state, look } = rig(() => value('x'));
  await look('a');
  state.answer = () => nothing(reason);
  state.ms += 25 * HOUR;
  expect(await look('a')).toBe(reason);
});

it('asks nothing for 15 minutes after a refusal for want of permission, then probes with one', async () => {
  const { state, asked, look, one } = rig(() => nothing('forbidden'));
  await look('a');
  expect(await look('b')).toBe('forbidden');
  state.ms += 14 * 60_000;
  expect(await look('c')).toBe('forbidden');
  expect(asked).toEqual(['a']);
  state.ms += 60_000;
  expect(await Promise.all([look('d'), look('e')])).toEqual(['forbidden', 'forbidden']);
  expect(asked).toEqual(['a', 'd']);
  state.ms += 15 * 60_000;
  state.answer = value;
  const probe = one.ask('f', 'f');
  expect(await look('g')).toBe('forbidden');
  await probe;
  expect(await look('g')).toBe('g');
});

it('takes one forbidden thing among others for what it is', async () => {
  const { look } = rig((key) => (key === 'private' ? nothing('forbidden') : value(key)));
  expect(await look('a')).toBe('a');
  expect(await look('private')).toBe('forbidden');
  expect(await look('b')).toBe('b');
});

it('opens again when something is found after all', async () => {
  const { promise, resolve } = Promise.withResolvers<Outcome<string>>();
  const { look, one } = rig((key) =>
    key === 'slow' ? promise : key === 'private' ? nothing('forbidden') : value(key),
  );
  const slow = one.ask('slow', 'slow');
  await look('private');
  expect(await look('b')).toBe('forbidden');
  resolve(value('x'));
  await slow;
  expect(await look('b')).toBe('b');
});

it('takes a broken reader for an unreadable answer', async () => {
  const { look } = rig(() => {
    throw new Error('defect');
  });
  expect(await look('a')).toBe('unreadable');
});
