import { gzipSync } from 'node:zlib';
import type { FeedBlob } from '../feed-blob.ts';
import { apiError } from './api-errors.ts';
import { cut } from './fault-alterations.ts';
import type { FaultInjector } from './fault-injector.ts';
import type { FaultCall, FaultTarget } from './fault.ts';
import { throttled } from './faults.ts';
import { expirationMs, type Listings } from './listings.ts';
import type { Ledger, RequestKind } from './report.ts';
import { headerValue, jsonReply, queryValue, type Call, type Reply } from './reply.ts';
import { contentTypes, type Subscriptions } from './subscriptions.ts';
import type { Switches } from './switches.ts';
import type { TokenIssuer } from './tokens.ts';
import { askedWindow, toWindow } from './window.ts';

/** What the feed needs of its surroundings. */
export interface ActivityFeedOptions {
  readonly tenantId: string;
  readonly origin: () => string;
  readonly foreignOrigin: () => string;
  readonly blobs: readonly FeedBlob[];
  readonly listings: Listings;
  readonly subscriptions: Subscriptions;
  readonly tokens: TokenIssuer;
  readonly faults: FaultInjector;
  readonly ledger: Ledger;
  readonly switches: Switches;
  readonly nowMs: () => number;
  /** Says whether the tenant's quota allows one more request, and counts it. */
  readonly withinQuota: () => boolean;
}

interface Route {
  readonly kind: RequestKind;
  readonly tenantId: string;
  /** Content id of a blob request. */
  readonly rest: string;
}

const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
// The forms of the wire: digits $ digits $ type $ Type [$ region] [$IsFromNotification], with literal dollar signs.
const contentIdForm = /^\d+\$\d+\$[\w$.-]+$/;
const unknownPublisher = '00000000-0000-0000-0000-000000000000';
// ASP.NET answers outside the AF envelope when the request never reaches the API.
const denied = (): Reply => jsonReply(401, { Message: 'Authorization has been denied for this request.' });
const noResource = (): Reply => jsonReply(404, { Message: 'No HTTP resource was found that matches the request URI.' });

/** What a request to the feed's path is for; undefined when the path is not the feed's. */
export function feedRoute(call: Call): Route | undefined {
  const match = /^\/api\/(v1|v1\.0)\/([^/]*)\/activity\/feed\/(.+)$/.exec(call.path);
  if (!match) return undefined;
  const [, version = '', tenantId = '', operation = ''] = match;
  const route = (kind: RequestKind, rest = ''): Route => ({ kind, tenantId, rest });
  const isPage = queryValue(call.query, 'nextPage') !== undefined;
  if (operation === 'subscriptions/content' && isPage) return route('page');
  // Only page links have been seen with /api/v1/.
  if (version !== 'v1.0') return route('other');
  if (operation === 'subscriptions/content') return route('listing');
  if (operation === 'subscriptions/list') return route('list');
  if (operation === 'subscriptions/start') return route('start');
  if (operation === 'subscriptions/stop') return route('stop');
  if (operation.startsWith('audit/')) return route('blob', operation.slice('audit/'.length));
  return route('other');
}

