import { isGuid } from '../records/json-value.ts';
import type { Graph } from '../graph/contract.ts';
import { cache } from './cache.ts';
import type { UserFacts } from './facts.ts';
import type { Finder, FinderOptions, Finding } from './finder.ts';
import { toNothing, toOutcome } from './outcome.ts';
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

/** Null when the answer does not say which plans there are, or when no plan counts. */
function isLicensed(plans: readonly unknown[] | null, planIds: ReadonlySet<string>): boolean | null {
  if (plans === null || planIds.size === 0) return null;
  return plans.some((item) => {
    const plan = planPart.parse(item);
    // Warning: the subscription has expired, and works on for a while.
    const isActive = /^(?:Enabled|Warning)$/i.test(plan?.capabilityStatus ?? '');
    return isActive && planIds.has(plan?.servicePlanId ?? '');
  });
}

function isGuest(userType: string | null, upn: string | null): boolean | null {
  if (upn?.includes('#ext#') === true) return true;
  return userType === null ? null : /^guest$/i.test(userType);
}

/** A user from Graph's answer, asked for by `asked`; null when it is no user. */
export function toUser(body: unknown, asked: string, planIds: ReadonlySet<string>): Finding<UserFacts> | null {
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
      hasCopilotLicense: isLicensed(user.assignedPlans, planIds),
    },
  };
}

/** Users of the directory, by user principal name or object id in lower case. Needs User.Read.All. */
export function users(
  options: FinderOptions & {
    readonly graph: Graph;
    readonly planIds: () => Promise<ReadonlySet<string>>;
    readonly onFound: (upn: string) => void;
  },
): Finder<string, UserFacts> {
  const { graph, planIds, onFound, max, now, onAnswer } = options;
  return cache({
    max,
    now,
    onAnswer,
    async read(id) {
      const [answer, ids] = await Promise.all([graph.get('v1.0', toUserPath(id)), planIds()]);
      if (answer.kind !== 'found') return toNothing(answer);
      const user = toUser(answer.body, id, ids);
      if (user !== null && !isGuid(user.key)) onFound(user.key);
      return toOutcome(user);
    },
  });
}
