import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTextLike, isTextName } from '../../../collector/records/content-policy.ts';
import { parseRecord } from '../../../collector/records/parse-record.ts';
import { toStorable } from '../../../collector/records/to-storable.ts';

test.for([
  ['three short words', true],
  ['a b c', true],
  [' \ttabs\tand\nlines ', true],
  ['two words', false],
  ['x'.repeat(64), false],
  [`${'x'.repeat(64)},y`, true],
  [`${'word '.repeat(2)}${'y'.repeat(60)}`, true],
  ['x'.repeat(200), false],
  ['https://contoso.sharepoint.com/sites/finance/Shared%20Documents/A%20very%20long%20name%20(final).docx', false],
  ['https://contoso.example/?q=what people wrote', true],
  ['aaaaaaaa-bbbb-4ccc-8ddd-000000000001', false],
  ['AAMkAGI1+/=_-'.repeat(9), false],
  ['\u5408\u4f75\u8a08\u753b\u3092\u8981\u7d04\u3057\u3066', true],
  ['\u5408\u4f75\u8a08\u753b', false],
  ['[24 characters]', false],
  ['', false],
] as const)('%j is text-like: %s', ([text, expected]) => {
  expect(isTextLike(text)).toBe(expected);
});

test.for([
  ['PromptText', true],
  ['responseText', true],
  ['Body', true],
  ['userPrompt', true],
  ['SearchQuery', true],
  ['Answers', true],
  ['AppAccessContext', false],
  ['ContentType', false],
  ['Identity', false],
] as const)('the name %s says text: %s', ([name, expected]) => {
  expect(isTextName(name)).toBe(expected);
});

const CANARY = 'the canary sings in the merger file';
const withCanary = {
  Id: 'r-1',
  CreationTime: '2026-06-01T08:00:00',
  PromptText: CANARY,
  Prompt: 'canary',
  Response: [CANARY, { deep: 'canary' }],
  NewField: CANARY,
  [CANARY]: 1,
  Nested: { list: [[CANARY], { [CANARY]: CANARY }], body: 'canary', Question: { inner: ['canary'] } },
  Messages: [CANARY, { Text: 'canary', Content: { parts: ['canary'] }, Other: CANARY }],
  CopilotEventData: {
    ResponseText: 'canary',
    Messages: ['canary', { Body: 'canary', body2: CANARY }],
    Contexts: CANARY,
    AccessedResources: [{ Content: 'canary', Extra: { x: CANARY } }],
    Unheard: [CANARY],
  },
  PropertyCollection: [{ Name: 'description', Value: CANARY }],
  ClientIP: CANARY,
};

test('drop leaves no text that people wrote, neither in the record nor in what is stored', () => {
  expect(JSON.stringify(toStorable({ ...withCanary, ClientIP: null }, 'drop'))).not.toContain('canary');
  const result = parseRecord(withCanary, { contentFields: 'drop' });
  expect(result.ok).toBe(true);
  expect(JSON.stringify(result)).not.toContain('canary');
});

test('keep keeps it', () => {
  expect(toStorable(withCanary, 'keep')).toEqual(withCanary);
  const result = parseRecord(withCanary, { contentFields: 'keep' });
  expect(result).toMatchObject({ ok: true, record: { droppedContent: [], payload: { PromptText: CANARY } } });
});

test('what was dropped is listed by path with its length in characters', () => {
  const result = parseRecord(
    {
      Id: 'r-1',
      CreationTime: '2026-06-01T08:00:00',
      PromptText: 'hi 😀',
      CopilotEventData: { Messages: [{ Text: 'abc' }] },
      New: 'one two three',
    },
    { contentFields: 'drop' },
  );
  expect(result).toMatchObject({
    ok: true,
    record: {
      payload: { PromptText: '[4 characters]' },
      unknownFields: { New: '[13 characters]' },
      droppedContent: [
        { path: 'PromptText', length: 4 },
        { path: 'CopilotEventData.Messages[0].Text', length: 3 },
        { path: 'New', length: 13 },
      ],
    },
  });
});

test('a stored record can be stored and parsed again: lengths stay', () => {
  const once = toStorable(withCanary, 'drop');
  expect(toStorable(once, 'drop')).toEqual(once);
  const first = parseRecord(withCanary, { contentFields: 'drop' });
  const again = parseRecord(once, { contentFields: 'drop' });
  if (!first.ok || !again.ok) throw new Error('both parse');
  expect(again.record.eventData).toEqual(first.record.eventData);
  expect(again.record.payload).toEqual(first.record.payload);
  expect(again.record.unknownFields).toMatchObject(
    Object.fromEntries(Object.entries(first.record.unknownFields).filter(([path]) => path !== 'ClientIP')),
  );
});

test('two texts that were keys of one object stay apart', () => {
  expect(toStorable({ New: { 'one two three': 1, 'six two three': 2 } }, 'drop')).toEqual({
    New: { '[13 characters]': 1, '[13 characters]#2': 2 },
  });
});

test('anything can be stored, as JSON, without its text', () => {
  const words = fc.constantFrom(
    'canary sings here again',
    'x'.repeat(70) + ' canary',
    '\u5408\u4f75\u8a08\u753b\u3092\u8981\u7d04\u3057\u3066canary',
  );
  const name = fc.oneof(
    fc.constantFrom('Prompt', 'New', '__proto__', 'constructor', 'Messages', 'CopilotEventData', 'Id2'),
    words,
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      words,
      fc.anything({ maxDepth: 1, withBigInt: true, withDate: true }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, (raw) => {
      const stored = toStorable({ Unknown: raw }, 'drop');
      const text = JSON.stringify(stored);
      expect(text).not.toContain('canary');
      expect(text.isWellFormed()).toBe(true);
      const read: unknown = JSON.parse(text);
      expect(toStorable(read, 'drop')).toEqual(read);
    }),
    { numRuns: 500 },
  );
});

test('what is no record can be stored too', () => {
  expect(toStorable('one two three', 'drop')).toBe('[13 characters]');
  expect(toStorable([null, undefined, 12n, () => 1, Number.NaN], 'drop')).toEqual([null, null, '12', null, 'NaN']);
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  expect(JSON.stringify(toStorable(circular, 'drop'))).toContain('[nested-too-deep]');
});
