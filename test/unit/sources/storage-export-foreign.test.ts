/** Rows of others are told from ours by their bytes; nothing of ours may be taken for theirs. */
import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isCopilotRecord } from '../../../collector/records/is-copilot-record.ts';
import { mayHoldCopilot } from '../../../collector/sources/storage-export/may-hold-copilot.ts';
import { rowsOf } from '../../../collector/sources/storage-export/rows.ts';

const recordTypes = { extraRecordTypes: new Map([[900, 'NewCopilotType']]) };
const rows = rowsOf('auto', recordTypes);
const isOfInterest = (text: string): boolean =>
  rows.textToElements(text).some((element) => !element.ok || isCopilotRecord(element.value, recordTypes));

/** JSON text of a string, with some letters escaped. */
const quoted = (text: string, every: number): string =>
  `"${Array.from(text, (letter, at) =>
    every > 0 && at % every === 0
      ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
      : JSON.stringify(letter).slice(1, -1),
  ).join('')}"`;
const key = (...names: readonly string[]) =>
  fc.tuple(fc.constantFrom(...names), fc.constantFrom(0, 0, 0, 0, 3)).map(([name, every]) => quoted(name, every));
const object = (members: fc.Arbitrary<[string, string]>) =>
  fc
    .tuple(fc.array(members, { maxLength: 5 }), fc.constantFrom('', ' ', '\r\n'))
    .map(
      ([all, space]) => `{${all.map(([name, value]) => `${space}${name}${space}:${space}${value}`).join(',')}${space}}`,
    );
const any = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '261',
    '"261"',
    '900',
    '6',
    '"Copilot"',
    '"AIApp"',
    '"SharePoint"',
    '"CopilotInteraction"',
    '"\\u0043opilotInteraction"',
    '"x \\" }"',
    'null',
  ),
);
/** A value as it is, as its own text, or as the text of that. */
const wrapped = (inner: fc.Arbitrary<string>) =>
  fc.tuple(inner, fc.constantFrom(0, 0, 0, 1, 2)).map(([text, times]) => {
    let value = text;
    for (let n = 0; n < times; n++) value = JSON.stringify(value);
    return value;
  });
const aRecord = object(
  fc.tuple(
    key('Workload', 'operation', 'RecordType', 'CopilotEventData', 'Id', 'ExtendedProperties', 'CreationTime'),
    any,
  ),
);
const aRow = object(
  fc.oneof(
    fc.tuple(key('RawEventData', 'AuditData', 'auditData'), wrapped(aRecord)),
    fc.tuple(
      key('ActionType', 'Application', 'Type', 'Workload', 'RecordType', 'ActivityObjects', 'LLMEventData', 'Id'),
      any,
    ),
    fc.tuple(fc.constant('"Type"'), fc.constantFrom('"CopilotActivity"', '"\\u0043opilotActivity"')),
  ),
);
const anEnvelope = object(
  fc.oneof(
    fc.tuple(key('properties'), wrapped(aRow)),
    fc.tuple(key('category', 'operationName', 'time'), any),
    fc.tuple(
      key('records', 'value'),
      fc.array(fc.oneof(aRow, aRecord), { maxLength: 2 }).map((all) => `[${all.join(',')}]`),
    ),
  ),
);

const anyRow = fc.oneof(
  anEnvelope,
  aRow,
  aRecord,
  fc.array(fc.oneof(aRow, aRecord), { maxLength: 2 }).map((all) => `[${all.join(',')}]`),
  fc.json(),
);

it('a row that is called foreign never holds a record, nor a thing that cannot be read', () => {
  let interesting = 0;
  let foreign = 0;
  fc.assert(
    fc.property(anyRow, fc.constantFrom('', '', ' ', '\uFEFF'), fc.constantFrom('', ' ', '\r'), (text, start, end) => {
      const isInteresting = isOfInterest(text);
      const isForeign = rows.isForeign(Buffer.from(`${start}${text}${end}`));
      interesting += Number(isInteresting);
      foreign += Number(isForeign);
      expect(isInteresting && isForeign, text).toBe(false);
    }),
    { numRuns: 3000 },
  );
  // It would be easy never to call a row foreign.
  expect(interesting).toBeGreaterThan(300);
  expect(foreign).toBeGreaterThan(300);
});

