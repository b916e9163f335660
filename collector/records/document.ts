/** Files and sites as their addresses tell them: no look-up, no permission. */
import type { AccessedResource, Context, InteractionEvent } from './audit-record.ts';
import { toDocumentType } from './document-type.ts';
import { isGuid } from './json-value.ts';
import { decodeText, toSharePointAddress, toUrl, type SharePointAddress } from './sharepoint-address.ts';

/** A SharePoint site or a OneDrive: a site collection, whatever subsite or library the address goes on to. */
export interface SiteAddress {
  /** https, host in lower case, percent-encoded once, without a trailing slash. */
  readonly url: string;
  /** The last segment of its path, decoded; the host's first label for a root site. */
  readonly name: string;
  /** The account in a OneDrive address (`/personal/<account>`), as sent, in lower case; null for a team site. */
  readonly oneDriveAccount: string | null;
}

/** A file in SharePoint or OneDrive. */
export interface Document {
  /** `url` in lower case: what look-ups, caches and CopilotEntities use, and what a query gets by tolower(FileUrl). */
  readonly key: string;
  /**
   * One spelling for every form of the same address: percent-encoded once (so ASCII), casing kept, without sharing
   * prefix, query and fragment. A viewer's is `<web>/_layouts/15/Doc.aspx?sourcedoc=%7B<GUID>%7D`; a sharing link that
   * hides the file stays a link.
   */
  readonly url: string;
  readonly name: string | null;
  /** Lower case, without the dot. */
  readonly extension: string | null;
  readonly site: SiteAddress | null;
  /** GUID of the list item, lower case: `sourcedoc` of a viewer address, or ListItemUniqueId. */
  readonly listItemId: string | null;
}

/** What a record says of a file beside its address. */
interface Hints {
  readonly name: string | null;
  readonly type: string | null;
  readonly listItemId: string | null;
}

const COLLECTIONS = new Set(['sites', 'teams', 'personal']);
// Pages show files and lists, they are none.
const PAGES = new Set(['aspx', 'asp', 'ashx', 'asmx', 'svc']);
const EXTENSION = /^[a-z0-9]{1,10}$/;

/** Lower case; null for none, and for the number of a version (`Plan 2.0`). */
function extensionOf(name: string | null): string | null {
  const dot = name?.lastIndexOf('.') ?? -1;
  if (name === null || dot < 1 || name.length - dot > 11) return null;
  const extension = name.slice(dot + 1).toLowerCase();
  return EXTENSION.test(extension) && /[a-z]/.test(extension) ? extension : null;
}

function siteOf({ host, segments }: SharePointAddress): SiteAddress {
  const [collection = '', name] = segments;
  const folded = collection.toLowerCase();
  if (name === undefined || !COLLECTIONS.has(folded)) {
    return { url: toUrl(host, []), name: host.slice(0, host.indexOf('.')), oneDriveAccount: null };
  }
  return {
    url: toUrl(host, [collection, name]),
    name,
    oneDriveAccount: folded === 'personal' ? name.toLowerCase() : null,
  };
}

function queryValue(query: string, name: string): string | null {
  if (query === '') return null;
  for (const pair of query.split('&')) {
    if (pair.length > name.length && pair[name.length] === '=' && pair.slice(0, name.length).toLowerCase() === name) {
      return decodeText(pair.slice(name.length + 1));
    }
  }
  return null;
}

/** A GUID with or without braces. */
function guidOf(text: string): string | null {
  const bare = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
  return isGuid(bare) ? bare.toLowerCase() : null;
}

interface Parts {
  readonly url: string;
  readonly site: SiteAddress;
  readonly listItemId: string | null;
  /** First that is not null is the name. */
  readonly names: readonly (string | null)[];
}

function toParts({ url, site, listItemId, names }: Parts, { name, type }: Hints): Document {
  const known = names.find((one) => one !== null && one !== '') ?? name;
  return {
    key: url.toLowerCase(),
    url,
    name: known,
    extension: extensionOf(known) ?? extensionOf(name) ?? toDocumentType(type),
    site,
    listItemId,
  };
}

const viewerUrl = (web: string, listItemId: string): string =>
  `${web}/_layouts/15/Doc.aspx?sourcedoc=%7B${listItemId}%7D`;

