/** The Management Activity API: its calls, its error codes, and what each means for the feed. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { SourceError } from '../../contracts.ts';
import { ForeignUrlError, readText, type HttpClient, type Refused, type Reply } from '../../http.ts';
import { toApiTime, type Window } from './windows.ts';

/** The content type that carries every Copilot record; there is no narrower one. */
const CONTENT_TYPE = 'Audit.General';

// A listing page holds some hundreds of entries of about 600 bytes.
const MAX_PAGE_BYTES = 32 * 1024 * 1024;
const MAX_PAGES = 1000;
// Documented life of a blob, for entries whose contentExpiration cannot be read.
const DAY_MS = 24 * 3_600_000;
const DOCUMENTED_LIFE_MS = 7 * DAY_MS;
// About 20 days were seen.
const LONGEST_LIFE_MS = 366 * DAY_MS;

/** A blob as a listing announces it; times in epoch milliseconds. */
export interface Listed {
  readonly id: string;
  readonly uri: string;
  readonly createdMs: number;
  readonly expiresMs: number;
}

/** Why a blob cannot be had: it is gone, or this try failed. */
export interface Unread {
  readonly gone: boolean;
  readonly reason: string;
  readonly isUnreachable?: true;
}

/** A listing that cannot be followed to its end; the window may be listed again, or in parts. */
export class BrokenListing extends Error {
  override readonly name = 'BrokenListing';
}

const explain = (what: string, { status, code, message }: Refused): string =>
  `${what}: ${status}${code === '' ? '' : ` ${code}`}${message === '' ? '' : ` (${message})`}`;

const REMEDY: Readonly<Record<string, string>> = {
  AF10001:
    'grant the application permission ActivityFeed.Read of Office 365 Management APIs and consent to it; a new grant takes up to an hour',
  AF20010: 'TENANT_ID is not the tenant that issued the token: set both to the same tenant',
  AF20011: 'switch unified auditing on in Microsoft Purview; it takes up to an hour',
  AF20012: 'the tenant is not configured for auditing: switch unified auditing on in Microsoft Purview',
  AF20013: 'TENANT_ID must be the GUID of the tenant',
  AF20020: 'this cloud does not know the content type Audit.General: check CLOUD and ACTIVITY_FEED_URL',
  AF20023: 'an administrator disabled the subscription: find out who and why, it is started again every 15 minutes',
};

/** Turns an answer that ends the pass into an error that names the remedy. */
function fatal(what: string, reply: Refused): SourceError {
  const fallback =
    reply.status === 401 || reply.status === 403
      ? REMEDY['AF10001']
      : 'the next pass tries again; check the service health of Microsoft 365 if it persists';
  return new SourceError(`activity-feed: ${explain(what, reply)}: ${REMEDY[reply.code] ?? fallback}`);
}

async function readJson(body: Readable, what: string): Promise<unknown> {
  try {
    return JSON.parse(await readText(body, MAX_PAGE_BYTES));
  } catch (error) {
    throw new BrokenListing(
      `${what}: ${error instanceof SyntaxError ? 'the answer is not JSON' : 'the answer broke off'}`,
      {
        cause: error,
      },
    );
  }
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1]
    : undefined;
