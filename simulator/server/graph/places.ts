/** Where files are: drives, sites and lists of the tenant, and how addresses lead to them. */
import { siteDetails, type SiteDetails } from '../../tenant/content-facts.ts';
import type { Site, TenantFile } from '../../tenant/documents.ts';
import type { Tenant } from '../../tenant/tenant.ts';

/** The sites and files of a tenant by every form of their addresses. */
export interface Places {
  readonly detailsOf: (site: Site) => SiteDetails;
  /** `host,collection id,web id`. */
  readonly compositeId: (site: Site) => string;
  /** By host and server-relative path such as `/sites/name`, whatever the casing. */
  readonly siteAt: (host: string, path: string) => Site | undefined;
  /** By composite id or collection id. */
  readonly siteById: (id: string) => Site | undefined;
  readonly driveOf: (ownerId: string) => Site | undefined;
  readonly fileById: (id: string) => TenantFile | undefined;
  /** By a direct, viewer or `/:w:/r/` address. */
  readonly fileAt: (url: URL) => TenantFile | undefined;
  /** Whether the host is one of the tenant's. */
  readonly isOwnHost: (host: string) => boolean;
}

/** The places of a tenant. */
export function places(tenant: Tenant): Places {
  const detailsOf = (site: Site): SiteDetails => siteDetails(tenant.seed, site);
  const hostOf = (site: Site): string => new URL(site.url).host;
  const compositeId = (site: Site): string => `${hostOf(site)},${site.id},${detailsOf(site).webId}`;
  const byUrl = new Map(tenant.sites.map((site) => [site.url.toLowerCase(), site]));
  const byId = new Map(
    tenant.sites.flatMap((site) => [
      [site.id, site],
      [compositeId(site).toLowerCase(), site],
    ]),
  );
  const drives = new Map(tenant.sites.map((site) => [site.ownerId ?? '', site]));
  const files = new Map(tenant.files.map((file) => [file.id, file]));
  // The newest of two files of the same name in a site has overwritten the other.
  const paths = new Map(tenant.files.map((file) => [decodeURIComponent(file.url).toLowerCase(), file]));
  const hosts = new Set(tenant.sites.map(hostOf));

  function fileAt(url: URL): TenantFile | undefined {
    const id = (url.searchParams.get('sourcedoc') ?? '').replaceAll(/[{}]/g, '').toLowerCase();
    if (/\/_layouts\/15\/\w+\.aspx$/i.test(url.pathname)) return files.get(id);
    let path: string;
    try {
      path = decodeURIComponent(url.pathname.replace(/^\/:[a-z]:\/r\//i, '/'));
    } catch {
      return undefined;
    }
    return paths.get(`https://${url.host}${path}`.toLowerCase());
  }

  return {
    detailsOf,
    compositeId,
    siteAt: (host, path) => byUrl.get(`https://${host}${path}`.toLowerCase().replace(/\/$/, '')),
    siteById: (id) => byId.get(id.toLowerCase()),
    driveOf: (ownerId) => drives.get(ownerId),
    fileById: (id) => files.get(id.toLowerCase()),
    fileAt,
    isOwnHost: (host) => hosts.has(host.toLowerCase()),
  };
}
