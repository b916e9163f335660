import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../collector/records/parse-record.ts';
import { toFound } from '../../../collector/sources/audit-query/to-element.ts';
import { itemOf, recordId } from './audit-query-service.ts';

const ms = Date.parse('2026-10-01T05:06:07Z');
const item = itemOf({ id: recordId(1), ms });
const auditData = item['auditData'] as Record<string, unknown>;
const valueOf = (of: unknown): Record<string, unknown> => {
  const { element } = toFound(of);
  return element.ok ? (element.value as Record<string, unknown>) : {};
};

describe('an item of an audit query', () => {
  it('is its auditData: user fields and address of the envelope are never used', () => {
    const parsed = parseRecord(valueOf(item), { contentFields: 'drop' });
    expect(parsed).toMatchObject({ ok: true, record: { id: recordId(1), clientIp: '192.0.2.7', unknownPaths: [] } });
    expect(JSON.stringify(parsed)).toContain('adele@contoso.example');
    const crossed = { ...item, userId: 'adele@contoso.example', userPrincipalName: 'key-1', clientIp: '192.0.2.99' };
    expect(valueOf(crossed)).toEqual(valueOf(item));
  });
  it('lends id and time of its envelope to an auditData that has none', () => {
    const { Id: _id, CreationTime: _time, ...rest } = auditData;
    expect(valueOf({ ...item, auditData: rest })).toMatchObject({
      Id: recordId(1),
      CreationTime: '2026-10-01T05:06:07.000Z',
    });
    expect(toFound({ ...item, auditData: rest })).toMatchObject({ eventMs: ms, key: toFound(item).key });
  });
  it('may carry auditData as text, and names in other casing', () => {
    expect(valueOf({ ...item, auditData: JSON.stringify(auditData) })).toEqual(valueOf(item));
    const { auditData: data, ...envelope } = item;
    expect(valueOf({ ...envelope, AuditData: data })).toEqual(valueOf(item));
  });
  it.for([null, 'text', 7, {}, { auditData: null }, { auditData: '{"Id":' }, { auditData: [] }])(
    'that holds no record is told as one that cannot be read: %j',
    (of) => {
      expect(toFound(of).element).toMatchObject({ ok: false, reason: expect.stringContaining('auditData') });
    },
  );
  it('without any id is known by its content', () => {
    const nameless = { auditData: { Operation: 'CopilotInteraction' } };
    expect(toFound(nameless).key).toBe(toFound({ ...nameless }).key);
    expect(toFound(nameless).key).not.toBe(toFound({ auditData: { Operation: 'AIAppInteraction' } }).key);
    expect(toFound(nameless).eventMs).toBeNaN();
  });
  it('is known by its id in any casing', () => {
    const upper = { ...item, auditData: { ...auditData, Id: recordId(1).toUpperCase() } };
    expect(toFound(upper).key).toBe(toFound(item).key);
  });
});
