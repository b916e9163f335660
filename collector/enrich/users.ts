import { isGuid } from '../records/json-value.ts';
import type { Graph } from '../graph/contract.ts';
import { cache } from './cache.ts';
import type { UserFacts } from './facts.ts';
import type { Finder, FinderOptions, Finding } from './finder.ts';
import type { KnownPlans } from './license-plans.ts';
import { toNothing, unreadable } from './outcome.ts';
import { boolean, guid, items, part, text } from './wire.ts';

const SELECT = [
  'id,userPrincipalName,displayName,mail,department,jobTitle,country,usageLocation,officeLocation',
  'accountEnabled,userType,assignedPlans',
].join(',');
const QUERY = `?$select=${SELECT}&$expand=manager($select=id,userPrincipalName)`;

const userPart = part({
  id: text,
  userPrincipalName: text,
  displayName: text,
  mail: text,
  department: text,
  jobTitle: text,
  country: text,
  usageLocation: text,
  officeLocation: text,
  accountEnabled: boolean,
  userType: text,
  assignedPlans: items,
  manager: part({ userPrincipalName: text }),
});
const planPart = part({ servicePlanId: guid, capabilityStatus: text });

/** Path of one user; a name that begins with `$` needs the form with quotes (Graph, "Get a user"). */
export function toUserPath(id: string): string {
  const name = encodeURIComponent(id.toWellFormed());
  return (id.startsWith('$') ? `/users('${name.replaceAll("'", "''")}')` : `/users/${name}`) + QUERY;
}

/** Null when the answer does not say which plans there are, when no plan counts, or when one of another id might. */
function isLicensed(plans: readonly unknown[] | null, { ids, others }: KnownPlans): boolean | null {
  if (plans === null) return null;
  const hasOne = plans.some((item) => {
    const plan = planPart.parse(item);
    // Warning: the subscription has expired, and works on for a while.
    const isActive = /^(?:Enabled|Warning)$/i.test(plan?.capabilityStatus ?? '');
    return isActive && ids.has(plan?.servicePlanId ?? '');
  });
  return hasOne || (ids.size > 0 && others === 'none') ? hasOne : null;
}

function isGuest(userType: string | null, upn: string | null): boolean | null {
  if (upn?.includes('#ext#') === true) return true;
  return userType === null ? null : /^guest$/i.test(userType);
}

/** A user from Graph's answer, asked for by `asked`; null when it is no user. */
export function toUser(body: unknown, asked: string, plans: KnownPlans): Finding<UserFacts> | null {
  const user = userPart.parse(body);
  if (user === null || user.id === null) return null;
  const upn = user.userPrincipalName?.toLowerCase() ?? null;
  const key = upn ?? asked;
  const aliases = new Set([user.id.toLowerCase(), user.mail?.toLowerCase() ?? key, asked]);
  aliases.delete(key);
  return {
    key,
    aliases: [...aliases],
    facts: {
      kind: 'user',
      userPrincipalName: upn,
      displayName: user.displayName,
      department: user.department,
      jobTitle: user.jobTitle,
      country: user.country ?? user.usageLocation,
      office: user.officeLocation,
      manager: user.manager?.userPrincipalName?.toLowerCase() ?? null,
      accountEnabled: user.accountEnabled,
      isGuest: isGuest(user.userType, upn),
      hasCopilotLicense: isLicensed(user.assignedPlans, plans),
    },
  };
}

/** Users of the directory, by user principal name or object id in lower case. Needs User.Read.All. */
export function users(
  options: FinderOptions & {
    readonly graph: Graph;
    readonly plans: () => Promise<KnownPlans>;
    readonly onFound: (upn: string) => void;
  },
): Finder<string, UserFacts> {
  const { graph, plans, onFound, max, now, onAnswer } = options;
  return cache({
    max,
    now,
    onAnswer,
    async read(id) {
      const [answer, known] = await Promise.all([graph.get('v1.0', toUserPath(id)), plans()]);
      if (answer.kind !== 'found') return toNothing(answer);
      const user = toUser(answer.body, id, known);
      if (user === null) return unreadable;
      if (!isGuid(user.key)) onFound(user.key);
      return {
        kind: 'found',
        value: user,
        isPartial: known.others === 'owed' && user.facts.hasCopilotLicense === null,
      };
    },
  });
}
