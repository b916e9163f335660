import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';

/** What tokens that stand for an application are for: Entra's documents name no other audience. */
export const exchangeAudience = 'api://AzureADTokenExchange';

/** Issuer of tokens that Entra gives a managed identity for an exchange. */
export const exchangeIssuer = (tenantId: string): string => `https://login.microsoftonline.com/${tenantId}/v2.0`;

/** A federated identity credential of an application: whose tokens it trusts. All three are compared as they are. */
export interface Trust {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Public key of the issuer, which Entra reads from its discovery document. */
  readonly publicKey: CryptoKey;
}

/** Why an assertion is not taken, as Entra's code and text. */
export interface Distrust {
  readonly status: 400 | 401;
  readonly code: number;
  readonly text: string;
}

/**
 * Claims, which nobody has checked, of a JWT that somebody else signed; undefined for one that the application signed
 * with a certificate, which names it or its thumbprint.
 */
export function foreignClaims(assertion: string, clientId: string): JWTPayload | undefined {
  try {
    const claims = decodeJwt(assertion);
    const isOwn = claims.iss === clientId || decodeProtectedHeader(assertion)['x5t#S256'] !== undefined;
    return isOwn ? undefined : claims;
  } catch {
    return undefined;
  }
}

/** Checks an assertion as Entra does: issuer, subject, audience, then signature and time; undefined: it is trusted. */
export async function distrust(
  assertion: string,
  { iss, sub, aud }: JWTPayload,
  trusts: readonly Trust[],
): Promise<Distrust | undefined> {
  const unmatched = (code: number, what: string, value: unknown): Distrust => ({
    status: 400,
    code,
    text: `No matching federated identity record found for presented assertion ${what} '${String(value)}'.`,
  });
  const ofIssuer = trusts.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) return unmatched(700211, 'issuer', iss);
  const ofSubject = ofIssuer.filter(({ subject }) => subject === sub);
  if (ofSubject.length === 0) return unmatched(700213, 'subject', sub);
  const trust = ofSubject.find(({ audience }) => audience === aud);
  if (trust === undefined) return unmatched(700212, 'audience', aud);
  try {
    // Like other assertions: their times are the machine's.
    await jwtVerify(assertion, trust.publicKey, { algorithms: ['RS256'], requiredClaims: ['exp'] });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return { status: 401, code: 700024, text: 'Client assertion is not within its valid time range.' };
    return { status: 401, code: 50013, text: 'Assertion failed signature validation.' };
  }
}
