import { createPublicKey, randomUUID, X509Certificate, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { Application, Rights } from './identities.ts';
import { jsonReply, type Call, type Reply } from './reply.ts';
import type { TokenIssuer } from './tokens.ts';
import { distrust, exchangeAudience, exchangeIssuer, foreignClaims } from './trust.ts';

/** What the token service knows. */
export interface EntraOptions {
  readonly tenantId: string;
  readonly applications: readonly Application[];
  readonly origin: () => string;
  readonly tokens: TokenIssuer;
  readonly rights: Rights;
  /** Seconds that the next token lives. */
  readonly lifetimeSeconds: () => number;
  readonly onIssued: () => void;
}

// Resources that a tenant knows; Entra refuses scopes of others with AADSTS500011.
const resources: readonly string[] = [
  'https://manage.office.com',
  'https://manage-gcc.office.com',
  'https://manage.office365.us',
  'https://manage.protection.apps.mil',
  'https://graph.microsoft.com',
  'https://graph.microsoft.us',
  'https://dod-graph.microsoft.us',
  'https://monitor.azure.com',
  'https://monitor.azure.us',
  'https://monitor.azure.cn',
  'https://storage.azure.com',
  'https://management.azure.com',
];
// Entra allows for clocks that differ by five minutes; clients round nbf up.
const clockSkewSeconds = 300;
const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** Whether a token may be asked for; loopback stands for services that tests run themselves. */
export function isKnownResource(resource: string): boolean {
  return resources.includes(resource) || loopback.test(resource);
}

/** Answers Entra's discovery, key and token endpoints; undefined when the path is none of them. */
export function entra(options: EntraOptions): (call: Call) => Promise<Reply | undefined> {
  const registered = new Map(options.applications.map((one) => [one.clientId, { ...one, ...keyOf(one.certificate) }]));
  const tokenEndpoint = (): string => `${options.origin()}/${options.tenantId}/oauth2/v2.0/token`;

  async function token(form: URLSearchParams): Promise<Reply> {
    const given = (name: string): string => form.get(name) ?? '';
    for (const name of ['grant_type', 'client_id', 'scope']) {
      if (given(name) === '')
        return oauthError(
          400,
          'invalid_request',
          900144,
          `The request body must contain the following parameter: '${name}'.`,
        );
    }
    if (given('grant_type') !== 'client_credentials')
      return oauthError(
        400,
        'unsupported_grant_type',
        70003,
        `The app requested an unsupported grant type '${given('grant_type')}'.`,
      );
    const application = registered.get(given('client_id'));
    if (application === undefined)
      return oauthError(
        400,
        'unauthorized_client',
        700016,
        `Application with identifier '${given('client_id')}' was not found in the directory.`,
      );
    const refused = form.has('client_assertion')
      ? await assertionProblem(form, application)
      : secretProblem(given('client_secret'), application);
    if (refused) return refused;
    // Entra: client credential flows take exactly one resource, suffixed with /.default.
    if (!given('scope').endsWith('/.default'))
      return oauthError(
        400,
        'invalid_scope',
        1002012,
        `The provided value for scope ${given('scope')} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
      );
    const audience = given('scope').slice(0, -'/.default'.length);
    if (!isKnownResource(audience))
      return oauthError(
        400,
        'invalid_resource',
        500011,
        `The resource principal named ${audience} was not found in the tenant.`,
      );
    const lifetime = options.lifetimeSeconds();
    const claims = {
      audience,
      tenantId: options.tenantId,
      roles: options.rights.roles(application.principal, audience),
      objectId: options.rights.objectId(application.principal),
    };
    const accessToken = await options.tokens.issue(claims, application.clientId, lifetime);
    options.onIssued();
    return jsonReply(
      200,
      { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token: accessToken },
      { 'Cache-Control': 'no-store, no-cache' },
    );
  }

  /** The tenant's own managed identity, and a token file that names the application. */
  const ownTrusts = (clientId: string) =>
    [options.rights.objectId('managed-identity'), clientId].map((subject) => ({
      issuer: exchangeIssuer(options.tenantId),
      subject,
      audience: exchangeAudience,
      publicKey: options.tokens.publicKey,
    }));

  function secretProblem(secret: string, application: Application): Reply | undefined {
    if (secret === '')
      return oauthError(
        401,
        'invalid_client',
        7000216,
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
      );
    if (secret !== application.clientSecret)
      return oauthError(
        401,
        'invalid_client',
        7000215,
        `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${application.clientId}'.`,
      );
    return undefined;
  }

  async function assertionProblem(
    form: URLSearchParams,
    { clientId, publicKey, thumbprint, trusts }: Application & ApplicationKey,
  ): Promise<Reply | undefined> {
    const assertion = form.get('client_assertion') ?? '';
    const invalid = (why: string): Reply =>
      oauthError(401, 'invalid_client', 700027, `Client assertion failed validation: ${why}`);
    if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      return invalid('client_assertion_type must be jwt-bearer.');
    const claims = foreignClaims(assertion, clientId);
    if (claims !== undefined) {
      const problem = await distrust(assertion, claims, trusts ?? ownTrusts(clientId));
      return problem && oauthError(problem.status, 'invalid_client', problem.code, problem.text);
    }
    try {
      const header = decodeProtectedHeader(assertion);
      if (header['x5t#S256'] !== thumbprint)
        return invalid(`The key was not found: thumbprint ${String(header['x5t#S256'])}.`);
      // Entra: RS256 or PS256; aud is the token endpoint, iss and sub are the application. The times are the
      // machine's, because the client signs with that clock.
      const { payload } = await jwtVerify(assertion, publicKey, {
        algorithms: ['PS256', 'RS256'],
        audience: tokenEndpoint(),
        issuer: clientId,
        subject: clientId,
        requiredClaims: ['exp', 'jti'],
        clockTolerance: clockSkewSeconds,
      });
      return payload.exp === undefined ? invalid('no expiry.') : undefined;
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        return oauthError(401, 'invalid_client', 700024, 'Client assertion is not within its valid time range.');
      return invalid(String(error));
    }
  }

  return async (call) => {
    const match =
      /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|discovery\/v2\.0\/keys|oauth2\/v2\.0\/token)$/.exec(
        call.path,
      );
    if (!match) return undefined;
    const [, tenant = '', endpoint = ''] = match;
    if (tenant.toLowerCase() !== options.tenantId.toLowerCase())
      return oauthError(
        400,
        'invalid_request',
        90002,
        `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
      );
    const base = `${options.origin()}/${options.tenantId}`;
    if (endpoint === 'discovery/v2.0/keys') return jsonReply(200, options.tokens.keys);
    if (endpoint === 'oauth2/v2.0/token') {
      if (call.method !== 'POST')
        return oauthError(
          400,
          'invalid_request',
          900561,
          'The endpoint only accepts POST requests. Received a GET request.',
        );
      return token(new URLSearchParams(call.body));
    }
    return jsonReply(200, {
      token_endpoint: tokenEndpoint(),
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    });
  };
}

interface ApplicationKey {
  readonly publicKey: KeyObject;
  readonly thumbprint: string;
}

/** x5t#S256 (RFC 7515 4.1.8): base64url of the SHA-256 of the DER certificate. */
function keyOf(certificate: string): ApplicationKey {
  const { fingerprint256 } = new X509Certificate(certificate);
  const thumbprint = Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
  return { publicKey: createPublicKey(certificate), thumbprint };
}

/** An error in Entra's form, with the ids that support asks for. */
function oauthError(status: number, error: string, code: number, text: string): Reply {
  const [trace, correlation] = [randomUUID(), randomUUID()];
  const timestamp = new Date()
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
  return jsonReply(status, {
    error,
    error_description: `AADSTS${code}: ${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}
