import type { FeedBlob } from '../feed-blob.ts';
import type { Past } from '../past.ts';
import type { Tenant } from '../tenant/tenant.ts';
import { activityFeed, feedRoute } from './activity-feed.ts';
import type { Certificates } from './certificates.ts';
import { entra } from './entra.ts';
import { changingFaults } from './fault-injector.ts';
import { sides } from './graph/audit-query-sides.ts';
import { graphTenant } from './graph/graph-tenant.ts';
import { rights, type Application } from './identities.ts';
import { ingestionTenant } from './ingestion-tenant.ts';
import { listener, type Listener } from './listener.ts';
import { listings } from './listings.ts';
import { feedMoments, type FeedMoment, type OnIngestion, type OnMoment } from './moments.ts';
import { identityPath, managedIdentity } from './managed-identity.ts';
import { quota } from './quota.ts';
import { ledger, type Report, type RequestKind } from './report.ts';
import { headerValue, jsonReply, queryValue, type Call } from './reply.ts';
import type { StoredRow } from './row-intake.ts';
import type { Streams } from './streams.ts';
import { subscriptions } from './subscriptions.ts';
import type { Switches } from './switches.ts';
import { tokenIssuer } from './tokens.ts';
import { exchangeAudience } from './trust.ts';

/** What the servers of one tenant need. */
export interface ServersOptions {
  readonly tenant: Tenant;
  /** The collector's own application first; the managed identity answers to its client id. */
  readonly applications: readonly [Application, ...Application[]];
  readonly identitySecret: string;
  readonly certificates: Certificates;
  readonly blobs: readonly FeedBlob[];
  readonly past?: Past | undefined;
  readonly clock: () => number;
  readonly port: number;
  readonly seed: number | string;
  readonly faults: readonly string[];
  readonly pageSize: number;
  readonly switches: Switches;
  readonly workspaceId: string;
  readonly immutableId: string;
  readonly streams: Streams;
  /** Epoch milliseconds of Azure Monitor, which stamps what it receives. */
  readonly ingestionClock: () => number;
  readonly rowsDirectory?: string | undefined;
  readonly onIngestion?: OnIngestion | undefined;
  readonly onFeed?: OnMoment<FeedMoment> | undefined;
}

/**
 * Five listeners: Entra and the feed over https, the managed identity over http, Azure Monitor's ingestion over https,
 * Microsoft Graph over https, and a foreign host over https.
 */
export interface Servers {
  readonly url: string;
  readonly ingestionUrl: string;
  readonly graphUrl: string;
  readonly identityUrl: string;
  readonly foreignUrl: string;
  /** A signed token for api://AzureADTokenExchange that lives `lifetimeSeconds`. */
  readonly federatedToken: (lifetimeSeconds: number) => Promise<string>;
  readonly stored: (table: string) => readonly StoredRow[];
  report(asOfMs: number): Report;
  readonly setFaults: (names: readonly string[]) => void;
  close(): Promise<void>;
}

// Long enough to get going, short enough to run out while a client works.
const shortTokenSeconds = 3;
const skewMs = 600_000;

