/** Microsoft Graph on loopback: tokens, batches, permissions, limits and faults around the services. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { shuffled } from '../chance.ts';
import type { FaultTarget } from '../fault.ts';
import type { FaultInjector } from '../fault-injector.ts';
import { graphAudience } from '../identities.ts';
import { headerValue, type Call, type Reply } from '../reply.ts';
import type { TokenIssuer } from '../tokens.ts';
import { toAsk, toVersion, type Ask, type Version } from './ask.ts';
import type { AuditQueries } from './audit-query.ts';
import { batchItems, toItem, type BatchItem } from './batch.ts';
import { catalogService } from './catalog.ts';
import { directory, directoryService } from './directory.ts';
import type { GraphLedger } from './ledger.ts';
import { limits } from './limits.ts';
import { found, refused, toOutcome, toReply, type Outcome } from './outcome.ts';
import type { Service, World } from './resource.ts';
import { sharepointService } from './sharepoint.ts';
import { teamsService } from './teams.ts';
import { usageService } from './usage.ts';

/** What Graph needs beyond the world that its services show. */
export interface GraphOptions extends World {
  readonly seed: number | string;
  readonly tokens: TokenIssuer;
  readonly faults: FaultInjector;
  readonly ledger: GraphLedger;
  readonly auditQueries: AuditQueries;
}

/** Answers requests to Graph. */
export function graph(options: GraphOptions): (call: Call) => Promise<Reply> {
  const { ledger, faults, switches } = options;
  // Indexes of a large tenant take a second, and most runs never ask.
  let services: readonly Service[] | undefined;
  const withinLimits = limits(switches);

  function answered(ask: Ask | undefined, roles: readonly string[]): Outcome {
    if (ask === undefined) return refused(400, 'BadRequest', 'The request URI is not valid.');
    services ??= allServices(options);
    for (const service of services) {
      const resource = service(ask);
      if (resource === undefined) continue;
      const outcome = answerOf(resource, ask, roles);
      ledger.subRequest(resource.kind, resource.key, outcome.status);
      return outcome;
    }
    ledger.subRequest('unknown', '', 404);
    return refused(404, 'ResourceNotFound', `Resource not found for the segment '${ask.segments.at(0) ?? ''}'.`);
  }

  function answerOf(resource: NonNullable<ReturnType<Service>>, ask: Ask, roles: readonly string[]): Outcome {
    if (!(resource.methods ?? ['GET']).includes(ask.method)) {
      ledger.write();
      return resource.kind === 'report-settings'
        ? resource.denied()
        : refused(
            405,
            'Request_BadRequest',
            `Specified HTTP method '${ask.method}' is not allowed for the request target.`,
          );
    }
    const throttled = withinLimits(resource.cost);
    if (throttled) return throttled;
    return resource.roles.some((role) => roles.includes(role)) ? resource.answer() : resource.denied();
  }

  function injected(target: FaultTarget, key: string, real: () => Outcome): Reply {
    if (!faults.isActive) return toReply(real());
    const about = { target, key, publisherId: '', pageToken: '', acceptsGzip: false, foreignOrigin: '' };
    return faults.inject({ ...about, nowMs: options.nowMs() }, () => toReply(real())).reply;
  }

  function item({ id, method, url }: BatchItem, version: Version, roles: readonly string[]): unknown {
    const real = (): Outcome => answered(toAsk(version, method, url), roles);
    if (!faults.isActive) return toItem(id, real());
    return toItem(id, toOutcome(injected('graph-item', `${version} ${url}`, real)));
  }

  function batch(call: Call, version: Version, roles: readonly string[]): Reply {
    ledger.batch();
    const items = batchItems(call);
    if (!('map' in items)) return toReply(items);
    const key = createHash('sha256')
      .update(
        items
          .map(({ url }) => url)
          .sort()
          .join('\n'),
      )
      .digest('hex');
    return injected('graph-batch', `${version} ${key}`, () => {
      const responses = items.map((one) => item(one, version, roles));
      // Graph answers in any order.
      return found({ responses: shuffled(responses, options.seed, call.nth) });
    });
  }

  return async (call) => {
    ledger.request();
    if (switches.graphLatencyMs > 0) await pause(switches.graphLatencyMs);
    const at = toVersion(call.path);
    if (at === undefined) return toReply(refused(404, 'UnknownError', 'Give v1.0 or beta as the version.'));
    const checked = await checkedToken(call, options);
    if ('status' in checked) {
      ledger.unauthorized();
      return toReply(checked);
    }
    if (/^\/(\$|%24)batch$/i.test(at.rest)) {
      if (call.method === 'POST') return batch(call, at.version, checked.roles);
      return toReply(refused(405, 'BadRequest', 'Only POST is allowed for $batch.'));
    }
    const query = call.query.size > 0 ? `?${call.query.toString()}` : '';
    const ask = toAsk(at.version, call.method, `${at.rest}${query}`);
    const withBody = ask && { ...ask, body: call.body };
    // What is sent tells requests to the same address apart.
    const sent = call.body === '' ? '' : ` ${createHash('sha256').update(call.body).digest('hex')}`;
    return injected('graph', `${at.version} ${at.rest}${query}${sent}`, () => answered(withBody, checked.roles));
  };
}

function allServices(world: World & Pick<GraphOptions, 'auditQueries'>): readonly Service[] {
  const people = directory(world);
  return [
    directoryService(world, people),
    sharepointService(world, people),
    teamsService(world, people),
    catalogService(world),
    usageService(world, people),
    world.auditQueries.service,
  ];
}

async function checkedToken(
  call: Call,
  { tokens, origin, tenant }: GraphOptions,
): Promise<{ readonly roles: readonly string[] } | Outcome> {
  const invalid = (message: string): Outcome =>
    refused(401, 'InvalidAuthenticationToken', message, {
      'WWW-Authenticate': `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"`,
    });
  const token = /^Bearer\s+(\S+)$/i.exec(headerValue(call, 'authorization') ?? '')?.[1];
  if (token === undefined) return invalid('Access token is empty.');
  const claims = await tokens.verify(token);
  if (claims === undefined)
    return invalid('Lifetime validation failed, the token is expired or not signed by a known key.');
  if (claims.audience !== graphAudience && claims.audience !== origin())
    return invalid('Access token validation failure. Invalid audience.');
  if (claims.tenantId !== tenant.id) return invalid('The tenant of the access token is not known.');
  return { roles: claims.roles };
}
