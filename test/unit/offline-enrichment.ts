import type { Enrichment } from '../../collector/enrich/contract.ts';
import { enrichment } from '../../collector/enrich/enrichment.ts';

/** Enrichment without Graph: what records and addresses alone tell. */
export const offlineEnrichment = (): Enrichment =>
  enrichment({ graph: undefined, enrichers: new Set(), licensePlans: { ids: [], names: [] } });