const stringProperty = (value: unknown, name: string): string | undefined => {
  const found = property(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/**
 * Reads one listing entry. An entry that names no blob gets an id made from its text, so that it is counted once,
 * parked, and becomes a gap, instead of vanishing.
 */
function toListed(entry: unknown, window: Window): Listed {
  const uri = stringProperty(entry, 'contenturi') ?? '';
  const id = stringProperty(entry, 'contentid') ?? (uri.split('?')[0]?.split('/').at(-1) || malformedId(entry));
  const created = Date.parse(stringProperty(entry, 'contentcreated') ?? '');
  // The service filtered on contentCreated: a time far from the window is none (.NET writes 0001-01-01 for "not set").
  const isNear = created >= window.fromMs - DAY_MS && created < window.toMs + DAY_MS;
  const createdMs = isNear ? created : window.fromMs;
  const expires = Date.parse(stringProperty(entry, 'contentexpiration') ?? '');
  const isLife = expires > createdMs && expires < createdMs + LONGEST_LIFE_MS;
  return { id, uri, createdMs, expiresMs: isLife ? expires : createdMs + DOCUMENTED_LIFE_MS };
}

const malformedId = (entry: unknown): string =>
  `malformed-${createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 32)}`;

/** What the feed needs of the API. */
export interface FeedApi {
  /** Whether the subscription is enabled; throws a SourceError when the API does not let us see it. */
  isSubscribed(signal: AbortSignal): Promise<boolean>;
  /** Starts the subscription; an already enabled one is a success. */
  start(signal: AbortSignal): Promise<void>;
  stop(signal: AbortSignal): Promise<void>;
  /** Pages of a window. Throws BrokenListing or Unsubscribed. */
  list(window: Window, signal: AbortSignal): AsyncGenerator<readonly Listed[], void>;
  /** Opens a blob, or says why not. */
  open(uri: string, signal: AbortSignal): Promise<{ readonly body: Readable } | Unread>;
  serverNow(): number;
}

/** No subscription although one was seen or started: start it again, not before 15 minutes. */
export class Unsubscribed extends SourceError {}

/** Calls of the Management Activity API for one tenant. */
export function feedApi(options: {
  readonly http: HttpClient;
  readonly tenantId: string;
  readonly publisherId: string;
}): FeedApi {
  const { http, tenantId, publisherId } = options;

  function url(operation: string, query: Readonly<Record<string, string>> = {}): URL {
    return identified(
      http.sameHost(`/api/v1.0/${tenantId}/activity/feed/${operation}?${new URLSearchParams(query).toString()}`),
    );
  }
  /** Every call carries PublisherIdentifier; without it the tenant shares a quota with everybody else who forgot it. */
  function identified(to: URL): URL {
    // Appended as text: setting it through searchParams would write the service's own query anew.
    if (!to.searchParams.has('PublisherIdentifier')) {
      to.search = `${to.search}${to.search === '' ? '?' : '&'}PublisherIdentifier=${publisherId}`;
    }
    return to;
  }

  async function finish(reply: Reply): Promise<Reply> {
    if (reply.ok) reply.body.resume();
    return reply;
  }

  async function isSubscribed(signal: AbortSignal): Promise<boolean> {
    const reply = await http.send('GET', url('subscriptions/list'), signal);
    if (!reply.ok) throw fatal('listing subscriptions', reply);
    const body = await readJson(reply.body, 'listing subscriptions');
    if (!Array.isArray(body))
      throw new SourceError(
        'activity-feed: listing subscriptions: the answer is not a list: the next pass tries again',
      );
    const ours = body.find(
      (entry) => stringProperty(entry, 'contenttype')?.toLowerCase() === CONTENT_TYPE.toLowerCase(),
    );
    // The documentation shows entries without a status: only a status that says otherwise means not enabled.
    return ours !== undefined && (stringProperty(ours, 'status') ?? 'enabled').toLowerCase() === 'enabled';
  }

  async function start(signal: AbortSignal): Promise<void> {
    const reply = await finish(
      await http.send('POST', url('subscriptions/start', { contentType: CONTENT_TYPE }), signal),
    );
    // AF20024: already enabled (undocumented, live).
    if (!reply.ok && reply.code !== 'AF20024') throw fatal('starting the subscription', reply);
  }

  async function stop(signal: AbortSignal): Promise<void> {
    const reply = await finish(
      await http.send('POST', url('subscriptions/stop', { contentType: CONTENT_TYPE }), signal),
    );
    if (!reply.ok && reply.code !== 'AF20022') throw fatal('stopping the subscription', reply);
  }

  async function* list(window: Window, signal: AbortSignal): ReturnType<FeedApi['list']> {
    const range = { startTime: toApiTime(window.fromMs), endTime: toApiTime(window.toMs) };
    const what = `listing ${range.startTime} to ${range.endTime}`;
    const visited = new Set<string>();
    for (
      let next: URL | undefined = url('subscriptions/content', { contentType: CONTENT_TYPE, ...range });
      next !== undefined;
    ) {
      if (visited.size >= MAX_PAGES || visited.has(next.href))
        throw new BrokenListing(`${what}: pages lead in a circle`);
      visited.add(next.href);
      const reply = await http.send('GET', next, signal);
      if (!reply.ok) {
        if (reply.code === 'AF20022' || reply.code === 'AF20023') throw new Unsubscribed(fatal(what, reply).message);
        // AF20031: the page link went stale; AF20030 and AF20055: the window does not suit the service's clock.
        if (['AF20031', 'AF20030', 'AF20055'].includes(reply.code)) throw new BrokenListing(explain(what, reply));
        // A window that fails for good must not end every pass: it is cut until the trouble stands alone.
        if (reply.status >= 500) throw new BrokenListing(explain(what, reply));
        throw fatal(what, reply);
      }
      const body = await readJson(reply.body, what);
      if (!Array.isArray(body)) throw new BrokenListing(`${what}: the answer is not a list`);
      yield body.map((entry) => toListed(entry, window));
      // The troubleshooting page spells the header NextPageUrl, the reference NextPageUri.
      next = nextPage(reply.header('nextpageuri') ?? reply.header('nextpageurl'), what);
    }
  }

  function nextPage(link: string | undefined, what: string): URL | undefined {
    if (link === undefined || link.trim() === '') return undefined;
    try {
      return identified(http.sameHost(link));
    } catch (error) {
      if (error instanceof ForeignUrlError) throw new BrokenListing(`${what}: next page is a ${error.message}`);
      throw error;
    }
  }

  async function open(uri: string, signal: AbortSignal): ReturnType<FeedApi['open']> {
    if (uri === '') return { gone: false, reason: 'the listing gave no contentUri' };
    let to: URL;
    try {
      to = identified(http.sameHost(uri));
    } catch (error) {
      if (error instanceof ForeignUrlError) return { gone: false, reason: `contentUri is a ${error.message}` };
      throw error;
    }
    const reply = await http.send('GET', to, signal);
    if (reply.ok) return { body: reply.body };
    // A bare 404 may be a proxy's: only the service's own word makes a blob a gap.
    if (reply.code === 'AF20050' || reply.code === 'AF20051') {
      return { gone: true, reason: explain('fetching the blob', reply) };
    }
    if (reply.status === 401) throw fatal('fetching a blob', reply);
    return { gone: false, reason: explain('fetching the blob', reply) };
  }

  return { isSubscribed, start, stop, list, open, serverNow: () => http.serverNow() };
}
