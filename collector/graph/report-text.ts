import { httpClient, readText, type HttpClient, type HttpOptions, type Refused } from '../http.ts';
import type { TextAnswer } from './contract.ts';
import { failed, toFailed, toFinal } from './outcome.ts';

// The report of 200,000 users is about 60 MB.
const MAX_TEXT_BYTES = 256 * 1024 * 1024;
const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** How the target of a redirect is asked. */
export type RedirectOptions = Omit<HttpOptions, 'origin' | 'token' | 'requestsPerMinute'>;

/** Where the answer leads to, if that may be followed: the address is a secret, so only https keeps it. */
function targetOf({ location }: Refused, from: URL): URL | undefined {
  const target = location === undefined ? null : URL.parse(location, from.href);
  return target?.protocol === 'https:' && target.username === '' ? target : undefined;
}

/** Reads a text, through redirects, which get no token: the address itself is the permission. Never rejects. */
export async function readReport(
  from: { readonly http: HttpClient; readonly url: URL },
  options: RedirectOptions,
  signal: AbortSignal,
  redirects = 0,
): Promise<TextAnswer> {
  try {
    const { http, url } = from;
    const reply = await http.send('GET', url, signal, { accept: '*/*' });
    if (reply.ok) {
      const text = await readText(reply.body, MAX_TEXT_BYTES);
      return { kind: 'found', contentType: reply.header('content-type') ?? '', text };
    }
    if (!REDIRECTS.has(reply.status)) {
      const answer = toFinal(reply, (options.now ?? Date.now)());
      // The target knows nothing of permissions of Graph: an address that has expired is no missing permission.
      return answer.kind === 'forbidden' && redirects > 0
        ? failed('refused', `${reply.status} after a redirect`)
        : answer;
    }
    const target = targetOf(reply, url);
    if (target === undefined) return failed('refused', `${reply.status} to an address that is not https`);
    if (redirects >= MAX_REDIRECTS) return failed('refused', `more than ${MAX_REDIRECTS} redirects`);
    // A client of its own: no token, and what the target throttles does not pause Graph.
    await using bare = httpClient({ ...options, origin: target.origin, requestsPerMinute: 60 });
    return await readReport({ http: bare, url: target }, options, signal, redirects + 1);
  } catch (error) {
    return toFailed(error);
  }
}
