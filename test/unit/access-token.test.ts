import { describe, expect, it } from 'vitest';
import { accessToken } from '../../collector/access-token.ts';

const signal = new AbortController().signal;

function fake(lifeMs: number) {
  const clock = { now: 1_000_000 };
  const calls = { made: 0, asked: 0 };
  const token = accessToken({
    scope: 'https://manage.office.com/.default',
    now: () => clock.now,
    credential: () => {
      calls.made++;
      return {
        async getToken() {
          calls.asked++;
          return { token: `t${calls.asked}`, expiresOnTimestamp: clock.now + lifeMs };
        },
      };
    },
  });
  return { clock, calls, token };
}

describe('an access token', () => {
  it('is asked for once while it lives, however many ask at once', async () => {
    const { calls, token } = fake(3_600_000);
    expect(await Promise.all([token(undefined, signal), token(undefined, signal)])).toEqual(['t1', 't1']);
    expect(await token(undefined, signal)).toBe('t1');
    expect(calls.asked).toBe(1);
  });
  it('is replaced five minutes before it expires', async () => {
    const { clock, token } = fake(3_600_000);
    await token(undefined, signal);
    clock.now += 3_600_000 - 5 * 60_000;
    expect(await token(undefined, signal)).toBe('t2');
  });
  it('that was rejected is never given again, and its credential with its cache is replaced', async () => {
    const { calls, token } = fake(3_600_000);
    const first = await token(undefined, signal);
    expect(await token(first, signal)).toBe('t2');
    expect(calls.made).toBe(2);
  });
  it('that another caller replaced already is not replaced again', async () => {
    const { calls, token } = fake(3_600_000);
    const first = await token(undefined, signal);
    await token(first, signal);
    expect(await token(first, signal)).toBe('t2');
    expect(calls.asked).toBe(2);
  });
});
