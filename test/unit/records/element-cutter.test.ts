import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { elementCutter } from '../../../collector/records/element-cutter.ts';
import { MalformedBody } from '../../../collector/records/malformed-body.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

interface Cut {
  readonly texts: string[];
  readonly oversize: number[];
}

function cut(body: Uint8Array, sizes: readonly number[] = [body.length], maxElementBytes?: number): Cut {
  const texts: string[] = [];
  const oversize: number[] = [];
  const cutter = elementCutter({
    onElement: (element) => texts.push(Buffer.from(element).toString('utf8')),
    onOversize: (bytes) => oversize.push(bytes),
    ...(maxElementBytes === undefined ? {} : { maxElementBytes }),
  });
  let at = 0;
  for (let n = 0; at < body.length; n++) {
    const size = Math.max(1, sizes[n % sizes.length] ?? 1);
    // A fresh copy that is wiped afterwards: whoever keeps a view sees it spoilt, as with a reused read buffer.
    const chunk = Uint8Array.from(body.subarray(at, at + size));
    cutter.push(chunk);
    chunk.fill(0x7d);
    at += size;
  }
  cutter.end();
  return { texts, oversize };
}

const reasonOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error instanceof MalformedBody ? [error.reason, error.message] : error;
  }
  return 'nothing thrown';
};

test('yields exactly the elements that JSON.parse sees, however the body is spaced and chunked', () => {
  const space = fc.constantFrom('', ' ', '\n', '\r\n\t');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), space, space), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (items, sizes, bom) => {
        const elements = items.map(([value, indent]) => JSON.stringify(value, null, indent ? 1 : 0));
        const spaced = items.map(([, , before, after], at) => `${before}${elements[at]}${after}`);
        const text = `[${spaced.join(',')}]`;
        expect(JSON.parse(text)).toHaveLength(elements.length);
        // Texts, not parsed values: V8 of Node 24 confuses keys that contain escapes between one JSON.parse and the next.
        expect(cut(bytesOf(`${bom ? '\uFEFF' : ''}${text}`), sizes).texts).toEqual(elements);
      },
    ),
    { numRuns: 300 },
  );
});

test('strings full of quotes, brackets and backslashes do not end an element, byte by byte', () => {
  const values = ['"', '\\', '\\"', ']', '}', '{"a":[', '\\\\', 'é\u2028😀', '[,]'];
  const list = values.flatMap((value) => [value, { [value]: value, n: [value, { value }] }]);
  const body = bytesOf(JSON.stringify(list));
  for (const size of [1, 2, 3, 7, body.length]) {
    expect(cut(body, [size]).texts).toEqual(list.map((value) => JSON.stringify(value)));
  }
});

test.for(['[]', ' [ ] ', '\uFEFF[]\n'])('an empty array %j has no elements', (text) => {
  expect(cut(bytesOf(text), [1]).texts).toEqual([]);
});

test('scalars and null are elements like others', () => {
  expect(cut(bytesOf('[null,1.5 ,"a,]b",true,{"a":1},[2]]'), [2]).texts).toEqual([
    'null',
    '1.5',
    '"a,]b"',
    'true',
    '{"a":1}',
    '[2]',
  ]);
});

test('an element longer than the maximum is skipped with its length, and the next ones come', () => {
  const long = JSON.stringify({ text: 'x'.repeat(500) });
  const body = bytesOf(`[{"a":1},${long},{"b":2},${long},"c"]`);
  for (const size of [1, 16, 100, body.length]) {
    expect(cut(body, [size], 100)).toEqual({
      texts: ['{"a":1}', '{"b":2}', '"c"'],
      oversize: [long.length, long.length],
    });
  }
});

test.for([
  ['', 'not-an-array'],
  ['<!DOCTYPE html><html>\u00e9', 'not-an-array'],
  ['{"error":"x"}', 'not-an-array'],
  ['[{"a":1}', 'truncated'],
  ['[{"a":1},', 'truncated'],
  ['[{"a":"x', 'truncated'],
  ['[12', 'truncated'],
  ['[1]]', 'trailing-bytes'],
  ['[1] {"a":1}', 'trailing-bytes'],
  ['[1,]', 'syntax'],
  ['[,1]', 'syntax'],
  ['[1 2]', 'syntax'],
  ['[{}{}]', 'syntax'],
  ['[}]', 'syntax'],
] as const)('body %j is malformed: %s', ([text, reason]) => {
  for (const size of [1, 1000])
    expect(reasonOf(() => cut(bytesOf(text), [size]))).toEqual([reason, expect.any(String)]);
});

test('a page instead of an array is told by its first character, and nothing of it is quoted', () => {
  expect(reasonOf(() => cut(bytesOf('<html>canary Service unavailable</html>')))).toEqual([
    'not-an-array',
    'body is not a JSON array: it starts with "<", as pages do',
  ]);
  for (const body of ['"canary"', '{"canary":1}', '[1]canary', '[{}canary', '[1,}canary']) {
    expect(JSON.stringify(reasonOf(() => cut(bytesOf(body))))).not.toContain('canary');
  }
});

test('elements before a malformed end have been handed over', () => {
  const texts: string[] = [];
  const cutter = elementCutter({ onElement: (element) => texts.push(Buffer.from(element).toString()) });
  cutter.push(bytesOf('[{"a":1},{"b":'));
  expect(() => cutter.end()).toThrow(MalformedBody);
  expect(texts).toEqual(['{"a":1}']);
});
