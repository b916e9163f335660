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
    await one.ask(key, key)?.done;
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
  [{ ...value('x'), isPartial: true }, 59 * 60_000, 61 * 60_000],
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
  state.ms = 5_000;
  expect(one.ask('a', 'a')?.startedMs).toBe(1_000);
  resolve(value('x'));
  expect(await both).toEqual(['x', 'x']);
  expect(asked).toEqual(['a']);
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

const five = ['1', '2', '3', '4', '5'] as const;

it('asks nothing for 15 minutes when five things in a row were forbidden, then probes with one', async () => {
  const { state, asked, look, one } = rig(() => nothing('forbidden'));
  for (const key of five.slice(1)) await look(key);
  for (const key of five.slice(1)) await look(key);
  expect(await look('1')).toBe('forbidden');
  expect(await look('b')).toBe('forbidden');
  expect(one.mayAsk('b')).toBe(false);
  state.ms += 14 * 60_000;
  expect(await look('c')).toBe('forbidden');
  expect(asked).toHaveLength(5);
  state.ms += 60_000;
  expect(await Promise.all([look('d'), look('e')])).toEqual(['forbidden', 'forbidden']);
  expect(asked.slice(5)).toEqual(['d']);
  state.ms += 15 * 60_000;
  state.answer = value;
  expect(one.mayAsk('f')).toBe(true);
  const probe = one.ask('f', 'f');
  expect(one.mayAsk('g')).toBe(false);
  expect(await look('g')).toBe('forbidden');
  await probe?.done;
  expect(await look('g')).toBe('g');
});

it.for([
  ['nothing was found', [], five.slice(1)],
  ['some of them are none', [], ['1', '2', 'gone', '3', '4', '5']],
  ['others are found', ['a'], [...five, '6']],
] as const)('goes on asking after forbidden things when %s', async ([, before, forbiddenOnes]) => {
  const { look } = rig((key) =>
    key === 'gone' ? nothing('not-found') : /^\d/.test(key) ? nothing('forbidden') : value(key),
  );
  for (const key of [...before, ...forbiddenOnes]) await look(key);
  expect(await look('b')).toBe('b');
});

it('keeps one list that is forbidden from being asked again for 15 minutes', async () => {
  const { state, asked, look } = rig(() => nothing('forbidden'), 1);
  await look('');
  state.ms += 14 * 60_000;
  await look('');
  expect(asked).toHaveLength(1);
});

it('stays closed after a probe that tells nothing', async () => {
  const { state, asked, look } = rig(() => nothing('forbidden'));
  for (const key of five) await look(key);
  state.ms += 15 * 60_000;
  state.answer = () => nothing('unavailable');
  await look('probe');
  expect(asked).toHaveLength(6);
  state.answer = () => nothing('forbidden');
  await look('second probe');
  expect(await look('b')).toBe('forbidden');
  expect(asked).toHaveLength(7);
});

it('opens again when something is found after all', async () => {
  const { promise, resolve } = Promise.withResolvers<Outcome<string>>();
  const { look, one } = rig((key) => (key === 'slow' ? promise : /^\d/.test(key) ? nothing('forbidden') : value(key)));
  const slow = one.ask('slow', 'slow');
  for (const key of five) await look(key);
  expect(await look('b')).toBe('forbidden');
  resolve(value('x'));
  await slow?.done;
  expect(await look('b')).toBe('b');
});

it('owes what is forbidden for want of a permission, but not what is forbidden for itself', async () => {
  const { state, one, look } = rig((key) => (key === 'private' ? nothing('forbidden') : value(key)));
  await look('private');
  expect(one.get('private')?.isOwed).toBe(true);
  await look('a');
  state.ms += 5 * 60_000;
  await look('private');
  expect(one.get('private')).toMatchObject({ outcome: { reason: 'forbidden' }, isOwed: false });
});

it.for([
  [value('x'), false],
  [{ ...value('x'), isPartial: true }, true],
  [nothing('not-found'), false],
  [nothing('refused'), false],
  [nothing('forbidden'), true],
  [nothing('unavailable'), true],
] as const)('knows whether asking again may give more than %o', async ([answer, isOwed]) => {
  const { one, look } = rig(() => answer);
  await look('a');
  expect(one.get('a')?.isOwed).toBe(isOwed);
});

it('is stalled while something is late and nothing that was asked after it is answered', async () => {
  const answers = new Map<string, PromiseWithResolvers<Outcome<string>>>();
  const { one, state } = rig((key) => {
    const answer = Promise.withResolvers<Outcome<string>>();
    answers.set(key, answer);
    return answer.promise;
  });
  const ask = async (key: string) => {
    const asked = one.ask(key, key);
    await new Promise((resolve) => setImmediate(resolve));
    return async (answer: Outcome<string>) => {
      answers.get(key)?.resolve(answer);
      await asked?.done;
    };
  };
  expect(one.isStalled(100)).toBe(false);
  const endSlow = await ask('slow');
  state.ms += 99;
  expect(one.isStalled(100)).toBe(false);
  state.ms += 1;
  expect(one.isStalled(100)).toBe(true);
  const endBad = await ask('bad');
  await endBad(nothing('unavailable'));
  expect(one.isStalled(100)).toBe(true);
  const endGood = await ask('good');
  await endGood(nothing('not-found'));
  expect(one.isStalled(100)).toBe(false);
  state.ms += 1_000;
  expect(one.isStalled(100)).toBe(false);
  // Graph has died since.
  const endLast = await ask('last');
  state.ms += 100;
  expect(one.isStalled(100)).toBe(true);
  await endLast(value('x'));
  await endSlow(value('x'));
  expect(one.isStalled(100)).toBe(false);
});

it('takes a broken reader for an unreadable answer', async () => {
  const { look } = rig(() => {
    throw new Error('defect');
  });
  expect(await look('a')).toBe('unreadable');
});
