/** Audit records for the enrichers. */
import type { AuditRecord } from '../../../collector/records/audit-record.ts';
import { parseRecord } from '../../../collector/records/parse-record.ts';
import type { EnricherName } from '../../../collector/enrich/facts.ts';
import { enrichment } from '../../../collector/enrich/enrichment.ts';
import type { Graph } from '../../../collector/graph/contract.ts';

export const anna = 'anna.berg@contoso.example';
export const annaId = '11111111-2222-4333-8444-555555555555';
export const planId = '3f30311c-6b1e-48a4-ab79-725b469da960';
export const file = 'https://contoso.sharepoint.com/sites/Sales/Shared%20Documents/Plan.docx';
export const oneDriveFile = 'https://contoso-my.sharepoint.com/personal/ben_holm_contoso_example/Documents/Notes.docx';
export const thread = '19:meeting_AbCdEf@thread.v2';

let counter = 0;

/** A record of an interaction; `event` is what CopilotEventData holds. */
export function recordOf(top: object = {}, event: object = {}): AuditRecord {
  const raw = {
    Id: `00000000-0000-4000-8000-${String(++counter).padStart(12, '0')}`,
    CreationTime: '2026-11-20T10:00:00',
    RecordType: 261,
    Operation: 'CopilotInteraction',
    Workload: 'Copilot',
    UserId: 'System',
    CopilotEventData: { AppHost: 'Word', ...event },
    ...top,
  };
  const parsed = parseRecord(raw, { contentFields: 'drop' });
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.record;
}

/** A record in a context. */
export const inContext = (id: string, top: object = {}): AuditRecord => recordOf(top, { Contexts: [{ Id: id }] });

/** An enrichment with these enrichers; waits 50 ms and keeps 1,000 keys unless told. */
export function enrichmentOf(
  graph: Graph | undefined,
  enrichers: readonly EnricherName[],
  more: Partial<Parameters<typeof enrichment>[0]> = {},
): ReturnType<typeof enrichment> {
  const licensePlans = { ids: [planId], names: [] };
  return enrichment({ graph, enrichers: new Set(enrichers), licensePlans, waitMs: 50, cacheMax: 1_000, ...more });
}
