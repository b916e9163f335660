import type { TokenCredential } from '@azure/core-auth';
import type { Token } from './http.ts';

// A token that expires in mid-request costs a 401; five minutes is what the Azure SDKs leave, too.
const SPARE_MS = 5 * 60_000;

/**
 * Tokens of one credential for one scope, kept until shortly before they expire. For a rejected token a new credential
 * is asked, because the old one would answer from its cache. A managed identity has one cache for the whole process: its
 * token may come again until it expires.
 */
export function accessToken(options: {
  readonly credential: () => TokenCredential;
  readonly scope: string;
  readonly now?: () => number;
}): Token {
  const { scope, now = Date.now } = options;
  let credential = options.credential();
  let held: { readonly token: string; readonly expiresOnTimestamp: number } | undefined;
  let asking: Promise<string> | undefined;

  async function ask(signal: AbortSignal): Promise<string> {
    const got = await credential.getToken(scope, { abortSignal: signal });
    if (got === null) throw new Error(`the credential gave no token for ${scope}`);
    held = got;
    return got.token;
  }

  return (rejected, signal) => {
    if (held !== undefined && held.token === rejected) {
      held = undefined;
      credential = options.credential();
    }
    if (held !== undefined && held.expiresOnTimestamp - now() > SPARE_MS) return Promise.resolve(held.token);
    asking ??= ask(signal).finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
