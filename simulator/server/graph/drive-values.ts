/** Drive items, drives, sites and list items as JSON. */
import { GRAPH_CANARIES } from '../../canaries.ts';
import { fileDetails } from '../../tenant/content-facts.ts';
import type { Site, TenantFile } from '../../tenant/documents.ts';
import type { Directory } from './directory.ts';
import { fields, type Shape } from './options.ts';
import type { Places } from './places.ts';
import type { World } from './resource.ts';

/** Properties by name. */
export type Values = Readonly<Record<string, unknown>>;

const itemDefaults = fields(
  'createdDateTime eTag id lastModifiedDateTime name webUrl cTag size createdBy',
  'lastModifiedBy parentReference file fileSystemInfo description',
);
const siteFields = fields(
  'createdDateTime description id lastModifiedDateTime name webUrl displayName root',
  'siteCollection',
);
const driveDefaults = fields(
  'createdDateTime description id lastModifiedDateTime name webUrl driveType createdBy',
  'owner quota',
);
const listItemDefaults = fields(
  'createdDateTime eTag id lastModifiedDateTime webUrl createdBy lastModifiedBy',
  'parentReference contentType',
);

/** Shapes of the SharePoint and OneDrive entities. */
export const driveShapes = {
  item: {
    type: 'microsoft.graph.driveItem',
    code: 'invalidRequest',
    properties: [...itemDefaults, 'sharepointIds', 'folder', 'shared', 'root', 'deleted'],
    byDefault: itemDefaults,
  },
  site: {
    type: 'microsoft.graph.site',
    code: 'invalidRequest',
    properties: [...siteFields, 'sharepointIds'],
    byDefault: siteFields,
  },
  drive: {
    type: 'microsoft.graph.drive',
    code: 'invalidRequest',
    // drive resource type: sharePointIds comes only when it is selected.
    properties: [...driveDefaults, 'sharePointIds', 'lastModifiedBy'],
    byDefault: driveDefaults,
  },
  listItem: {
    type: 'microsoft.graph.listItem',
    code: 'invalidRequest',
    properties: [...listItemDefaults, 'name', 'description', 'sharepointIds'],
    byDefault: listItemDefaults,
  },
} as const satisfies Readonly<Record<string, Shape>>;

/** Builds the JSON of the entities. */
export interface DriveValues {
  readonly item: (file: TenantFile) => Values;
  readonly site: (site: Site) => Values;
  readonly drive: (site: Site) => Values;
  readonly listItem: (file: TenantFile) => Values;
  readonly fields: (file: TenantFile) => Values;
}

const mimeTypes: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
};

/** Values of a world. */
export function driveValues({ tenant }: Pick<World, 'tenant'>, where: Places, people: Directory): DriveValues {
  const person = (id: string): Values => {
    const user = people.find(id);
    return { user: { email: user?.upn ?? null, id, displayName: user?.displayName ?? null } };
  };
  const library = (site: Site): string => (site.ownerId === null ? 'Shared Documents' : 'Documents');
  const sharepointIds = (site: Site): Values => ({
    listId: where.detailsOf(site).listId,
    siteId: site.id,
    siteUrl: site.url,
    tenantId: tenant.id,
    webId: where.detailsOf(site).webId,
  });
  const times = (file: TenantFile): Values => {
    const details = fileDetails(tenant.seed, file, tenant.users);
    return {
      createdDateTime: details.createdTime,
      lastModifiedDateTime: details.modifiedTime,
      createdBy: person(details.modifiedById),
      lastModifiedBy: person(details.modifiedById),
    };
  };

  return {
    item: (file) => {
      const details = fileDetails(tenant.seed, file, tenant.users);
      return {
        ...times(file),
        id: file.itemId,
        name: file.name,
        webUrl: ['docx', 'xlsx', 'pptx'].includes(file.extension) ? file.viewerUrl : file.url,
        size: details.sizeBytes,
        eTag: `"{${file.id.toUpperCase()}},3"`,
        cTag: `"c:{${file.id.toUpperCase()}},7"`,
        description: GRAPH_CANARIES[1],
        file: { mimeType: mimeTypes[file.extension] ?? 'application/octet-stream', hashes: { quickXorHash: 'AAAA' } },
        fileSystemInfo: { createdDateTime: details.createdTime, lastModifiedDateTime: details.modifiedTime },
        parentReference: {
          driveId: where.detailsOf(file.site).driveId,
          driveType: file.site.ownerId === null ? 'documentLibrary' : 'business',
          id: '01ROOT',
          name: library(file.site),
          path: `/drives/${where.detailsOf(file.site).driveId}/root:`,
          siteId: where.compositeId(file.site),
        },
        sharepointIds: {
          ...sharepointIds(file.site),
          listItemId: String(details.itemNumber),
          listItemUniqueId: file.id,
        },
      };
    },
    site: (site) => ({
      createdDateTime: '2023-02-01T08:00:00Z',
      description: GRAPH_CANARIES[1],
      id: where.compositeId(site),
      lastModifiedDateTime: '2026-10-01T08:00:00Z',
      name: site.url.split('/').at(-1),
      displayName: site.name,
      webUrl: site.url,
      root: {},
      siteCollection: { hostname: new URL(site.url).host },
      sharepointIds: sharepointIds(site),
    }),
    drive: (site) => ({
      createdDateTime: '2023-02-01T08:00:00Z',
      description: GRAPH_CANARIES[1],
      id: where.detailsOf(site).driveId,
      lastModifiedDateTime: '2026-10-01T08:00:00Z',
      name: site.ownerId === null ? 'Documents' : 'OneDrive',
      webUrl: `${site.url}/${encodeURIComponent(library(site))}`,
      driveType: site.ownerId === null ? 'documentLibrary' : 'business',
      owner: site.ownerId === null ? { group: { displayName: `${site.name} Owners` } } : person(site.ownerId),
      quota: { deleted: 0, remaining: 1_000_000_000, state: 'normal', total: 1_100_000_000, used: 100_000_000 },
      sharePointIds: sharepointIds(site),
    }),
    listItem: (file) => ({
      ...times(file),
      id: String(fileDetails(tenant.seed, file, tenant.users).itemNumber),
      name: file.name,
      eTag: `"${file.id},3"`,
      webUrl: file.url,
      description: GRAPH_CANARIES[1],
      parentReference: { siteId: where.compositeId(file.site) },
      contentType: { id: '0x0101', name: 'Document' },
      sharepointIds: { ...sharepointIds(file.site), listItemUniqueId: file.id },
    }),
    fields: (file) => {
      const details = fileDetails(tenant.seed, file, tenant.users);
      // SharePoint's own column names; sizes are texts there.
      return {
        id: String(details.itemNumber),
        ContentType: 'Document',
        FileLeafRef: file.name,
        FileSizeDisplay: String(details.sizeBytes),
        Created: details.createdTime,
        Modified: details.modifiedTime,
        DocIcon: file.extension,
        UniqueId: file.id,
      };
    },
  };
}
