import { reconciledSources } from './reconciliation/views.ts';
import { isGuid, isObject } from './records/json-value.ts';
import { queryNames } from './sources/audit-query/options.ts';

/** Tells the records of other tenants. */
export interface OtherTenants {
  /** Whether a record of a source names another tenant; one that names none, or no GUID, is taken for ours. */
  isOther(source: string, raw: unknown): boolean;
}

const NAME = 'organizationid';
const NOBODY = '00000000-0000-0000-0000-000000000000';
/** They answer a token of this tenant: what they give is its own, whatever stands in the record. */
const ANSWERING_TENANT: ReadonlySet<string> = new Set([reconciledSources.feed, ...Object.values(queryNames)]);

/**
 * Records whose OrganizationId is not `tenantId`, lower case; without one every record is ours. "The value is always the
 * same for your organization" (Management Activity API schema), so another one came from a file or container of others.
 */
export function otherTenants(tenantId: string | undefined): OtherTenants {
  return {
    isOther(source, raw) {
      if (tenantId === undefined || ANSWERING_TENANT.has(source) || !isObject(raw)) return false;
      const key =
        'OrganizationId' in raw ? 'OrganizationId' : Object.keys(raw).find((one) => one.toLowerCase() === NAME);
      const value = key === undefined ? undefined : raw[key];
      if (typeof value !== 'string') return false;
      const id = value.trim().toLowerCase();
      return id !== tenantId && id !== NOBODY && isGuid(id);
    },
  };
}
