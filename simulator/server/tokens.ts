import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { exchangeAudience, exchangeIssuer } from './trust.ts';

/** What an API reads from an access token. */
export interface Claims {
  readonly audience: string;
  readonly tenantId: string;
  readonly roles: readonly string[];
  /** Object id of the service principal. */
  readonly objectId: string;
}

/** Signs tokens as Entra does, and checks them as an API does. */
export interface TokenIssuer {
  /** A signed token and its lifetime in seconds. */
  issue(claims: Claims, applicationId: string, lifetimeSeconds: number): Promise<string>;
  /** The claims of a token that this issuer signed and that has not expired; undefined otherwise. */
  verify(token: string): Promise<Claims | undefined>;
  /** The raw payload under the same conditions. */
  payload(token: string): Promise<JWTPayload | undefined>;
  readonly keys: { readonly keys: readonly unknown[] };
  /** What an application elsewhere that trusts these tokens checks them with. */
  readonly publicKey: CryptoKey;
}

/**
 * An issuer with its own RS256 key. Token times are on the machine's clock, not the simulated one: the client's
 * token cache can use no other, and a token that only the simulator holds for expired could never be renewed.
 */
export async function tokenIssuer(tenantId: string): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  // Entra: v1.0 tokens, which the Management API gets, name sts.windows.net as their issuer.
  const issuer = `https://sts.windows.net/${tenantId}/`;
  const verified = new Map<string, JWTPayload>();

  async function payload(token: string): Promise<JWTPayload | undefined> {
    const known = verified.get(token);
    if (known) return (known.exp ?? 0) > Date.now() / 1000 ? known : undefined;
    try {
      const checked = await jwtVerify(token, publicKey, {
        algorithms: ['RS256'],
        issuer: [issuer, exchangeIssuer(tenantId)],
      });
      verified.set(token, checked.payload);
      return checked.payload;
    } catch {
      return undefined;
    }
  }

  return {
    publicKey,
    keys: { keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }] },
    payload,
    issue: (claims, applicationId, lifetimeSeconds) => {
      const iat = Math.floor(Date.now() / 1000);
      // Entra: application tokens carry appid, idtyp app, oid and sub of the service principal, and its roles.
      return (
        new SignJWT({
          appid: applicationId,
          idtyp: 'app',
          oid: claims.objectId,
          roles: [...claims.roles],
          sub: claims.objectId,
          tid: claims.tenantId,
          uti: randomUUID(),
          ver: '1.0',
        })
          .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
          // Those for an exchange are v2.0 tokens.
          .setIssuer(claims.audience === exchangeAudience ? exchangeIssuer(tenantId) : issuer)
          .setAudience(claims.audience)
          .setIssuedAt(iat)
          .setNotBefore(iat)
          .setExpirationTime(iat + lifetimeSeconds)
          .sign(privateKey)
      );
    },
    verify: async (token) => {
      const found = await payload(token);
      if (!found || typeof found.aud !== 'string' || typeof found['tid'] !== 'string') return undefined;
      const roles: readonly unknown[] = Array.isArray(found['roles']) ? found['roles'] : [];
      return {
        audience: found.aud,
        tenantId: found['tid'],
        roles: roles.filter((role) => typeof role === 'string'),
        objectId: typeof found['oid'] === 'string' ? found['oid'] : '',
      };
    },
  };
}
