/** Who may ask for tokens: two registered applications and a managed identity. */
import { seededGuid } from './chance.ts';
import type { Principal, Switches } from './switches.ts';
import type { Trust } from './trust.ts';

/** An application registration and what it signs in with. */
export interface Application {
  readonly principal: Principal;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM certificate. */
  readonly certificate: string;
  /** Its federated credentials; absent: it trusts its own tenant's managed identity, and tokens in its own name. */
  readonly trusts?: readonly Trust[] | undefined;
}

/** What a principal may do, and the ids under which tokens name it. */
export interface Rights {
  /** Object id: `oid` and `sub` of its tokens. */
  readonly objectId: (principal: Principal) => string;
  /** Application roles of its tokens for an audience. */
  readonly roles: (principal: Principal, audience: string) => readonly string[];
  /** Whether the principal with this object id holds Monitoring Metrics Publisher on the data collection rule. */
  readonly mayPublish: (objectId: string) => boolean;
}

/** What tokens for Microsoft Graph name. */
export const graphAudience = 'https://graph.microsoft.com';

/** Rights as the switches give them. The origins are the simulator's own: a client that is pointed there asks for that. */
export function rights(options: {
  readonly seed: number | string;
  readonly applications: readonly Application[];
  readonly switches: Pick<Switches, 'readers' | 'publishers' | 'roles' | 'graphRoles'>;
  readonly origin: () => string;
  readonly graphOrigin: () => string;
}): Rights {
  const { switches } = options;
  const objectId = (principal: Principal): string =>
    options.applications.find((one) => one.principal === principal)?.clientId ?? seededGuid(options.seed, principal);
  return {
    objectId,
    roles: (principal, audience) => {
      if (!switches.readers.includes(principal)) return [];
      if (audience === 'https://manage.office.com' || audience === options.origin()) return switches.roles;
      return audience === graphAudience || audience === options.graphOrigin() ? switches.graphRoles : [];
    },
    mayPublish: (id) => switches.publishers.some((principal) => objectId(principal) === id),
  };
}
