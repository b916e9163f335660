import { chance, guid, hex8, int, pickWeighted, type Random } from '../random.ts';
import type { User } from '../tenant/user.ts';
import type { Scene, WireRecord } from './scene.ts';

/** What differs between families in the common part of a record. */
export interface EnvelopeOptions {
  readonly recordType: number;
  readonly operation: string;
  readonly workload?: string;
  /** UserType; 0 (Regular) by default. */
  readonly userType?: number;
  /** Instead of the user's own. */
  readonly userId?: string;
  readonly userKey?: string;
  /** False for services that have no client. */
  readonly client?: 'none';
}

/**
 * The common fields (Management Activity API schema, "Common schema") with the variance of the wire.
 * Draws the same numbers from `scene.next` for every part, so that twins agree on who acted.
 */
export function envelope(scene: Scene, options: EnvelopeOptions): WireRecord {
  const { next, user } = scene;
  const [userId, userKey] = identity(next, user);
  const ip = clientIp(next, user);
  const rare = next();
  const version = next();
  return {
    CreationTime: creationTime(scene.timeMs, next()),
    Id: scene.id,
    Operation: options.operation,
    OrganizationId: scene.tenant.id,
    RecordType: options.recordType,
    ResultStatus: rare < 0.03 ? 'Success' : undefined,
    UserKey: options.userKey ?? userKey,
    UserType: options.userType ?? (user.guest && version < 0.5 ? 10 : user.admin && version < 0.2 ? 2 : 0),
    Version: version < 0.99 ? 1 : undefined,
    Workload: options.workload ?? 'Copilot',
    ClientIP: options.client === 'none' ? undefined : ip,
    ObjectId: rare > 0.98 ? '' : undefined,
    UserId: options.userId ?? userId,
    ClientRegion: rare > 0.9 && rare < 0.93 ? undefined : user.usageLocation,
    Scope: rare > 0.95 && rare < 0.97 ? 1 : undefined,
    AppAccessContext:
      rare > 0.05 && rare < 0.08
        ? {
            AADSessionId: guid(next),
            CorrelationId: guid(next),
            UniqueTokenId: hex8(next),
            IssuedAtTime: '1601-01-01T00:00:00',
          }
        : undefined,
  };
}

/** UserId and UserKey: mostly UPN and object id, at times what a live feed shows instead. */
function identity(next: Random, user: User): readonly [string, string] {
  const draw = next();
  if (draw < 0.9) return [user.upn, user.id];
  if (draw < 0.95) return [user.upn, user.key];
  if (draw < 0.97) return [user.upn.toUpperCase(), user.id];
  if (draw < 0.985) return [user.id, user.id];
  if (draw < 0.99) return [user.displayName, user.id];
  if (draw < 0.995) return ['Not Available', 'Not Available'];
  return [`ServicePrincipal_${user.id}`, user.id];
}

/** The address as text: v4, v6 and the malformed forms of the wire; null or absent now and then. */
export function clientIp(next: Random, user: User): string | null | undefined {
  const [home, office, six] = user.addresses;
  const v4 = chance(next, 0.3) ? home : office;
  return pickWeighted<string | null | undefined>(next, [
    [0.82, v4],
    [0.09, six],
    [0.02, `::ffff:${v4}`],
    [0.01, `ffff:${v4}`],
    [0.02, `${v4}:${int(next, 1025, 65_000)}`],
    [0.01, `[${six}]:${int(next, 1025, 65_000)}`],
    [0.01, null],
    [0.02, undefined],
  ]);
}

/** Zone-less UTC to the second; rarely with fraction digits or a Z, as some services write it. */
function creationTime(timeMs: number, draw: number): string {
  const iso = new Date(timeMs).toISOString();
  if (draw < 0.98) return iso.slice(0, 19);
  if (draw < 0.99) return `${iso.slice(0, 19)}Z`;
  return `${iso.slice(0, 23)}0000`;
}
