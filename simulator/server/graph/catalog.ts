/** Sensitivity labels and the catalogue of Copilot packages. */
import { GRAPH_CANARIES } from '../../canaries.ts';
import { labelTree, type ListedLabel } from '../../tenant/content-facts.ts';
import { packages, type CatalogPackage } from '../../tenant/packages.ts';
import type { Ask } from './ask.ts';
import { fields, optionProblem, page, pageKey, selected, type Shape } from './options.ts';
import { found, refused, type Outcome } from './outcome.ts';
import type { Resource, Service, World } from './resource.ts';

const denied = (): Outcome =>
  refused(403, 'Forbidden', 'The application does not hold the role that this request needs.');
const usual = { of: 'directory', units: 1 } as const;

const labelFields = fields(
  'id name displayName description color priority toolTip isEnabled isDefault locale isEndpointProtectionEnabled',
  'isScopedToUser applicationMode autoTooltip actionSource applicableTo hasProtection sublabels',
);
const labelShape: Shape = {
  type: 'microsoft.graph.security.sensitivityLabel',
  code: 'BadRequest',
  properties: labelFields,
  byDefault: labelFields,
};
const betaFields = fields(
  'id name description color sensitivity tooltip isActive isAppliable contentFormats',
  'hasProtection parent',
);
const betaShape: Shape = { ...labelShape, properties: betaFields, byDefault: betaFields };

/** v1.0 lists the labels without a parent and holds the others in `sublabels`; there is no parent in it. */
function toLabel(label: ListedLabel): Readonly<Record<string, unknown>> {
  return {
    id: label.id,
    name: label.name,
    displayName: label.name,
    description: GRAPH_CANARIES[1],
    color: '#0078D7',
    priority: label.priority,
    toolTip: `For ${label.name.toLowerCase()} content`,
    isEnabled: label.isEnabled,
    isDefault: label.name === 'General',
    locale: null,
    isEndpointProtectionEnabled: false,
    isScopedToUser: false,
    applicationMode: 'manual',
    autoTooltip: '',
    actionSource: 'manual',
    applicableTo: 'email,file',
    hasProtection: label.priority > 4,
    sublabels: label.sublabels.map(toLabel),
  };
}

/** beta lists every label, with its parent inside. */
function toBetaLabels(label: ListedLabel, parent: unknown): readonly Readonly<Record<string, unknown>>[] {
  const own = {
    id: label.id,
    name: label.name,
    description: GRAPH_CANARIES[1],
    color: '#0078D7',
    sensitivity: label.priority,
    tooltip: `For ${label.name.toLowerCase()} content`,
    isActive: label.isEnabled,
    isAppliable: label.sublabels.length === 0,
    contentFormats: ['file', 'email'],
    hasProtection: label.priority > 4,
    parent,
  };
  return [own, ...label.sublabels.flatMap((child) => toBetaLabels(child, { ...own, parent: null }))];
}

const packageFields = fields(
  'id displayName type shortDescription isBlocked supportedHosts lastModifiedDateTime',
  'publisher availableTo deployedTo elementTypes platform version manifestVersion manifestId',
  'appId assetId',
);
const detailFields = [
  ...packageFields,
  ...fields('longDescription categories sensitivity allowedUsersAndGroups acquireUsersAndGroups elementDetails'),
];
const packageShape: Shape = {
  type: 'microsoft.graph.copilotPackage',
  code: 'BadRequest',
  properties: packageFields,
  byDefault: packageFields,
};
const detailShape: Shape = { ...packageShape, properties: detailFields, byDefault: detailFields };

function toPackage(one: CatalogPackage): Readonly<Record<string, unknown>> {
  const entities = one.ownerId === null ? [] : [{ resourceId: one.ownerId, resourceType: 'user' }];
  return {
    ...one,
    shortDescription: GRAPH_CANARIES[1],
    lastModifiedDateTime: one.lastModifiedTime,
    manifestVersion: '1.19',
    longDescription: GRAPH_CANARIES[1],
    categories: ['Productivity'],
    sensitivity: null,
    allowedUsersAndGroups: one.availableTo === 'some' ? entities : [],
    acquireUsersAndGroups: one.deployedTo === 'some' ? entities : [],
    elementDetails: one.elementTypes.map((elementType) => ({ elementType, elements: [] })),
  };
}

/** `security/…/sensitivityLabels` and `copilot/admin/catalog/packages`. */
export function catalogService(world: World): Service {
  const { tenant, origin } = world;
  const tree = labelTree(tenant.seed, tenant.labels);
  const listed = packages(tenant.seed, tenant.agents, tenant.users);

  function labels(
    ask: Ask,
    wanted: Shape,
    values: readonly Readonly<Record<string, unknown>>[],
    role: string,
  ): Resource {
    return {
      kind: 'labels',
      key: 'labels',
      roles: [role],
      denied,
      cost: usual,
      answer: () =>
        optionProblem(ask, wanted, ['sublabels']) ??
        found({
          '@odata.context': `${origin()}/${ask.version}/$metadata#${ask.segments.join('/')}`,
          value: values.map((label) => selected(label, wanted, ask.options.get('$select'))),
        }),
    };
  }

  function onePackage(ask: Ask, id: string): Resource {
    const one = listed.find((each) => each.id.toLowerCase() === id.toLowerCase());
    return {
      kind: 'package',
      key: id.toLowerCase(),
      roles: ['CopilotPackages.Read.All', 'CopilotPackages.ReadWrite.All'],
      denied,
      cost: usual,
      answer: () =>
        optionProblem(ask, detailShape) ??
        (one
          ? found({
              '@odata.context': `${origin()}/${ask.version}/$metadata#copilot/admin/catalog/packages/$entity`,
              ...selected(toPackage(one), detailShape, ask.options.get('$select')),
            })
          : refused(404, 'NotFound', `Package ${id} not found. ${GRAPH_CANARIES[0]}`)),
    };
  }

  function allPackages(ask: Ask): Resource {
    return {
      kind: 'packages',
      key: pageKey(ask, 'packages'),
      roles: ['CopilotPackages.Read.All', 'CopilotPackages.ReadWrite.All'],
      denied,
      cost: usual,
      answer: () =>
        optionProblem(ask, packageShape) ??
        page(ask, listed, { usual: world.switches.packagesPerPage, most: 1000 }, origin(), (one) =>
          selected(toPackage(one), packageShape, ask.options.get('$select')),
        ),
    };
  }

  return (ask) => {
    const path = ask.segments.join('/').toLowerCase();
    if (path === 'security/datasecurityandgovernance/sensitivitylabels')
      return labels(ask, labelShape, tree.map(toLabel), 'SensitivityLabels.Read.All');
    if (path === 'security/informationprotection/sensitivitylabels' && ask.version === 'beta')
      return labels(
        ask,
        betaShape,
        tree.flatMap((label) => toBetaLabels(label, null)),
        'InformationProtectionPolicy.Read.All',
      );
    if (path === 'copilot/admin/catalog/packages') return allPackages(ask);
    const id = /^copilot\/admin\/catalog\/packages\/([^/]+)$/.test(path) ? ask.segments.at(-1) : undefined;
    return id === undefined ? undefined : onePackage(ask, id);
  };
}
