import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bounded } from '../../collector/credentials.ts';

const token = { token: 'one', expiresOnTimestamp: 1 };
const hanging = { getToken: () => new Promise<never>(() => undefined) };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a bounded credential', () => {
  it('gives what the credential gives, and passes on what it is asked', async () => {
    const getToken = vi.fn<() => Promise<typeof token>>(async () => token);
    const options = { claims: 'c' };
    await expect(bounded({ getToken }, 1000).getToken('scope', options)).resolves.toBe(token);
    expect(getToken).toHaveBeenCalledWith('scope', options);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not wait for ever: it says whose token did not come, and the next call asks again', async () => {
    const asked = bounded(hanging, 30_000).getToken('https://monitor.azure.com/.default');
    const told = asked.then(String, String);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await told).toContain(
      'no token for https://monitor.azure.com/.default: no answer in 30 s: check the way to Microsoft Entra',
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops waiting when it is aborted, also before it begins', async () => {
    const stop = new AbortController();
    const asked = bounded(hanging, 30_000).getToken('scope', { abortSignal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toMatchObject({ name: 'CredentialUnavailableError' });
    await expect(bounded(hanging, 30_000).getToken('scope', { abortSignal: stop.signal })).rejects.toThrow('no longer');
  });

  it('passes failures on', async () => {
    const failing = { getToken: () => Promise.reject(new Error('AADSTS7000215')) };
    await expect(bounded(failing, 1000).getToken('scope')).rejects.toThrow('AADSTS7000215');
  });
});
