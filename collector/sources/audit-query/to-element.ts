import { createHash } from 'node:crypto';
import type { Element } from '../../contracts.ts';
import { toUtcTime } from '../../records/event-time.ts';
import { isGuid, isObject, type RawObject } from '../../records/json-value.ts';

/** A record of a page: the audit record inside, by what it is known, and when it happened. */
export interface Found {
  /** Short and unlike for unlike records: a GUID takes 16 characters of one byte. */
  readonly key: string;
  readonly element: Element;
  /** Epoch milliseconds; NaN when no time can be read. */
  readonly eventMs: number;
}

/** Value of a key in any casing. */
function valueOf(object: RawObject, name: string): unknown {
  const key = Object.keys(object).find((one) => one.toLowerCase() === name);
  return key === undefined ? undefined : object[key];
}

const filled = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

function keyOf(id: string | undefined, item: unknown): string {
  if (id === undefined)
    return createHash('sha256')
      .update(JSON.stringify(item) ?? '')
      .digest('base64');
  return isGuid(id) ? Buffer.from(id.replaceAll('-', ''), 'hex').toString('latin1') : id;
}

function auditDataOf(item: RawObject): unknown {
  const data = valueOf(item, 'auditdata');
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/**
 * The audit record of an item, from its auditData alone: the envelope crosses the two fields of the user and knows no
 * address. Only id and time of the envelope are used, where auditData has none.
 */
export function toFound(item: unknown): Found {
  const envelope = isObject(item) ? item : {};
  const data = auditDataOf(envelope);
  const envelopeId = filled(valueOf(envelope, 'id'));
  if (!isObject(data)) {
    const bytes = JSON.stringify(item)?.length ?? 0;
    const element = { ok: false, bytes, reason: 'auditData is neither an object nor JSON of one' } as const;
    return { key: keyOf(envelopeId, item), element, eventMs: Number.NaN };
  }
  const id = filled(valueOf(data, 'id')) ?? envelopeId;
  const created = filled(valueOf(data, 'creationtime')) ?? filled(valueOf(envelope, 'createddatetime'));
  const without = Object.entries(data).filter(
    ([key]) => !(key.toLowerCase() === 'id' && id !== undefined) && !(key.toLowerCase() === 'creationtime' && created),
  );
  const value = {
    ...Object.fromEntries(without),
    ...(id !== undefined && { Id: id }),
    ...(created !== undefined && { CreationTime: created }),
  };
  const utc = toUtcTime(created);
  return { key: keyOf(id, item), element: { ok: true, value }, eventMs: utc === null ? Number.NaN : Date.parse(utc) };
}
