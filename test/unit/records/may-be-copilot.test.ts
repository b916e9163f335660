import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCopilotRecord } from '../../../collector/records/is-copilot-record.ts';
import { mayBeCopilot } from '../../../collector/records/may-be-copilot.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

const escapeSome = (text: string, every: number): string =>
  Array.from(text)
    .map((letter, at) =>
      every > 0 && at % every === 0 && /\w/.test(letter)
        ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
        : JSON.stringify(letter).slice(1, -1),
    )
    .join('');

const recase = (text: string, mask: number): string =>
  Array.from(text)
    .map((c, at) => ((mask >> (at % 8)) & 1 ? c.toUpperCase() : c.toLowerCase()))
    .join('');

/** JSON text of a string in some casing, some letters escaped. */
const quoted = (names: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 0, 0, 1, 3), fc.boolean())
    .map(([name, mask, every, asIs]) => `"${escapeSome(asIs ? name : recase(name, mask), every)}"`);

const keys = quoted([
  'Workload',
  'Operation',
  'RecordType',
  'CopilotEventData',
  'CopilotSettingsEventData',
  'Wor\u212aload',
  'Id',
  '__proto__',
  'constructor',
  'ExtendedProperties',
  'a"b\\c',
  'copilot',
  'RecordTypes',
]);
const values = fc.oneof(
  quoted(['Copilot', 'AIApp', ' Copilot ', 'SecurityCopilot', 'Exchange', 'SharePoint', 'Copil\u00f6t']),
  quoted([
    'CopilotInteraction',
    'BotCreate',
    'BotUpdateOperation-BotShare',
    'EnablePlugin',
    'FileAccessed',
    'MailSend',
  ]),
  fc.constantFrom(
    '261',
    '261.0',
    '2.61e2',
    '"261"',
    '" 261 "',
    '"261.0"',
    '9',
    '"9"',
    '-261',
    '1e999',
    '"0x105"',
    '256',
    '900',
  ),
  fc.constantFrom('null', 'true', '{}', '[]', '{"Workload":"Copilot","RecordType":261}', '["CopilotEventData"]'),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
);
const space = fc.constantFrom('', '', ' ', '\n\t');
const recordTexts = fc
  .array(fc.tuple(keys, values, space, space), { maxLength: 6 })
  .map((pairs) => `{${pairs.map(([key, value, a, b]) => `${a}${key}${b}:${b}${value}${a}`).join(',')}}`);

test('says maybe whenever the parsed record is a Copilot record', () => {
  const options = { extraRecordTypes: new Map([[900, 'NewCopilotType']]) };
  let selected = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: recordTexts }, { weight: 1, arbitrary: fc.json() }), (text) => {
      for (const o of [options, {}]) {
        if (!isCopilotRecord(JSON.parse(text), o)) continue;
        selected++;
        expect(mayBeCopilot(bytesOf(text), o)).toBe(true);
      }
    }),
    { numRuns: 3000 },
  );
  expect(selected).toBeGreaterThan(500);
});

const noise = { Id: '1', Operation: 'FileAccessed', RecordType: 6, Workload: 'SharePoint' };

test.for([
  ['plain', noise],
  [
    'the word in nested text',
    { ...noise, ExtendedProperties: [{ Name: 'Workload', Value: 'Copilot asked about RecordType 261' }] },
  ],
  ['a nested payload', { ...noise, Data: { CopilotEventData: { Workload: 'Copilot' }, RecordType: 261 } }],
  [
    'the word in a top-level text',
    { ...noise, ObjectId: 'https://contoso.sharepoint.com/Copilot "CopilotEventData":{}' },
  ],
  ['another type as text', { ...noise, RecordType: '25' }],
  [
    'Power Platform administration that is no Copilot Studio',
    { ...noise, Operation: 'EnvironmentDelete', RecordType: 256, Workload: 'PowerPlatform' },
  ],
  ['escapes in values that do not matter', { ...noise, UserId: 'contoso\\admin "x"' }],
  ['no keys at all', {}],
  ['not an object', ['Workload', 'Copilot']],
] as const)('noise is told from bytes: %s', ([, value]) => {
  expect(mayBeCopilot(bytesOf(JSON.stringify(value)))).toBe(false);
  expect(mayBeCopilot(bytesOf(JSON.stringify(value, null, 2)))).toBe(false);
});

test.for([
  '{"Workload":"Copilot"}',
  '{"workLOAD" : "COPILOT"}',
  '{"RecordType":"261"}',
  '{"CopilotSettingsEventData":{}}',
  '{"a":{"b":[1,"]}"]},"Operation":"BotUpdateOperation-BotPublish"}',
  String.raw`{"Work\u006coad":"x"}`,
  String.raw`{"Operation":"Copilot\u0049nteraction"}`,
])('a candidate is told from bytes: %s', (text) => {
  expect(mayBeCopilot(bytesOf(text))).toBe(true);
});

test('cut off anywhere, an element is judged without an exception', () => {
  const text = String.raw`{"Id":"a\\b","x":{"y":["\"",1]},"Operation":"FileAccessed","RecordType":9}`;
  for (let length = 0; length <= text.length; length++)
    expect(() => mayBeCopilot(bytesOf(text.slice(0, length)))).not.toThrow();
});
