import { isGuid, isObject } from './records/json-value.ts';

/** Tells the records of other tenants. */
export interface OtherTenants {
  /** Whether the record names another tenant; one that names none, or no GUID, is taken for ours. */
  isOther(raw: unknown): boolean;
}

const NAME = 'organizationid';
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Records whose OrganizationId is not `tenantId`, lower case; without one every record is ours. "The value is always the
 * same for your organization" (Management Activity API schema), so another one came from a file or container of others.
 */
export function otherTenants(tenantId: string | undefined): OtherTenants {
  return {
    isOther(raw) {
      if (tenantId === undefined || !isObject(raw)) return false;
      const key =
        'OrganizationId' in raw ? 'OrganizationId' : Object.keys(raw).find((one) => one.toLowerCase() === NAME);
      const value = key === undefined ? undefined : raw[key];
      if (typeof value !== 'string') return false;
      const id = value.trim().toLowerCase();
      return id !== tenantId && id !== NOBODY && isGuid(id);
    },
  };
}