/** Starts the servers on loopback. */
export async function servers(options: ServersOptions): Promise<Servers> {
  const { tenant, switches, clock, applications } = options;
  const views = sides(options);
  const blobs = views.feed;
  const tenantId = tenant.id;
  const { clientId } = applications[0];
  const book = ledger(clock);
  const faults = changingFaults({
    seed: options.seed,
    names: options.faults,
    blobs,
    nowMs: clock(),
    count: (name) => book.fault(name),
  });
  const tokens = await tokenIssuer(tenantId);
  let [issued, origin, graphOrigin, foreignOrigin] = [0, '', '', ''];
  const granted = rights({
    seed: options.seed,
    applications,
    switches,
    origin: () => origin,
    graphOrigin: () => graphOrigin,
  });
  const shared = {
    tenantId,
    clientId,
    tokens,
    rights: granted,
    lifetimeSeconds: () =>
      issued === 0 && faults.has('unauthorized-once') ? shortTokenSeconds : switches.tokenSeconds,
    onIssued: () => {
      issued += 1;
      book.tokenIssued();
    },
  };
  const common = { nowMs: clock, switches, blobs, tenantId, origin: () => origin, foreignOrigin: () => foreignOrigin };
  const feed = activityFeed({
    ...common,
    tokens,
    faults,
    ledger: book,
    subscriptions: subscriptions({
      general: faults.has('subscription-absent') ? 'absent' : switches.subscription,
      switches,
      nowMs: clock,
    }),
    listings: listings({
      ...common,
      pageSize: options.pageSize,
      fate: (id) => faults.fate(id),
      onListed: (ids, nextPageKey) => {
        book.blobsListed(ids);
        if (nextPageKey !== undefined) book.pageAnnounced(nextPageKey);
      },
    }),
    withinQuota: quota(switches.quotaPerMinute),
  });
  const tokenService = entra({
    ...shared,
    applications,
    origin: () => origin,
  });
  const azure = ingestionTenant({
    ...options,
    tokens,
    rights: granted,
    faults,
    countFault: (name) => book.fault(name),
  });
  const graph = graphTenant({
    ...options,
    tokens,
    faults,
    countFault: (name) => book.fault(name),
    sides: views,
    nowMs: clock,
    origin: () => graphOrigin,
    foreignOrigin: () => foreignOrigin,
  });
  const withMoments = feedMoments(options.onFeed);
  const tls = options.certificates.server;
  const wire = { dateMs: clock, slowMs: switches.slowMs };
  const open: Listener[] = [];
  const listen = async (settings: Parameters<typeof listener>[0]): Promise<string> => {
    const one = await listener(settings);
    open.push(one);
    return one.origin;
  };
  foreignOrigin = await listen({
    ...wire,
    port: 0,
    tls,
    handle: (call) => {
      const hasToken = headerValue(call, 'authorization') !== undefined;
      const download = graph.download(call, hasToken);
      // A download is a foreign host's business only if it is sent a token.
      if (!download || hasToken) book.foreign(hasToken);
      return download ?? jsonReply(200, []);
    },
  });
  const identityOrigin = await listen({
    ...wire,
    port: 0,
    handle: managedIdentity({ ...shared, secret: options.identitySecret }),
    onRequest: () => book.request('token', undefined),
  });
  const ingestionUrl = await listen({
    ...azure.listening,
    port: 0,
    tls,
    dateMs: options.ingestionClock,
    slowMs: switches.slowMs,
  });
  graphOrigin = await listen({ ...wire, port: 0, tls, handle: graph.handle });
  origin = await listen({
    port: options.port,
    tls,
    slowMs: switches.slowMs,
    // Management Activity API: the Date header is the service's clock; clients use it to correct their own.
    dateMs: () => clock() + (faults.has('clock-skew') ? skewMs : 0),
    handle: async (call) => {
      const route = feedRoute(call);
      if (route) return withMoments(await feed(call, route), route.kind);
      return (await tokenService(call)) ?? jsonReply(404, { Message: 'Not found.' });
    },
    onRequest: (call) => book.request(toKind(call), queryValue(call.query, 'PublisherIdentifier')),
  });
  return {
    url: origin,
    ingestionUrl,
    graphUrl: graphOrigin,
    identityUrl: `${identityOrigin}${identityPath}`,
    foreignUrl: foreignOrigin,
    federatedToken: (lifetimeSeconds) =>
      tokens.issue({ audience: exchangeAudience, tenantId, roles: [], objectId: clientId }, clientId, lifetimeSeconds),
    stored: azure.stored,
    report: (asOfMs) =>
      book.report(asOfMs, blobs, faults.unavailable(), {
        ...azure.report(),
        graph: graph.report(),
        auditQueries: graph.auditReport(),
      }),
    setFaults: faults.change,
    close: async () => {
      await Promise.all(open.map((one) => one.close()));
    },
  };
}

function toKind(call: Call): RequestKind {
  const route = feedRoute(call);
  if (route) return route.kind;
  if (call.path.endsWith('/oauth2/v2.0/token')) return 'token';
  return call.path.includes('/v2.0/') ? 'discovery' : 'other';
}
