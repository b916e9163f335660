/** What a pass needs beside its state and its sink: nobody is asked, nothing is told. */
import { healthRows } from '../../collector/health-rows.ts';
import { silentLog } from '../../collector/log.ts';
import { metrics } from '../../collector/metrics.ts';
import type { PipelineOptions } from '../../collector/pipeline.ts';
import { offlineEnrichment } from './offline-enrichment.ts';

/** Options of a pipeline without Graph, log and archive. */
export const offlinePipeline = (now: () => number): Omit<PipelineOptions, 'state' | 'sink'> => ({
  health: healthRows({ organizationId: undefined, version: '0.0.0' }),
  metrics: metrics(),
  log: silentLog(),
  contentFields: 'drop',
  now,
  enrichment: offlineEnrichment(),
  organizationId: undefined,
  seenIdsMax: 1_000_000,
});