/** The Office 365 Management Activity API for one tenant. */
export function activityFeed(options: ActivityFeedOptions): (call: Call, route: Route) => Promise<Reply> {
  const { faults, ledger, listings, subscriptions, switches, nowMs } = options;
  const byId = new Map(options.blobs.map((blob) => [blob.contentId, blob]));
  let generalListings = 0;

  async function refusal(call: Call, route: Route): Promise<Reply | undefined> {
    const [scheme, token] = (headerValue(call, 'authorization') ?? '').split(' ');
    const claims = scheme?.toLowerCase() === 'bearer' && token ? await options.tokens.verify(token) : undefined;
    // Documented audience: the host of the cloud. The simulator's own origin counts too, because a client that is
    // pointed at another host asks for a token for that host.
    const audiences = ['https://manage.office.com', options.origin()];
    if (!claims || !audiences.includes(claims.audience)) return denied();
    // Management Activity API: AF20013 not a GUID, AF20010 URL and token disagree, AF10001 role missing.
    if (!guid.test(route.tenantId)) return apiError('AF20013', route.tenantId);
    if (route.tenantId.toLowerCase() !== claims.tenantId.toLowerCase())
      return apiError('AF20010', route.tenantId, claims.tenantId);
    if (!claims.roles.includes('ActivityFeed.Read')) return apiError('AF10001', claims.roles.join(' '));
    return undefined;
  }

  function contentType(call: Call): string | Reply {
    const value = queryValue(call.query, 'contentType');
    if (!value) return apiError('AF20001', 'contentType');
    return contentTypes.find((name) => name.toLowerCase() === value.toLowerCase()) ?? apiError('AF20020');
  }

  function change(call: Call, route: Route): Reply {
    const type = contentType(call);
    if (typeof type !== 'string') return type;
    const time = new Date(nowMs()).toISOString();
    if (route.kind === 'stop') {
      const reply = subscriptions.stop(type);
      ledger.stopped({ contentType: type, time, status: reply.status });
      return reply;
    }
    // Management Activity API: a webhook is validated at start; there is nobody to validate here.
    const reply = /"address"/.test(call.body) ? apiError('AF20021', 'webhook') : subscriptions.start(type);
    ledger.started({ contentType: type, time, status: reply.status });
    return reply;
  }

  function content(call: Call, route: Route): { readonly key: string; readonly reply: () => Reply } {
    const fail = (reply: Reply): { readonly key: string; readonly reply: () => Reply } => {
      if (route.kind === 'listing') ledger.listing(askedWindow(call.query), 0);
      return { key: 'problem', reply: () => reply };
    };
    const type = contentType(call);
    if (typeof type !== 'string') return fail(type);
    if (type === 'Audit.General') {
      generalListings += 1;
      if (generalListings === 2 && faults.has('subscription-disabled-once') && subscriptions.disable(type))
        ledger.fault('subscription-disabled-once');
    }
    const problem = subscriptions.problem(type);
    if (problem) {
      if (faults.has('subscription-absent')) ledger.fault('subscription-absent');
      return fail(problem);
    }
    const window = toWindow(call.query, nowMs(), switches);
    if (route.kind === 'listing') {
      const asked = askedWindow(call.query) ?? ('startMs' in window ? window : undefined);
      ledger.listing(asked, 'status' in window ? window.status : 200);
    }
    if ('status' in window) return { key: 'problem', reply: () => window };
    if (route.kind === 'page') return listings.open(queryValue(call.query, 'nextPage') ?? '', type, window);
    return {
      key: `${type}|${window.startMs}|${window.endMs}`,
      reply: () => listings.page(type, window, 0),
    };
  }

  function blob(id: string): Reply {
    const found = byId.get(id);
    // Management Activity API: AF20052 malformed id, AF20050 does not exist, AF20051 expired.
    if (!found && !contentIdForm.test(id)) return apiError('AF20052', id);
    const fate = faults.fate(id);
    if (fate === 'missing' || fate === 'expired' || fate === 'broken-forever') ledger.fault(fate);
    if (!found || found.visibleMs > nowMs() || fate === 'missing' || fate === 'foreign-url')
      return apiError('AF20050', id);
    if (fate === 'expired' || expirationMs(found, switches) <= nowMs()) return apiError('AF20051', id);
    const reply = {
      status: 200,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: found.body(),
      delivery: 'whole',
    } as const;
    return fate === 'broken-forever' ? cut(reply) : { ...reply, onSent: () => ledger.blobServed(id) };
  }

  function real(call: Call, route: Route): { readonly key: string; readonly reply: () => Reply } {
    if (route.kind === 'blob') return { key: route.rest, reply: () => blob(route.rest) };
    if (route.kind === 'list') return { key: 'list', reply: () => subscriptions.list() };
    const { key, reply } = content(call, route);
    if (route.kind !== 'page') return { key, reply };
    return {
      key,
      reply: () => {
        const page = reply();
        return page.status === 200
          ? {
              ...page,
              onSent: () => {
                ledger.pageServed(key);
                return page.onSent?.();
              },
            }
          : page;
      },
    };
  }

  return async (call, route) => {
    const refused = await refusal(call, route);
    if (refused) return refused;
    if (route.kind === 'other') return noResource();
    const isChange = route.kind === 'start' || route.kind === 'stop';
    if (call.method !== (isChange ? 'POST' : 'GET'))
      return jsonReply(405, { Message: `The requested resource does not support http method '${call.method}'.` });
    const target = toTarget(route.kind);
    const publisherId = queryValue(call.query, 'PublisherIdentifier') ?? unknownPublisher;
    // Management Activity API: a tenant may send 2,000 requests a minute; then AF429 inside a 403.
    if (!options.withinQuota()) return throttled({ target: target ?? 'list', publisherId }, 403);
    if (!target) return change(call, route);
    const acceptsGzip = /\bgzip\b/.test(headerValue(call, 'accept-encoding') ?? '');
    const { key, reply } = real(call, route);
    const pageToken = queryValue(call.query, 'nextPage') ?? '';
    const faultCall: FaultCall = {
      target,
      key: `${target}:${key}`,
      publisherId,
      pageToken,
      acceptsGzip,
      nowMs: nowMs(),
      foreignOrigin: options.foreignOrigin(),
    };
    const injected = faults.inject(faultCall, reply);
    if (injected.fault === 'stale-page') listings.kill(pageToken);
    return faults.has('gzip') && acceptsGzip ? gzipped(injected.reply, () => ledger.fault('gzip')) : injected.reply;
  };
}

function toTarget(kind: RequestKind): FaultTarget | undefined {
  return kind === 'list' || kind === 'listing' || kind === 'page' || kind === 'blob' ? kind : undefined;
}

/** Whether the service compresses is documented nowhere; clients that send Accept-Encoding must be ready. */
function gzipped(reply: Reply, count: () => void): Reply {
  if (reply.status !== 200 || typeof reply.body !== 'string') return reply;
  count();
  return { ...reply, headers: { ...reply.headers, 'Content-Encoding': 'gzip' }, body: gzipSync(reply.body) };
}
