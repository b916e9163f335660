import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { dynamic, type Json, string, table } from '../../../collector/schema/table.ts';
import { capFields } from '../../../collector/sinks/cap-fields.ts';
import { cutText, fitJson, jsonBytes } from '../../../collector/sinks/fit-json.ts';

const limit = 65_536;
const rowLimit = 1_000_000;
const plain = table({
  name: 'Plain_CL',
  description: '',
  columns: { Text: string(''), Value: dynamic(''), Other: string('') },
});
const marked = table({
  name: 'Marked_CL',
  description: '',
  columns: { Text: string(''), Value: dynamic(''), TruncatedColumns: dynamic('') },
});
type Wire = Record<string, Json>;
const cap = (row: Wire, of: typeof plain | typeof marked = plain, most = rowLimit) => ({
  ...capFields(of, row, jsonBytes(row), most),
  row,
});

describe('fields', () => {
  test('of a usual row are not even looked at', () => {
    const stringify = vi.spyOn(JSON, 'stringify');
    const row = { Text: 'x'.repeat(60_000) };
    expect(capFields(plain, row, 60_011, rowLimit)).toEqual({ bytes: 60_011, reason: undefined });
    expect(stringify).not.toHaveBeenCalled();
    stringify.mockRestore();
  });

  test.for([
    ['ASCII at the limit', 'x'.repeat(limit), limit],
    ['ASCII above', 'x'.repeat(limit + 1), limit],
    ['two-byte characters', 'é'.repeat(40_000), limit],
    ['three-byte characters', '日'.repeat(30_000), limit - 1],
    ['pairs at an odd place', `x${'😀'.repeat(20_000)}`, limit - 3],
  ] as const)('of text are cut at a character: %s', ([, text, bytes]) => {
    const { row } = cap({ Text: text });
    expect(Buffer.byteLength(row['Text'] as string)).toBe(bytes);
    expect(text.startsWith(row['Text'] as string)).toBe(true);
    expect((row['Text'] as string).isWellFormed()).toBe(true);
  });

  test('count as text without its escapes, and as JSON where they are dynamic', () => {
    expect(cap({ Text: '\n'.repeat(limit) }).reason).toBeUndefined();
    const { row, reason } = cap({ Value: '\n'.repeat(limit - 10) });
    expect(reason).toBe('cut to the limits of Azure: Value (131054 bytes)');
    expect(jsonBytes(row['Value'] ?? null)).toBeLessThanOrEqual(limit);
  });

  test('that were cut are named in the row where it has a column for it', () => {
    const texts = () => ({ Text: 'x'.repeat(70_000), Value: ['y'.repeat(70_000)] });
    const { row, reason, bytes } = cap(texts(), marked);
    expect(row['TruncatedColumns']).toEqual(['Text', 'Value']);
    expect(reason).toBe('cut to the limits of Azure: Text (70000 bytes), Value (70004 bytes)');
    expect(bytes).toBe(jsonBytes(row));
    expect(cap(texts()).row).not.toHaveProperty('TruncatedColumns');
  });

  test('of dynamic columns keep their shape: long texts are cut, late elements dropped, short ones stay', () => {
    const value = {
      AppHost: 'Word',
      Messages: [{ Id: '1', Text: 'ä'.repeat(100_000) }],
      AccessedResources: Array.from({ length: 5000 }, (_, n) => ({ Id: `r${n}`, Name: 'n'.repeat(50) })),
      Nothing: null,
    };
    const before = structuredClone(value);
    const { row } = cap({ Value: value });
    const kept = row['Value'] as typeof value;
    expect(jsonBytes(kept)).toBeLessThanOrEqual(limit);
    expect(jsonBytes(kept)).toBeGreaterThan(0.9 * limit);
    expect(kept).toMatchObject({ AppHost: 'Word', Nothing: null, Messages: [{ Id: '1' }] });
    expect(kept.Messages[0]?.Text).toMatch(/^ä{10000,}$/);
    expect(kept.AccessedResources).toEqual(value.AccessedResources.slice(0, kept.AccessedResources.length));
    expect(kept.AccessedResources.length).toBeGreaterThan(300);
    // The record is kept whole elsewhere.
    expect(value).toEqual(before);
  });

  test('that can be cut no further are null', () => {
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`key${n}`, n]));
    expect(cap({ Value: { a: 1, keys } }).row).toEqual({ Value: { a: 1, keys: null } });
    expect(cap({ Value: keys }).row).toEqual({ Value: null });
  });
});

describe('a row', () => {
  test('above the limit of a request gives way in its longest columns first', () => {
    const row = { Text: 'x'.repeat(60_000), Value: ['y'.repeat(60_000)], Other: 'short' };
    const { bytes, reason } = cap(row, plain, 80_000);
    expect(bytes).toBe(jsonBytes(row));
    expect(bytes).toBeLessThanOrEqual(80_000);
    expect(row.Other).toBe('short');
    expect(row.Text.length).toBeGreaterThan(20_000);
    expect(row.Value[0]?.length).toBeGreaterThan(20_000);
    expect(reason).toMatch(/Value \(60004 bytes\).*Text \(60000 bytes\)|Text \(60000 bytes\).*Value \(60004 bytes\)/);
  });

  test('that has nothing left to cut stays above it', () => {
    expect(cap({ Text: 'x'.repeat(900) }, plain, 500).bytes).toBeGreaterThan(500);
  });
});

describe('any value', () => {
  test('fits any budget, is itself when it fits, and keeps its kind unless it is null', () => {
    const kind = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value);
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }),
        fc.integer({ min: 4, max: 300 }),
        (any, budget) => {
          const value = any as Json;
          const fitting = fitJson(value, budget);
          expect(jsonBytes(fitting)).toBeLessThanOrEqual(budget);
          if (jsonBytes(value) <= budget) expect(fitting).toBe(value);
          else if (fitting !== null) expect(kind(fitting)).toBe(kind(value));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('of text is cut to its longest beginning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 60 }), (text, most) => {
        const cut = cutText(text, most);
        expect(text.startsWith(cut)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
        const [next = ''] = text.slice(cut.length);
        if (next !== '') expect(Buffer.byteLength(cut + next)).toBeGreaterThan(most);
      }),
    );
  });
});
