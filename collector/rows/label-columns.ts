import type { Facts } from '../enrich/facts.ts';
import type { AuditRecord } from '../records/audit-record.ts';
import type { CopilotAuditRow } from '../schema/index.ts';

const NO_LABEL = '00000000-0000-0000-0000-000000000000';

function labelIds({ sensitivityLabelId, event }: AuditRecord): readonly string[] {
  const ids = new Set<string>();
  if (sensitivityLabelId !== null) ids.add(sensitivityLabelId);
  for (const resource of event?.resources ?? []) {
    if (resource.sensitivityLabelId !== null) ids.add(resource.sensitivityLabelId);
  }
  ids.delete(NO_LABEL);
  return [...ids];
}

/** The id of highest priority; null when one that is not known might be higher. */
function topLabelId(ids: readonly string[], { labels }: Facts): string | null {
  const [first] = ids;
  if (first === undefined || ids.length === 1) return first ?? null;
  let top: string | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  for (const id of ids) {
    const priority = labels.get(id)?.priority ?? null;
    if (priority === null) return null;
    if (priority > highest) [top, highest] = [id, priority];
  }
  return top;
}

/** Columns about the sensitivity labels of an interaction and its resources. */
export function labelColumns(record: AuditRecord, facts: Facts): Partial<CopilotAuditRow> {
  const ids = labelIds(record);
  if (ids.length === 0) return {};
  const top = topLabelId(ids, facts);
  const label = top === null ? undefined : facts.labels.get(top);
  return {
    LabelIds: ids,
    TopLabelId: top,
    TopLabelName: label?.name ?? null,
    TopLabelPriority: label?.priority ?? null,
  };
}