it.for([
  '{"RawEventData":{"Workload":"\\u0043opilot"}}',
  '{"RawEventData":{"\\u0057orkload":"Copilot"}}',
  '{"RawEventData":{"WORKLOAD":"copilot"}}',
  '{"RawEventData":{"RecordType":" 261 "}}',
  '{"RawEventData":{"Workload":"Exchange"},"RawEventData":{"Workload":"Copilot"}}',
  '{"RawEventData":{"Workload":"Exchange","Workload":"Copilot"}}',
  '{"R\\u0061wEventData":{"Workload":"Copilot"}}',
  `{"RawEventData":${JSON.stringify(JSON.stringify('{"Workload":"Copilot"}'))}}`,
  '\uFEFF{"RawEventData":{"Workload":"Copilot"}}',
  '{"ActionType":"\\u0043opilotInteraction","Application":"x"}',
  '[{"RawEventData":{"Workload":"Copilot"}}]',
  '{"category":"x","properties":"{\\"RawEventData\\":\\"{\\\\\\"Workload\\\\\\":\\\\\\"Copilot\\\\\\"}\\"}"}',
])('what is of interest is not called foreign, however it is written: %s', (text) => {
  // As a line is read.
  expect(isOfInterest(text.trim())).toBe(true);
  expect(rows.isForeign(Buffer.from(text))).toBe(false);
});

it('the usual row of another application is called foreign without being parsed', () => {
  const properties = {
    ActionType: 'FileAccessed',
    Application: 'Microsoft SharePoint Online',
    ActivityObjects: [{ Type: 'File', Name: 'Copilot "plan" {x}.docx' }],
    RawEventData: { Id: '1', Workload: 'SharePoint', Operation: 'FileAccessed', RecordType: 6, ObjectId: 'a/Copilot' },
  };
  const envelope = { time: '2026-11-18T10:02:00.1234567Z', category: 'AdvancedHunting-CloudAppEvents', properties };
  const forms = [envelope, properties, { ...envelope, properties: JSON.stringify(properties) }];
  for (const form of forms) expect(mayHoldCopilot(Buffer.from(JSON.stringify(form)))).toBe(false);
  const asText = { ...properties, RawEventData: JSON.stringify(properties.RawEventData) };
  expect(mayHoldCopilot(Buffer.from(JSON.stringify({ ...envelope, properties: asText })))).toBe(false);
});

it.for(['{"a":1', '{"a":"b', '{"a":1}}', '{"a":1}{"b":2}', 'no json', '[]', '{"a', ''])(
  'a row that is no whole object is left to the parser: %s',
  (text) => {
    expect(mayHoldCopilot(Buffer.from(text))).toBe(true);
  },
);

const folder = new URL('../../fixtures/storage-export/', import.meta.url);
it.for(readdirSync(folder))('a row of every known kind that has something for us is not called foreign: %s', (file) => {
  const text = JSON.stringify(JSON.parse(readFileSync(new URL(file, folder), 'utf8')).row);
  expect(isOfInterest(text) && rows.isForeign(Buffer.from(text))).toBe(false);
});

it('with a format that was chosen, rows of another are told and not called foreign', () => {
  const stranger = Buffer.from('{"Id":"1","CreationTime":"2026-11-18T09:00:00","Workload":"Exchange"}');
  expect(rows.isForeign(stranger)).toBe(true);
  for (const format of ['cloud-app-events', 'copilot-activity', 'audit-data'] as const)
    expect(rowsOf(format).isForeign(stranger), format).toBe(false);
});
