import { isKnownResource } from './entra.ts';
import type { Rights } from './identities.ts';
import { headerValue, jsonReply, queryValue, type Call, type Reply } from './reply.ts';
import type { TokenIssuer } from './tokens.ts';
import { exchangeAudience } from './trust.ts';

/** Path of the endpoint, as Container Apps sets it in IDENTITY_ENDPOINT. */
export const identityPath = '/msi/token';

/** What the endpoint knows. */
export interface ManagedIdentityOptions {
  readonly tenantId: string;
  /** Client id of the identity; another client_id is refused. */
  readonly clientId: string;
  /** What X-IDENTITY-HEADER must carry: the endpoint's defence against request forgery. */
  readonly secret: string;
  readonly tokens: TokenIssuer;
  readonly rights: Rights;
  readonly lifetimeSeconds: () => number;
  readonly onIssued: () => void;
}

/** Container Apps and App Service: `GET {IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=`, plain http. */
export function managedIdentity(options: ManagedIdentityOptions): (call: Call) => Promise<Reply> {
  const problem = (status: number, message: string): Reply => jsonReply(status, { statusCode: status, message });
  return async (call) => {
    if (call.method !== 'GET' || call.path !== identityPath) return problem(404, 'Not found.');
    if (headerValue(call, 'x-identity-header') !== options.secret)
      return problem(401, 'X-IDENTITY-HEADER is missing or wrong.');
    if (queryValue(call.query, 'api-version') !== '2019-08-01') return problem(400, 'api-version must be 2019-08-01.');
    const audience = (queryValue(call.query, 'resource') ?? '').replace(/\/$/, '');
    if (!isKnownResource(audience) && audience !== exchangeAudience)
      return problem(400, `AADSTS500011: The resource principal named ${audience} was not found in the tenant.`);
    const clientId = queryValue(call.query, 'client_id');
    if (clientId !== undefined && clientId !== options.clientId)
      return problem(400, `No User Assigned or Delegated Managed Identity found for client_id ${clientId}.`);
    const lifetime = options.lifetimeSeconds();
    const claims = {
      audience,
      tenantId: options.tenantId,
      roles: options.rights.roles('managed-identity', audience),
      objectId: options.rights.objectId('managed-identity'),
    };
    const token = await options.tokens.issue(claims, options.clientId, lifetime);
    options.onIssued();
    return jsonReply(200, {
      access_token: token,
      client_id: options.clientId,
      expires_on: String(Math.floor(Date.now() / 1000) + lifetime),
      resource: audience,
      token_type: 'Bearer',
    });
  };
}
