import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TableSchema } from '../../../kql/engine/language/schema.ts';
import { columnOf, type Relation, rowOf } from '../../../kql/engine/relation.ts';
import { formatJson } from '../../../kql/engine/values/json.ts';
import { LineError } from '../../../workspace/ndjson-scan.ts';
import { type LazyTable, ndjsonTable } from '../../../workspace/ndjson-table.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ndjson-table-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const schema: TableSchema = {
  name: 'T',
  columns: [
    { name: 'User', type: 'string' },
    { name: 'Count', type: 'long' },
    { name: 'Facts', type: 'dynamic' },
    { name: 'Time', type: 'datetime' },
    { name: '_TimeReceived', type: 'datetime' },
  ],
};

let files = 0;
function file(...lines: readonly string[]): string {
  files += 1;
  const path = join(directory, `${files}.ndjson`);
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}
const table = (...paths: readonly string[]): LazyTable => ndjsonTable(paths, schema);
const all = new Set(schema.columns.map(({ name }) => name));
const none = new Set<string>();

const shown = (relation: Relation): string[] =>
  Array.from({ length: relation.length }, (_, row) => formatJson(rowOf(relation, row)));

const full =
  '{"User":"ada@contoso.example","Count":9007199254740993,"Facts":{"b":[1.0,2],"__proto__":{"x":1}},"Time":"1970-01-01T00:00:00Z","_TimeReceived":"2026-11-20T12:00:00Z","Other":[1]}';
const fullShown =
  '["ada@contoso.example",9007199254740993,{"b":[1.0,2],"__proto__":{"x":1}},"1970-01-01T00:00:00.0000000Z","2026-11-20T12:00:00.0000000Z"]';

// What a query names is decoded, what it does not name is read line by line: both must say the same.
test.for([
  ['named', all],
  ['not named', none],
] as const)('cells of columns that are %s are those of the file', ([, wanted]) => {
  const path = file(
    full,
    '{"Facts":null,"User":null,"Count":"many","Time":5}',
    '{}',
    '{"Facts":"text","User":"Zoë \\"日本\\"","Count":1.5,"Time":"soon"}',
    '{"Facts":5,"Count":true,"User":7}',
    '{"Facts":[],"Count":-1,"User":{"a":1}}',
  );
  expect(shown(table(path)(wanted))).toStrictEqual([
    fullShown,
    '["",null,null,null,null]',
    '["",null,null,null,null]',
    '["Zoë \\"日本\\"",null,"text",null,null]',
    '["7",null,5,null,null]',
    '["{\\"a\\":1}",-1,[],null,null]',
  ]);
});

test('files are read in the order given, as one table', () => {
  const [first, second] = [file('{"User":"a","Facts":1}', '{"User":"b","Facts":2}'), file('{"User":"c","Facts":3}')];
  expect(shown(table(second, file(), first)(new Set(['User', 'Facts']))).map((row) => row.slice(0, 12))).toStrictEqual([
    '["c",null,3,',
    '["a",null,1,',
    '["b",null,2,',
  ]);
});

test('a table without files has no rows', () => {
  expect(table()(all).length).toBe(0);
});

test('only columns of the schema are there', () => {
  expect(table(file(full))(none).columns.map(({ name }) => name)).toStrictEqual([...all]);
});

test('rows tell when they were received', () => {
  const relation = table(file(full, '{}'))(none);
  expect([relation.receivedAt?.(0), relation.receivedAt?.(1)].map((value) => formatJson(value ?? null))).toStrictEqual([
    '"2026-11-20T12:00:00.0000000Z"',
    'null',
  ]);
});

test('columns that come into an answer without being named are the same for the last row of many', () => {
  const lines = Array.from({ length: 5000 }, (_, row) => `{"Count":${row},"User":"u${row}","Facts":[${row}]}`);
  const relation = table(file(...lines))(none);
  const rows = shown(relation);
  expect(rows).toHaveLength(5000);
  expect(rows.every((row, index) => row === `["u${index}",${index},[${index}],null,null]`)).toBe(true);
});

test('a table that was read before keeps its columns and reads others when they are asked for', () => {
  const open = table(file('{"User":"a","Count":1,"Facts":[1]}', '{"User":"b","Count":2}'));
  const before = open(new Set(['User']));
  const after = open(new Set(['Count', 'Facts']));
  expect(shown(after)).toStrictEqual(shown(before));
  expect(columnOf(after, 'Count')?.at(1)).toBe(2);
});

test('cells can be read in any order and more than once', () => {
  const lines = Array.from({ length: 2000 }, (_, row) => `{"Facts":{"row":${row},"fill":"${'x'.repeat(1000)}"}}`);
  const facts = columnOf(table(file(...lines), file('{"Facts":{"row":2000}}'))(new Set(['Facts'])), 'Facts');
  for (const row of [2000, 1999, 0, 1500, 3, 1999, 0])
    expect(formatJson(facts?.at(row) ?? null)).toMatch(`{"row":${row}`);
});

test('what is appended to a file after it was opened is not seen, and does no harm', () => {
  const [first, second] = [file('{"User":"a","Count":1}'), file('{"User":"z","Count":26}')];
  const open = table(first, second);
  const before = shown(open(new Set(['User'])));
  appendFileSync(first, '{"User":"b","Count":2}\n');
  expect(shown(open(new Set(['User', 'Count', 'Facts'])))).toStrictEqual(before);
});

test.for([
  ['named', all, 'line 2'],
  ['not named', none, 'byte 12'],
] as const)(
  'a line that is no JSON is told by the file and the place where its columns are %s',
  ([, wanted, place]) => {
    const path = file('{"Count":1}', '{"Count":tru}');
    const read = (): unknown => shown(table(path)(wanted));
    expect(read).toThrow(LineError);
    expect(read).toThrow(`${path}, ${place}`);
  },
);

test('a file that has become shorter since it was opened is told', () => {
  const path = file('{"User":"a"}', '{"User":"b","Facts":[1]}');
  const relation = table(path)(all);
  truncateSync(path, 20);
  expect(() => shown(relation)).toThrow(LineError);
  expect(() => shown(relation)).toThrow(`${path}: is shorter than when it was opened; run the query again`);
});

test('a dynamic value that is no JSON is told by file and place', () => {
  const path = file('{"Facts":[1,}');
  expect(() => shown(table(path)(all))).toThrow(path);
});
