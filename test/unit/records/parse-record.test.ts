import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuditRecord } from '../../../collector/records/audit-record.ts';
import { parseRecord, type ParsedRecord } from '../../../collector/records/parse-record.ts';

const base = {
  Id: '11111111-AAAA-4000-8000-000000000001',
  CreationTime: '2026-06-01T08:00:00',
  RecordType: 261,
  Operation: 'CopilotInteraction',
  Workload: 'Copilot',
};

const drop = { contentFields: 'drop' } as const;

function parsed(fields: object, options: Parameters<typeof parseRecord>[1] = drop): AuditRecord {
  const result = parseRecord({ ...base, ...fields }, options);
  if (!result.ok) throw new Error(result.reason);
  return result.record;
}

const refusal = (fields: object): ParsedRecord => parseRecord({ ...base, ...fields }, drop);

test('never throws on any JSON value, and refuses nothing that has an id and a time', () => {
  const known = fc.constantFrom(
    'Id',
    'CreationTime',
    'CopilotEventData',
    'Messages',
    'AccessedResources',
    'PolicyDetails',
    'Rules',
    'AppIdentity',
    'ClientIP',
    'RecordType',
    'UserType',
    'Contexts',
    'PropertyCollection',
    '__proto__',
    'constructor',
    'toString',
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(base.Id, base.CreationTime, '', '{', '[1', '{"a":[]}')),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.oneof(known, fc.string()), tie('tree')), { maxLength: 4 })
        .map((pairs) =>
          JSON.parse(`{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`),
        ),
    ),
  }));
  fc.assert(
    fc.property(tree, (raw) => {
      const alone = parseRecord(raw, drop);
      expect(() => JSON.stringify(alone)).not.toThrow();
      // With an id and a time, whatever else a record holds is kept.
      const fields = typeof raw === 'object' && raw !== null ? raw : {};
      expect(parseRecord({ ...fields, ...base }, drop).ok).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test.for([
  ['2026-06-01T08:00:00', '2026-06-01T08:00:00Z'],
  ['2026-06-01T08:00:00Z', '2026-06-01T08:00:00Z'],
  ['2026-06-01T08:00:00.1', '2026-06-01T08:00:00.1Z'],
  ['2026-06-01T08:00:00.1234567', '2026-06-01T08:00:00.1234567Z'],
  ['2026-06-01T08:00:00.1234567Z', '2026-06-01T08:00:00.1234567Z'],
  ['2028-02-29T23:59:59', '2028-02-29T23:59:59Z'],
] as const)('the time %s is %s', ([sent, expected]) => {
  expect(parsed({ CreationTime: sent }).eventTime).toBe(expected);
});

test.for([
  '',
  'yesterday',
  '0001-01-01T00:00:00',
  '2014-12-31T23:59:59',
  '2100-01-01T00:00:00',
  '2026-02-30T00:00:00',
  '2026-06-01T24:00:00',
  '2026-06-01T08:00',
  '2026-06-01',
  '2026-06-01T08:00:00.12345678',
  '2026-06-01T08:00:00+02:00',
  null,
  1780300800000,
  { time: 1 },
])('the time %j is refused, never taken for now', (sent) => {
  expect(refusal({ CreationTime: sent })).toEqual({
    ok: false,
    id: base.Id.toLowerCase(),
    reason: expect.stringContaining('CreationTime is'),
  });
});

test.for([undefined, null, '', '  ', 7, {}])('the id %j is refused', (sent) => {
  expect(refusal({ Id: sent })).toEqual({ ok: false, id: null, reason: expect.stringContaining('Id is') });
});

test('a GUID is read in lower case, another id as sent', () => {
  expect(parsed({}).id).toBe('11111111-aaaa-4000-8000-000000000001');
  expect(parsed({ Id: ' Not-A-Guid ' }).id).toBe('Not-A-Guid');
});

test.for([
  ['192.0.2.7', '192.0.2.7'],
  ['192.0.2.7:443', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:192.0.2.7:50123', '192.0.2.7'],
  ['[::ffff:192.0.2.7]:443', '192.0.2.7'],
  ['2001:DB8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%3]:443', 'fe80::1'],
  [' 192.0.2.7 ', '192.0.2.7'],
] as const)('the address %s is %s', ([sent, expected]) => {
  const record = parsed({ ClientIP: sent });
  expect(record.clientIp).toBe(expected);
  expect(record.unknownFields).toEqual({});
});

test.for(['999.1.1.1', '192.0.2', 'Unknown', '192.0.2.7:port', '<b>', 'ffff:1.2.3.400'])(
  '%s is no address and is kept as text',
  (sent) => {
    const record = parsed({ ClientIP: sent });
    expect(record.clientIp).toBeNull();
    expect(record.unknownFields).toEqual({ ClientIP: sent });
    expect(record.unknownPaths).toEqual([]);
  },
);

test.for([undefined, null, ''])('an absent address (%j) is not known', (sent) => {
  expect(parsed({ ClientIP: sent })).toMatchObject({ clientIp: null, unknownFields: {} });
});

test.for([
  ['adele.vance@contoso.example', 0, false],
  ['5b5b5b5b-0000-4000-8000-000000000001', 0, false],
  ['8:orgid:5b5b5b5b-0000-4000-8000-000000000001', 0, false],
  [null, null, false],
  ['N/A', 0, true],
  ['Not Available', 0, true],
  ['Unknown', 2, true],
  ['ServicePrincipal_5b5b5b5b-0000-4000-8000-000000000001', 0, true],
  ['SecurityCopilotAgentUser-5b5b5b5b-0000-4000-8000-000000000001@contoso.example', 0, true],
  ['00000000-0000-0000-0000-000000000000', 0, true],
  ['agent-flow@contoso.example', 5, true],
  ['service@contoso.example', 6, true],
  ['guest_fabrikam.example#EXT#@contoso.example', 10, false],
] as const)('user %s of type %s is synthetic: %s', ([userId, userType, expected]) => {
  expect(parsed({ UserId: userId, UserType: userType }).isSyntheticActor).toBe(expected);
});

test('fields are read in any casing and at either level, the top first', () => {
  const record = parsed({
    CLIENTREGION: 'US',
    AgentID: 'top-agent',
    AgentName: '',
    copilotEventData: {
      agentId: 'event-agent',
      agentname: 'Event Agent',
      APPHOST: 'Word',
      messages: [{ ID: 'm1', IsPrompt: true, jailbreakDetected: 'True' }],
      accessedResources: [
        { listItemUniqueId: 'ABCDEFAB-0000-4000-8000-000000000001', xpiaDetected: false, policydetails: null },
      ],
    },
  });
  expect(record).toMatchObject({
    clientRegion: 'US',
    appHost: 'Word',
    agent: { id: 'top-agent', name: 'Event Agent' },
    unknownPaths: [],
  });
  expect(record.event?.messages).toEqual([{ id: 'm1', isPrompt: true, jailbreakDetected: true }]);
  expect(record.event?.resources[0]).toMatchObject({
    listItemUniqueId: 'abcdefab-0000-4000-8000-000000000001',
    xpiaDetected: false,
    policies: [],
  });
  expect(record.eventData).toMatchObject({ Messages: [{ Id: 'm1', isPrompt: true, JailbreakDetected: 'True' }] });
});

test('of two casings of one key the documented one counts, and the other is kept', () => {
  const record = parsed({ workload: 'x', AgentID: 'a', AgentId: null });
  expect(record.workload).toBe('Copilot');
  expect(record.agent.id).toBe('a');
  expect(record.unknownFields).toEqual({ workload: 'x' });
});

test('an Exchange-style id is no ListItemUniqueId', () => {
  const { event, eventData } = parsed({
    CopilotEventData: { AccessedResources: [{ ListItemUniqueId: 'AAAAAEYE2GAAC' }] },
  });
  expect(event?.resources[0]?.listItemUniqueId).toBeNull();
  expect(eventData).toEqual({ AccessedResources: [{ ListItemUniqueId: 'AAAAAEYE2GAAC' }] });
});

test('null collections are empty, and arrays at the top of the record join the event data', () => {
  const empty = parsed({
    CopilotEventData: { Messages: null, Contexts: null, AccessedResources: null, AISystemPlugin: null },
  });
  expect(empty.event).toEqual({ contexts: [], messages: [], resources: [], plugins: [], models: [] });
  const top = parsed({ Messages: [{ Id: 'm', isPrompt: true }], CopilotEventData: { AppHost: 'Word' } });
  expect(top.event?.messages).toHaveLength(1);
  expect(top.eventData).toEqual({ AppHost: 'Word', Messages: [{ Id: 'm', isPrompt: true }] });
  expect(parsed({}).event).toBeNull();
});

test('AppIdentity is a string or an object', () => {
  expect(parsed({ AppIdentity: 'Copilot.X.Y' }).appIdentity).toBe('Copilot.X.Y');
  expect(parsed({ AppIdentity: { appId: 'a-1', DisplayName: 'Name' } }).appIdentity).toBe('a-1');
  expect(parsed({ CopilotEventData: { AppIdentity: { DisplayName: 'Name' } } }).appIdentity).toBe('Name');
});

test('event data that arrives as JSON text is read like an object', () => {
  const record = parsed({ CopilotEventData: JSON.stringify({ AppHost: 'Word', Messages: [{ Text: 'hello there' }] }) });
  expect(record.appHost).toBe('Word');
  expect(record.eventData).toEqual({ AppHost: 'Word', Messages: [{ Text: '[11 characters]' }] });
});

test('unknown fields are kept by path, and counted by a path without indices', () => {
  const record = parsed({
    NewTop: 1,
    'odd key': true,
    '@odata.type': '#x',
    CopilotEventData: { Messages: [{ Rating: 1 }, { Rating: 2 }], New: { deep: [{ a: 'short' }] } },
  });
  expect(record.unknownFields).toEqual({
    NewTop: 1,
    '["odd key"]': true,
    'CopilotEventData.Messages[0].Rating': 1,
    'CopilotEventData.Messages[1].Rating': 2,
    'CopilotEventData.New': { deep: [{ a: 'short' }] },
  });
  expect(record.unknownPaths).toEqual([
    'NewTop',
    '["odd key"]',
    'CopilotEventData.Messages[].Rating',
    'CopilotEventData.New',
  ]);
  // The payload stays whole.
  expect(record.eventData).toMatchObject({ Messages: [{ Rating: 1 }, { Rating: 2 }], New: { deep: [{ a: 'short' }] } });
});

test('a known field of another kind is kept as unknown', () => {
  const record = parsed({ Workload: { a: 1 }, CopilotEventData: { Messages: 'what people wrote', Contexts: 5 } });
  expect(record.workload).toBeNull();
  expect(record.unknownFields).toEqual({
    Workload: { a: 1 },
    'CopilotEventData.Messages': '[17 characters]',
    'CopilotEventData.Contexts': 5,
  });
  expect(record.event).toMatchObject({ messages: [], contexts: [] });
});

test('record and user types that are no numbers are kept beside an unknown type', () => {
  const record = parsed({ RecordType: 'SomethingNew', UserType: 'Regular' });
  expect(record).toMatchObject({
    recordType: null,
    recordTypeName: null,
    userType: null,
    unknownFields: { RecordType: 'SomethingNew', UserType: 'Regular' },
  });
  expect(parsed({ RecordType: 987 })).toMatchObject({ recordType: 987, recordTypeName: '987' });
  expect(parsed({ RecordType: 987 }, { ...drop, extraRecordTypes: new Map([[987, 'Named']]) }).recordTypeName).toBe(
    'Named',
  );
});

test('names that mean something to JavaScript are plain data', () => {
  const raw: unknown = JSON.parse(
    `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"CopilotEventData":{"__proto__":{"polluted":1},"toString":"x"},` +
      JSON.stringify(base).slice(1),
  );
  const result = parseRecord(raw, drop);
  expect(result.ok).toBe(true);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  const text = JSON.stringify(result);
  expect(text).toContain('"__proto__":{"polluted":1}');
  expect(text).toContain('"CopilotEventData.toString":"x"');
});

test('unpaired surrogates become U+FFFD everywhere, markup stays text', () => {
  const record = parsed({
    UserId: 'a\ud800b',
    ['k\udfff']: 'v\udc00',
    AgentName: '<script>alert(1)</script>\u001b[31m',
  });
  expect(record.userId).toBe('a\uFFFDb');
  expect(record.unknownFields).toEqual({ '["k\uFFFD"]': 'v\uFFFD' });
  expect(record.agent.name).toBe('<script>alert(1)</script>\u001b[31m');
  expect(JSON.stringify(record).isWellFormed()).toBe(true);
});

test('nesting beyond 64 levels is refused, not followed', () => {
  const nested = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
  expect(refusal({ New: nested(60) }).ok).toBe(true);
  expect(refusal({ New: nested(100_000) })).toEqual({
    ok: false,
    id: base.Id.toLowerCase(),
    reason: 'record is nested deeper than 64 levels',
  });
});

test('numbers that JSON cannot carry become text', () => {
  expect(parsed({ New: JSON.parse('1e999') as unknown, UserType: JSON.parse('-1e999') as unknown })).toMatchObject({
    unknownFields: { New: 'Infinity', UserType: '-Infinity' },
  });
});
