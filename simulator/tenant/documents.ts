import { chance, guid, int, letters, pick, pickWeighted, random } from '../random.ts';
import { TOPICS } from './names.ts';
import type { User } from './user.ts';

/** A sensitivity label; a higher priority is more sensitive. */
export interface Label {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
}

/** A SharePoint site or a OneDrive. */
export interface Site {
  readonly id: string;
  readonly name: string;
  /** https URL without a trailing slash. */
  readonly url: string;
  /** Object id of the owner of a OneDrive; null for a team site. */
  readonly ownerId: string | null;
}

/** A document in a site. */
export interface TenantFile {
  /** GUID of the list item: ListItemUniqueId and sourcedoc. */
  readonly id: string;
  /** Drive item id, the Id of an accessed resource. */
  readonly itemId: string;
  readonly name: string;
  /** Without the dot. */
  readonly extension: string;
  readonly site: Site;
  /** Direct https URL, percent-encoded. */
  readonly url: string;
  /** The Doc.aspx form of the URL that office apps report as context. */
  readonly viewerUrl: string;
  readonly labelId: string | null;
}

/** The labels of a tenant, least sensitive first. */
export function labels(seed: string): readonly Label[] {
  return (
    [
      ['Public', 0],
      ['General', 1],
      ['Confidential', 5],
      ['Highly Confidential', 9],
    ] as const
  ).map(([name, priority]) => ({ id: guid(random(seed, 'label', name)), name, priority }));
}

/** Team sites first, then the OneDrive of every member. */
export function sites(seed: string, users: readonly User[]): readonly Site[] {
  const teams = Array.from({ length: Math.max(8, Math.ceil(users.length / 10)) }, (_, index) => {
    const next = random(seed, 'site', index);
    const name = `${pick(next, TOPICS)} ${index}`;
    return {
      id: guid(next),
      name,
      url: `https://contoso.sharepoint.com/sites/${name.toLowerCase().replaceAll(' ', '-')}`,
      ownerId: null,
    };
  });
  const drives = users
    .filter((user) => !user.guest)
    .map((user) => ({
      id: guid(random(seed, 'drive', user.index)),
      name: user.displayName,
      url: `https://contoso-my.sharepoint.com/personal/${user.upn.replaceAll(/[.@]/gu, '_')}`,
      ownerId: user.id,
    }));
  return [...teams, ...drives];
}

/** Seven documents for each site on average, more in the early ones; about a quarter carries a label. */
export function files(seed: string, all: readonly Site[], known: readonly Label[]): readonly TenantFile[] {
  return all.flatMap((site, index) => {
    const next = random(seed, 'files', index);
    return Array.from({ length: site.ownerId === null ? int(next, 10, 30) : int(next, 3, 7) }, () => {
      const extension = pickWeighted(next, [
        [4, 'docx'],
        [3, 'xlsx'],
        [3, 'pptx'],
        [2, 'pdf'],
        [1, 'txt'],
        [1, 'loop'],
        [1, 'csv'],
      ]);
      const id = guid(next);
      const name = `${pick(next, TOPICS)} ${int(next, 2023, 2026)}-${int(next, 1, 12)}.${extension}`;
      const encoded = encodeURIComponent(name);
      const library = site.ownerId === null ? 'Shared%20Documents' : 'Documents';
      return {
        id,
        itemId: `b!${letters(next, 42)}`,
        name,
        extension,
        site,
        url: `${site.url}/${library}/${encoded}`,
        viewerUrl: `${site.url}/_layouts/15/Doc.aspx?sourcedoc=%7B${id.toUpperCase()}%7D&file=${encoded}&action=default&mobileredirect=true`,
        labelId: chance(next, 0.27) ? pick(next, known).id : null,
      };
    });
  });
}
