import { toDocument, type Document, type SiteAddress } from '../records/document.ts';
import type { Answer, Graph } from '../graph/contract.ts';
import { cache } from './cache.ts';
import type { FileFacts } from './facts.ts';
import type { Finder, FinderOptions, Finding } from './finder.ts';
import { toNothing, toOutcome, unreadable, type Nothing, type Outcome } from './outcome.ts';
import { toSitePath } from './sites.ts';
import { number, part, text, time } from './wire.ts';

const SELECT = 'id,name,webUrl,size,file,parentReference,sharepointIds,lastModifiedDateTime';

// A drive item has name and size itself, a list item has them among its fields, as text.
const itemPart = part({
  id: text,
  name: text,
  webUrl: text,
  size: number,
  lastModifiedDateTime: time,
  fields: part({ FileLeafRef: text, LinkFilename: text, FileSizeDisplay: text, Modified: time }),
});
// Ids go into paths.
const safeId = text.transform((id) => (id !== null && /^[\w.,-]+$/.test(id) ? id : null));
const sitePart = part({ id: safeId });
const idsPart = part({ listId: safeId });
const drivePart = part({ sharePointIds: idsPart, sharepointIds: idsPart });

/** What the address of a file tells. */
export function toFileFacts({ url, name, extension, site }: Document): FileFacts {
  return { kind: 'file', name, extension, url, siteUrl: site?.url ?? null, sizeBytes: null, modifiedTime: null };
}

/** The facts of a file from a drive item or a list item, its address for the rest; null when it is neither. */
export function toFile(body: unknown, document: Document): Finding<FileFacts> | null {
  const item = itemPart.parse(body);
  if (item === null || item.id === null) return null;
  const { fields } = item;
  const name = item.name ?? fields?.FileLeafRef ?? fields?.LinkFilename ?? document.name;
  const named = toDocument(item.webUrl ?? '', { name, type: null, listItemId: null });
  const shown = /^\d{1,15}$/.exec(fields?.FileSizeDisplay ?? '')?.[0];
  const size = item.size ?? (shown === undefined ? null : Number(shown));
  return {
    key: document.key,
    aliases: named === null || named.key === document.key ? [] : [named.key],
    facts: {
      ...toFileFacts(document),
      name,
      extension: document.extension ?? /\.([a-z0-9]{1,10})$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? null,
      sizeBytes: size !== null && Number.isSafeInteger(size) && size >= 0 ? size : null,
      modifiedTime: item.lastModifiedDateTime ?? fields?.Modified ?? null,
    },
  };
}

/** Path of a shared item by its address (Graph, "Encoding sharing URLs"). */
export function toSharePath(url: string): string {
  return `/shares/u!${Buffer.from(url).toString('base64url')}/driveItem?$select=${SELECT}`;
}

/** Where the items of a site's own library are. */
interface Library {
  readonly siteId: string;
  readonly listId: string;
}

async function readLibrary(graph: Graph, site: SiteAddress): Promise<Outcome<Library>> {
  const found = await graph.get('v1.0', toSitePath(site, '?$select=id'));
  if (found.kind !== 'found') return toNothing(found);
  const siteId = sitePart.parse(found.body)?.id ?? null;
  if (siteId === null) return unreadable;
  const answer = await graph.get('v1.0', `/sites/${siteId}/drive?$select=id,sharePointIds`);
  if (answer.kind !== 'found') return toNothing(answer);
  const drive = drivePart.parse(answer.body);
  const listId = drive?.sharePointIds?.listId ?? drive?.sharepointIds?.listId ?? null;
  return toOutcome(listId === null ? null : { siteId, listId });
}

// Asked for only where sharing addresses fail.
const MAX_LIBRARIES = 5_000;

const isTryingOn = (answer: Answer): boolean =>
  answer.kind === 'missing' || (answer.kind === 'failed' && answer.failure === 'refused');

/** Size and last change of files, by address in lower case. Needs Sites.Read.All. */
export function files(options: FinderOptions & { readonly graph: Graph }): Finder<Document, FileFacts> {
  const { graph, max, now, onAnswer } = options;
  const libraries = cache({
    max: Math.min(max, MAX_LIBRARIES),
    now,
    read: (site: SiteAddress) => readLibrary(graph, site),
  });

  async function readListItem(site: SiteAddress, itemId: string): Promise<Answer | Nothing> {
    await libraries.ask(site.url, site)?.done;
    const library = libraries.get(site.url)?.outcome ?? unreadable;
    if (library.kind === 'nothing') return library;
    const { siteId, listId } = library.value;
    return graph.get('v1.0', `/sites/${siteId}/lists/${listId}/items/${itemId}?$expand=fields`);
  }

  return cache({
    max,
    now,
    onAnswer,
    async read(document) {
      const { url, site, listItemId } = document;
      const shared = await graph.get('v1.0', toSharePath(url));
      if (shared.kind === 'found') return toOutcome(toFile(shared.body, document));
      if (!isTryingOn(shared) || site === null || listItemId === null) return toNothing(shared);
      const item = await readListItem(site, listItemId);
      if (item.kind === 'nothing') return item;
      return item.kind === 'found' ? toOutcome(toFile(item.body, document)) : toNothing(item);
    },
  });
}
