import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunks } from '../../../collector/sinks/chunks.ts';

function cut(texts: readonly string[], limit: number): readonly (readonly string[])[] {
  const gathered = chunks<string>(limit);
  const full = texts.map((text) => gathered.add(text, Buffer.byteLength(JSON.stringify(text))));
  return [...full, gathered.end()].filter((chunk) => chunk !== undefined);
}

const bytesOf = (chunk: readonly string[]): number => Buffer.byteLength(JSON.stringify(chunk));

describe('chunks', () => {
  test('any rows and any limit: all rows, in order, none above the limit unless it stands alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 40 })),
        fc.integer({ min: 1, max: 200 }),
        (texts, limit) => {
          const all = cut(texts, limit);
          expect(all.flat()).toEqual(texts);
          for (const chunk of all) if (chunk.length > 1) expect(bytesOf(chunk)).toBeLessThanOrEqual(limit);
          // No chunk is cut short: the next row would not have fitted.
          all.slice(0, -1).forEach((chunk, n) => {
            const [next = ''] = all[n + 1] ?? [];
            expect(bytesOf([...chunk, next])).toBeGreaterThan(limit);
          });
        },
      ),
    );
  });

  test.for([
    ['exactly the limit', 10, [['aa', 'b']]],
    ['one byte less', 9, [['aa'], ['b']]],
  ] as const)('a limit of %s', ([, limit, expected]) => {
    // ["aa","b"] is 10 bytes.
    expect(cut(['aa', 'b'], limit)).toEqual(expected);
  });

  test('nothing is no chunk', () => {
    expect(cut([], 100)).toEqual([]);
  });
});
