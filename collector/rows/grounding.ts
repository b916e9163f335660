import type { AccessedResource } from '../records/audit-record.ts';
import { toDocumentType } from '../records/document-type.ts';

/**
 * Evidence that answers rest on data of the tenant. NotAssessed: nothing is priced; NoResources: nothing was read;
 * ExternalOnly: only the web; TenantResource: at least one resource of the tenant; UnclassifiedResource: none of the
 * tenant for sure, and not all of the web.
 */
export type GroundingBasis = 'NotAssessed' | 'NoResources' | 'ExternalOnly' | 'TenantResource' | 'UnclassifiedResource';

const NO_LABEL = '00000000-0000-0000-0000-000000000000';
// Hosts on which Microsoft 365 keeps data of a tenant, in all clouds (pnp Copilot analytics, grounding classifier);
// microsoft.teams.com is how meeting contexts spell teams.microsoft.com.
const tenantHosts = (
  'sharepoint.com sharepoint.us sharepoint-mil.us dps.mil sharepoint.cn sharepoint.de ' +
  'outlook.office.com outlook.office365.com outlook.cloud.microsoft outlook.office365.us ' +
  'teams.microsoft.com teams.microsoft.us teams.cloud.microsoft microsoft.teams.com'
).split(' ');
// Other hosts of Microsoft serve both: public documentation and data of customers.
const neutralHosts = ['microsoft', 'microsoft.com', 'microsoft.us', 'office.com', 'office365.com', 'office365.us'];
// Types that exist in a tenant only, in lower case (Copilot schema examples, tenants).
const tenantTypes = new Set(
  (
    'emailmessage event teamsmessage teamschat teamschannel teamsmeeting listitem ' +
    'looppage peopleinferenceanswer streamvideo planid taskids'
  ).split(' '),
);
// What a tool did, and verdicts on it: read by nobody.
const noSources = new Set(['connector', 'securitywebhook', 'flow']);

type Origin = 'tenant' | 'external' | 'unclassified';

const HOST = /^https?:\/\/([^/?#\\:]{1,253})(?:[/?#\\:]|$)/i;

function hostOf(address: string | null): string | null {
  const host = (address === null ? null : HOST.exec(address)?.[1])?.toLowerCase() ?? null;
  return host?.endsWith('.') === true ? host.slice(0, -1) : host;
}

const isAt = (host: string, suffixes: readonly string[]): boolean =>
  suffixes.some(
    (suffix) => host === suffix || (host.endsWith(suffix) && host[host.length - suffix.length - 1] === '.'),
  );

const hasLabel = ({ sensitivityLabelId }: AccessedResource): boolean =>
  sensitivityLabelId !== null && sensitivityLabelId !== NO_LABEL;

/** The first evidence decides: ids that only a tenant gives, then the type, then the host. */
function originOf(resource: AccessedResource, type: string): Origin {
  if (hasLabel(resource) || resource.listItemUniqueId !== null) return 'tenant';
  if (type === 'websearchquery') return 'external';
  if (tenantTypes.has(type)) return 'tenant';
  const host = hostOf(resource.siteUrl) ?? hostOf(resource.id);
  if (host !== null) {
    if (isAt(host, tenantHosts)) return 'tenant';
    return isAt(host, neutralHosts) ? 'unclassified' : 'external';
  }
  // A file on the user's own disk or on a share is named by its path.
  const isLocal = /^(?:[a-z]:|\\\\)/i.test(resource.siteUrl ?? resource.id ?? '');
  return !isLocal && toDocumentType(type) !== null ? 'tenant' : 'unclassified';
}

/** What the accessed resources say about grounding. The web search plugin is no evidence: it may have found nothing. */
export function toGroundingBasis(resources: readonly AccessedResource[]): GroundingBasis {
  let basis: GroundingBasis = 'NoResources';
  for (const resource of resources) {
    const type = resource.type?.toLowerCase() ?? '';
    if (noSources.has(type)) continue;
    const origin = originOf(resource, type);
    if (origin === 'tenant') return 'TenantResource';
    if (origin === 'unclassified') basis = 'UnclassifiedResource';
    else if (basis === 'NoResources') basis = 'ExternalOnly';
  }
  return basis;
}