/** What stands before `/_layouts`: a viewer finds the items of its own subsite only. */
function webOf(address: SharePointAddress): string {
  const end = address.segments.findIndex((segment) => segment.toLowerCase() === '_layouts');
  return end < 0 ? siteOf(address).url : toUrl(address.host, address.segments.slice(0, end));
}

/** The file that a viewer shows (`Doc.aspx`, `WopiFrame.aspx`): by GUID, or by its path in older addresses. */
function viewedDocument(address: SharePointAddress, sourcedoc: string, hints: Hints): Document | null {
  const listItemId = guidOf(sourcedoc);
  const site = siteOf(address);
  if (listItemId !== null) {
    const names = [queryValue(address.query, 'file')];
    return toParts({ url: viewerUrl(webOf(address), listItemId), site, listItemId, names }, hints);
  }
  // What does not start a path would change the host.
  if (!sourcedoc.startsWith('/')) return null;
  const viewed = toSharePointAddress(`https://${address.host}${encodeURI(sourcedoc.toWellFormed())}`);
  return viewed === null ? null : plainDocument(viewed, hints);
}

function plainDocument(address: SharePointAddress, hints: Hints): Document | null {
  const { host, segments, link } = address;
  const site = siteOf(address);
  const isDocumentByHints = toDocumentType(hints.type) !== null || toDocumentType(extensionOf(hints.name)) !== null;
  if (link !== null) {
    if (link.letters === 'f' && !isDocumentByHints) return null;
    return toParts({ url: toUrl(host, link.segments), site, listItemId: hints.listItemId, names: [] }, hints);
  }
  const last = segments.at(-1) ?? null;
  const extension = extensionOf(last);
  const isPage = extension !== null && PAGES.has(extension);
  if (extension !== null && !isPage) {
    return toParts({ url: toUrl(host, segments), site, listItemId: hints.listItemId, names: [last] }, hints);
  }
  if (!isDocumentByHints) return null;
  // The address is that of the site or folder: only the item's id tells its files apart.
  if (hints.listItemId !== null) {
    return toParts(
      { url: viewerUrl(site.url, hints.listItemId), site, listItemId: hints.listItemId, names: [] },
      hints,
    );
  }
  const url = toUrl(host, segments);
  return isPage || url === site.url ? null : toParts({ url, site, listItemId: null, names: [hints.name, last] }, hints);
}

/**
 * The document behind an address; null when there is none: no https, another host, a page, a list, a folder or a site
 * unless the hints say that it is a document. Never throws.
 */
export function toDocument(url: string, hints: Hints): Document | null {
  const address = toSharePointAddress(url);
  if (address === null) return null;
  const sourcedoc = queryValue(address.query, 'sourcedoc');
  return sourcedoc === null ? plainDocument(address, hints) : viewedDocument(address, sourcedoc, hints);
}

/** The site behind an address of SharePoint or OneDrive; null for anything else. */
export function toSite(url: string): SiteAddress | null {
  const address = toSharePointAddress(url);
  return address === null ? null : siteOf(address);
}

const inContext = ({ id, type }: Context): Document | null =>
  id === null ? null : toDocument(id, { name: null, type, listItemId: null });

function accessed({ id, siteUrl, name, type, listItemUniqueId }: AccessedResource): Document | null {
  const hints: Hints = { name, type, listItemId: listItemUniqueId };
  return (siteUrl === null ? null : toDocument(siteUrl, hints)) ?? (id === null ? null : toDocument(id, hints));
}

function firstOf<T>(items: readonly T[], toDocumentOf: (item: T) => Document | null): Document | null {
  for (const item of items) {
    const document = toDocumentOf(item);
    if (document !== null) return document;
  }
  return null;
}

/** The document that stands in the row: the first in context, else the first accessed. */
export function toMainDocument({ contexts, resources }: InteractionEvent): Document | null {
  return firstOf(contexts, inContext) ?? firstOf(resources, accessed);
}

/** Every document in context or accessed, once each: by key, the first that names it. */
export function toDocuments({ contexts, resources }: InteractionEvent): readonly Document[] {
  const byKey = new Map<string, Document>();
  for (const document of [...contexts.map(inContext), ...resources.map(accessed)]) {
    if (document !== null && !byKey.has(document.key)) byKey.set(document.key, document);
  }
  return [...byKey.values()];
}
