import type { SiteAddress } from '../records/document.ts';
import type { Graph } from '../graph/contract.ts';
import { cache } from './cache.ts';
import type { SiteFacts } from './facts.ts';
import type { Finder, FinderOptions } from './finder.ts';
import { toNothing, unreadable } from './outcome.ts';
import { part, text } from './wire.ts';

const ownerPart = part({ user: part({ userPrincipalName: text, email: text }) });
const drivePart = part({ id: text, owner: ownerPart });

/** Path of a site by its address (Graph, "Get a site by path"); what follows it needs the closing colon. */
export function toSitePath({ url }: SiteAddress, below: string): string {
  const { host, pathname } = new URL(url);
  if (pathname === '/') return `/sites/${host}${below}`;
  return `/sites/${host}:${pathname}${below === '' || below.startsWith('?') ? below : `:${below}`}`;
}

/** What the address of a site tells, with its owner where one is known. */
export function toSiteFacts({ url, name, oneDriveAccount }: SiteAddress, owner: string | null): SiteFacts {
  return { kind: 'site', url, name, owner: owner ?? oneDriveAccount, isOneDrive: oneDriveAccount !== null };
}

/** Owners of OneDrives, by the site's address in lower case. Needs Sites.Read.All. */
export function sites(options: FinderOptions & { readonly graph: Graph }): Finder<SiteAddress, SiteFacts> {
  const { graph, max, now, onAnswer } = options;
  return cache({
    max,
    now,
    onAnswer,
    async read(site) {
      const answer = await graph.get('v1.0', toSitePath(site, '/drive?$select=id,owner'));
      if (answer.kind !== 'found') return toNothing(answer);
      const drive = drivePart.parse(answer.body);
      if (drive === null || drive.id === null) return unreadable;
      const user = drive.owner?.user ?? null;
      const owner = user?.userPrincipalName ?? user?.email ?? null;
      const facts = toSiteFacts(site, owner?.toLowerCase() ?? null);
      return { kind: 'found', value: { key: site.url.toLowerCase(), aliases: [], facts } };
    },
  });
}
