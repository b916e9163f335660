import type { AccessedResource } from '../../../collector/records/audit-record.ts';

/** An accessed resource of which nothing but these fields is known. */
export const resourceOf = (fields: Partial<AccessedResource> = {}): AccessedResource => ({
  id: null,
  name: null,
  siteUrl: null,
  listItemUniqueId: null,
  type: null,
  action: null,
  sensitivityLabelId: null,
  status: null,
  xpiaDetected: null,
  policies: [],
  ...fields,
});
