import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LineError, scanNdjson } from '../../../workspace/ndjson-scan.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ndjson-scan-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function file(text: string | Buffer): string {
  files += 1;
  const path = join(directory, `${files}.ndjson`);
  writeFileSync(path, text);
  return path;
}

/** For each line the texts of the members that were told, and what lies at the places that were told. */
function scan(path: string, names: readonly string[]): { readonly [name: string]: string }[] {
  const rows: Record<string, string>[] = [];
  scanNdjson(
    path,
    names,
    () => rows.push({}),
    (member, bytes, start, end) => {
      const row = rows.at(-1);
      if (row !== undefined) row[names[member] ?? ''] = bytes.toString('utf8', start, end);
    },
  );
  return rows;
}

test.for<[what: string, text: string, rows: unknown]>([
  [
    'members in any order',
    '{"a":1,"b":"x"}\n{"b":"y","a":2}\n',
    [
      { a: '1', b: '"x"' },
      { a: '2', b: '"y"' },
    ],
  ],
  ['members that a line has not', '{"b":"x"}\n{}\n{"c":1}\n', [{ b: '"x"' }, {}, {}]],
  ['blanks around tokens', '  { "a" : 1 , "b" :\t"x" }  \n', [{ a: '1 ', b: '"x"' }]],
  ['CRLF at ends of lines', '{"a":1}\r\n{"a":2}\r\n', [{ a: '1' }, { a: '2' }]],
  ['blank lines as none', '\n{"a":1}\n\r\n   \n{"a":2}\n\n', [{ a: '1' }, { a: '2' }]],
  ['a last line without LF as not written yet', '{"a":1}\n{"a":2', [{ a: '1' }]],
  ['an empty file', '', []],
  [
    'names and texts with quotes, braces and escapes',
    `${String.raw`{"x\"a":7,"z":"} , \"a\":8 \\","a":"q\"]}\\","b":[{"a":"]"}]}`}\n`,
    [{ a: String.raw`"q\"]}\\"`, b: '[{"a":"]"}]' }],
  ],
  ['names of inner objects as not its own', '{"z":{"a":1,"b":[{"a":2}]},"b":3}\n', [{ b: '3' }]],
  ['names that are written with escapes', String.raw`{"\u0061":1,"\u00e9":2}` + '\n', [{ a: '1', é: '2' }]],
  ['names of the same length and edges apart', '{"aXc":1,"abc":2,"aYc":3}\n', [{ abc: '2' }]],
  ['unicode', '{"é":"日本 😀","a":1}\n', [{ é: '"日本 😀"', a: '1' }]],
  ['__proto__ as a name like others', '{"__proto__":{"a":1},"a":2}\n', [{ a: '2' }]],
  [
    'the later one of two members of a name',
    '{"a":1,"a":2,"b":3,"abc":4,"é":5}\n',
    [{ a: '2', b: '3', abc: '4', é: '5' }],
  ],
  [
    'literals and numbers',
    '{"a":null,"b":-1.5e3}\n{"a":true,"b":false}\n',
    [
      { a: 'null', b: '-1.5e3' },
      { a: 'true', b: 'false' },
    ],
  ],
])('reads %s', ([, text, rows]) => {
  expect(scan(file(text), ['a', 'b', 'abc', 'é'])).toStrictEqual(rows);
});

test.for<[what: string, line: string]>([
  ['no JSON', 'hello'],
  ['an array', '[1]'],
  ['a number', '5'],
  ['a name without quotes', '{a:1}'],
  ['a name without a value', '{"a"}'],
  ['a text that does not end', '{"a":"x'],
  ['an object that does not end', '{"a":1'],
  ['an inner object that does not end', '{"a":{"b":1}'],
])('a line that is %s is told with its file and number', ([, line]) => {
  const path = file(`{"a":1}\n\n${line}\n{"a":2}\n`);
  expect(() => scan(path, ['a', 'b'])).toThrow(LineError);
  expect(() => scan(path, ['a', 'b'])).toThrow(`${path}, line 3: not a JSON object`);
});

