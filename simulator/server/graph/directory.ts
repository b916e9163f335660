/** Users, their managers and licences, and what the tenant has bought. */
import { GRAPH_CANARIES } from '../../canaries.ts';
import { account, copilotSku, dormantUsers, officeSku, type Sku } from '../../tenant/account.ts';
import type { User } from '../../tenant/user.ts';
import type { Ask } from './ask.ts';
import { fields, optionProblem, page, pageKey, selected, type Shape, toExpands } from './options.ts';
import { found, notInDirectory, refused, type Outcome } from './outcome.ts';
import type { Resource, Service, World } from './resource.ts';

const shape: Shape = {
  type: 'microsoft.graph.user',
  code: 'BadRequest',
  // user resource type: without $select Graph returns these only.
  byDefault: [
    'businessPhones',
    'displayName',
    'givenName',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'userPrincipalName',
    'id',
  ],
  properties: fields(
    'id userPrincipalName displayName givenName surname mail department jobTitle country',
    'usageLocation officeLocation companyName accountEnabled userType assignedLicenses',
    'assignedPlans businessPhones mobilePhone preferredLanguage createdDateTime aboutMe city',
    'state employeeId proxyAddresses otherMails onPremisesSyncEnabled creationType',
  ),
};

const directoryRoles = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'];
const denied = (): Outcome =>
  refused(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

/** The people of a tenant by id and user principal name, dormant ones included. */
export interface Directory {
  readonly users: readonly User[];
  /** By object id or user principal name, whatever the casing. */
  readonly find: (idOrName: string) => User | undefined;
}

/** The directory of a world. */
export function directory({ tenant }: Pick<World, 'tenant'>): Directory {
  const users = [...tenant.users, ...dormantUsers(tenant.seed, tenant.users)];
  const known = new Map(
    users.flatMap((user) => [
      [user.id, user],
      [user.upn.toLowerCase(), user],
    ]),
  );
  return { users, find: (idOrName) => known.get(idOrName.toLowerCase()) };
}

/** `users`, `users/{id}` and `subscribedSkus`. */
export function directoryService(world: World, people: Directory): Service {
  const { tenant } = world;

  function values(user: User): Readonly<Record<string, unknown>> {
    const facts = account(tenant.seed, user);
    const [givenName, ...surname] = user.displayName.split(' ');
    return {
      id: user.id,
      userPrincipalName: user.upn,
      displayName: user.displayName,
      givenName,
      surname: surname.join(' '),
      mail: facts.mail,
      department: user.guest ? null : user.department,
      jobTitle: user.guest ? null : user.jobTitle,
      country: facts.country,
      usageLocation: user.usageLocation,
      officeLocation: user.guest ? null : user.office,
      companyName: facts.companyName,
      accountEnabled: facts.accountEnabled,
      userType: user.guest ? 'Guest' : 'Member',
      assignedLicenses: facts.skuIds.map((skuId) => ({ disabledPlans: [], skuId })),
      assignedPlans: facts.plans.map(({ id, service, status }) => ({
        assignedDateTime: facts.createdTime,
        capabilityStatus: status,
        service,
        servicePlanId: id,
      })),
      businessPhones: [],
      mobilePhone: GRAPH_CANARIES[1],
      aboutMe: GRAPH_CANARIES[1],
      createdDateTime: facts.createdTime,
      proxyAddresses: facts.mail === null ? [] : [`SMTP:${facts.mail}`],
      otherMails: [],
    };
  }

  function withManager(user: User, ask: Ask): Readonly<Record<string, unknown>> {
    const wanted = toExpands(ask.options.get('$expand') ?? '').find(({ name }) => name === 'manager');
    const own = selected(values(user), shape, ask.options.get('$select'));
    const manager = wanted && user.managerId !== null ? people.find(user.managerId) : undefined;
    if (!wanted || !manager) return own;
    const about = { '@odata.type': '#microsoft.graph.user', ...selected(values(manager), shape, wanted.select) };
    return { ...own, manager: about };
  }

  function problem(ask: Ask): Outcome | undefined {
    const [wanted] = toExpands(ask.options.get('$expand') ?? '');
    const inner = wanted?.select?.split(',').find((name) => !shape.properties.includes(name.trim()));
    if (inner === undefined) return optionProblem(ask, shape, ['manager']);
    return refused(400, shape.code, `Could not find a property named '${inner}' on type 'microsoft.graph.user'.`);
  }

  function one(ask: Ask, id: string): Resource {
    const user = people.find(id);
    return {
      kind: 'user',
      key: user?.id ?? id.toLowerCase(),
      roles: directoryRoles,
      denied,
      // Throttling limits of the identity service: GET a user 2 units, $select 1 less, $expand 1 more.
      cost: {
        of: 'directory',
        units: 2 - (ask.options.has('$select') ? 1 : 0) + (ask.options.has('$expand') ? 1 : 0),
      },
      answer: () => {
        if (!/^[^\s/\\<>%&?*:|"]+$/.test(id))
          return refused(400, 'Request_BadRequest', `Invalid object identifier '${id}'.`);
        const wrong = problem(ask);
        if (wrong) return wrong;
        if (user === undefined || world.isGone(user.id)) return notInDirectory(id);
        const context = `${world.origin()}/${ask.version}/$metadata#users/$entity`;
        return found({ '@odata.context': context, ...withManager(user, ask) });
      },
    };
  }

  function all(ask: Ask): Resource {
    return {
      kind: 'users',
      key: pageKey(ask, 'users'),
      roles: directoryRoles,
      denied,
      cost: { of: 'directory', units: 2 },
      answer: () =>
        problem(ask) ??
        page(
          ask,
          people.users.filter(({ id }) => !world.isGone(id)),
          { usual: 100, most: 999 },
          world.origin(),
          (user) => withManager(user, ask),
        ),
    };
  }

  function skus(ask: Ask): Resource {
    const skuShape: Shape = {
      type: 'microsoft.graph.subscribedSku',
      code: 'BadRequest',
      byDefault: skuFields,
      properties: skuFields,
    };
    return {
      kind: 'skus',
      key: 'skus',
      roles: ['LicenseAssignment.Read.All', 'Organization.Read.All', 'Directory.Read.All'],
      denied,
      cost: { of: 'directory', units: 3 },
      answer: () =>
        optionProblem(ask, skuShape) ??
        found({
          '@odata.context': `${world.origin()}/${ask.version}/$metadata#subscribedSkus`,
          value: [officeSku, copilotSku].map((sku) => {
            const holders = people.users.filter((user) => account(tenant.seed, user).skuIds.includes(sku.id)).length;
            return selected(toSku(sku, tenant.id, holders), skuShape, ask.options.get('$select'));
          }),
        }),
    };
  }

  return (ask) => {
    const [first = '', id] = ask.segments;
    const name = first.toLowerCase();
    if (name === 'subscribedskus' && ask.segments.length === 1) return skus(ask);
    if (name !== 'users' || ask.segments.length > 2) return undefined;
    return id === undefined ? all(ask) : one(ask, id);
  };
}

const skuFields = fields(
  'id accountId accountName appliesTo capabilityStatus consumedUnits prepaidUnits',
  'servicePlans skuId skuPartNumber subscriptionIds',
);

function toSku(sku: Sku, tenantId: string, holders: number): Readonly<Record<string, unknown>> {
  return {
    id: `${tenantId}_${sku.id}`,
    accountId: tenantId,
    accountName: 'contoso',
    appliesTo: 'User',
    capabilityStatus: 'Enabled',
    consumedUnits: holders,
    prepaidUnits: { enabled: holders + 5, lockedOut: 0, suspended: 0, warning: 0 },
    servicePlans: sku.plans.map(({ id, name }) => ({
      appliesTo: 'User',
      provisioningStatus: 'Success',
      servicePlanId: id,
      servicePlanName: name,
    })),
    skuId: sku.id,
    skuPartNumber: sku.name,
    subscriptionIds: [],
  };
}
