import type { AuditRecord } from '../records/audit-record.ts';
import { itemsOf, textOf } from '../records/read-values.ts';
import type { AdminOperation } from '../records/operations.ts';

// Power Platform names the properties of a bot with and without a dotted prefix.
const BOT_NAME = /(?:^|\.)bot[._]?(?:schema_?)?name$/i;
const BOT_ID = /(?:^|\.)bot\.?(?:component)?id$/i;

/** Name or id of what an admin operation changed, as sent; null when the record names nothing. */
export function toAdminTarget(record: AuditRecord, { object }: AdminOperation): string | null {
  const [change] = record.settings ?? [];
  // A file is the value of its setting: new when uploaded, original when deleted.
  if (object === 'file') return change?.newValue ?? change?.originalValue ?? record.objectId;
  if (change?.property !== null && change?.property !== undefined) return change.property;
  const property = textOf(record.payload.Property);
  if (property !== null) return property;
  const properties = itemsOf(record.payload.PropertyCollection, (item) => ({
    name: textOf(item.Name) ?? '',
    value: textOf(item.Value),
  }));
  const found = (pattern: RegExp): string | null => properties.find(({ name }) => pattern.test(name))?.value ?? null;
  const agent = object === 'agent' ? (record.agent.name ?? record.agent.id) : null;
  return agent ?? found(BOT_NAME) ?? found(BOT_ID) ?? record.objectId;
}
