/** Roles of an access token; it is read, not verified: the API does that. */
export function rolesOf(token: string): readonly string[] {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  if (typeof claims !== 'object' || claims === null || !('roles' in claims) || !Array.isArray(claims.roles)) return [];
  return claims.roles.filter((role) => typeof role === 'string');
}