test('a line that ends within the last member that is read is told, too', () => {
  expect(() => scan(file('{"a":{"b":1}\n'), ['a'])).toThrow('line 1');
});

test('a value that a reader cannot parse is told with its file and line', () => {
  const path = file('{"a":1}\n{"a":tru}\n');
  const read = (): number =>
    scanNdjson(
      path,
      ['a'],
      () => undefined,
      (_, bytes, start, end) => void JSON.parse(bytes.toString('utf8', start, end)),
    );
  expect(read).toThrow(`${path}, line 2`);
});

test('what a reader throws for other reasons passes as it is', () => {
  const reason = new Error('budget');
  const read = (): number =>
    scanNdjson(
      file('{"a":1}\n'),
      ['a'],
      () => undefined,
      () => {
        throw reason;
      },
    );
  expect(read).toThrow(reason);
});

test('a file is read up to where an earlier reading ended', () => {
  const path = file('{"a":1}\n{"a":2');
  const read = (until?: number) => {
    let lines = 0;
    const end = scanNdjson(
      path,
      ['a'],
      () => (lines += 1),
      () => undefined,
      until,
    );
    return { lines, end };
  };
  const first = read();
  appendFileSync(path, '2}\n{"a":3}\n');
  expect([first, read(first.end), read()]).toStrictEqual([
    { lines: 1, end: 8 },
    { lines: 1, end: 8 },
    { lines: 3, end: 25 },
  ]);
});

test('lines are told by where they start and how long they are, in bytes', () => {
  const text = '{"a":"é"}\n\n  {"a":2}\r\n';
  const told: string[] = [];
  scanNdjson(
    file(text),
    [],
    (start, length) =>
      told.push(
        Buffer.from(text)
          .toString('utf8', start, start + length)
          .trim(),
      ),
    () => undefined,
  );
  expect(told).toStrictEqual(['{"a":"é"}', '{"a":2}']);
});

const MiB = 1024 * 1024;
// Chunks are 8 MiB.
test.for<[what: string, sizes: readonly number[]]>([
  ['that end where a chunk ends', [5 * MiB, 3 * MiB, 100]],
  ['that go across a border', [3 * MiB, 3 * MiB, 3 * MiB, 100, 7 * MiB, 3 * MiB]],
  ['larger than two chunks', [100, 20 * MiB, 100, 3 * MiB]],
])('lines %s are whole, and so are their places', ([, sizes]) => {
  const path = file('');
  for (const [index, size] of sizes.entries()) {
    const empty = `{"z":"","a":${index}}\n`;
    appendFileSync(path, empty.replace('""', `"${'x'.repeat(size - empty.length)}"`));
  }
  const places: number[] = [];
  const values: string[] = [];
  scanNdjson(
    path,
    ['a'],
    () => undefined,
    (_, bytes, start, end, offset) => {
      values.push(bytes.toString('utf8', start, end));
      places.push(offset + start);
    },
  );
  expect(values).toStrictEqual(sizes.map((_, index) => String(index)));
  const ends = sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
  // The value stands before `}` and LF.
  expect(places).toStrictEqual(ends.map((end) => end - 3));
});

test('a byte order mark before a file is no part of its first line, and places count it', () => {
  const mark = '\uFEFF';
  const path = file(`${mark}{"a":1}\n{"a":2}\n`);
  expect(scan(path, ['a'])).toStrictEqual([{ a: '1' }, { a: '2' }]);
  const places: unknown[] = [];
  scanNdjson(
    path,
    [],
    (start, length) => places.push([start, length]),
    () => undefined,
  );
  expect(places).toStrictEqual([
    [3, 7],
    [11, 7],
  ]);
  expect(scan(file(`${mark}\n{"a":1}\n`), ['a'])).toStrictEqual([{ a: '1' }]);
  expect(() => scan(file(`{"a":1}\n${mark}{"a":2}\n`), ['a'])).toThrow('line 2');
});
