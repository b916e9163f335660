import { describe, expect, test } from 'vitest';
import { language, stringLiteral } from '../../../kql/engine/language/language.ts';
import { toType } from '../../../kql/engine/values/types.ts';

const events = {
  name: 'Events',
  columns: [
    { name: 'Actor', type: 'string' },
    { name: 'odd name', type: 'long' },
  ],
} as const;
const known = language(
  [events],
  [
    {
      name: 'ByActor',
      parameters: 'least:long = 0',
      body: 'Events | summarize N = count() by Actor | where N > least',
    },
    { name: 'Faulty', parameters: '', body: 'Events | where (' },
  ],
);

describe('the binder', () => {
  test('tells the columns that a query yields', () => {
    expect(known.analyze('Events | project Actor, N = ["odd name"] + 1').columns).toEqual([
      { name: 'Actor', type: 'string' },
      { name: 'N', type: 'long' },
    ]);
    expect(known.analyze('let x = 1;').columns).toBeUndefined();
  });

  test('binds functions of the workspace with their columns', () => {
    const { diagnostics, columns } = known.analyze('ByActor(5) | project Actor, N');
    expect(diagnostics).toEqual([]);
    expect(columns?.map(({ type }) => type)).toEqual(['string', 'long']);
  });

  test('says what is wrong, with code and place', () => {
    const [first] = known.analyze('Events\n| where Acto == "x"').diagnostics;
    expect(first).toMatchObject({ code: 'KS142', severity: 'Error', position: { line: 2, column: 9, offset: 15 } });
    for (const text of ['', '|', 'Events |', '"', '((((', '\u0000', 'let x', '}{'])
      expect(Array.isArray(known.analyze(text).diagnostics)).toBe(true);
  });

  test('says so where it fails itself', () => {
    const text = 'print N = 1 | summarize[long(null) count(), make_set(Actor) by bin(TimeGenerated, 1h)';
    expect(() => known.analyze(text)).toThrow("syntax: Microsoft's parser fails on this text");
  });

  test('gives the same node the same object, and its text, name and literal', () => {
    const { root } = known.analyze("Events | where Actor == 'a\\'b' // the end");
    const names = [...root.descendants()].filter(({ kind }) => kind === 'NameReference');
    expect(names.map(({ name }) => name)).toEqual(['Events', 'Actor']);
    const literal = [...root.descendants()].find(({ kind }) => kind === 'StringLiteralExpression');
    expect([literal?.text, literal?.literal, literal?.type]).toEqual(["'a\\'b'", "a'b", 'string']);
    expect(literal?.ancestor('FilterOperator')).toBe(names[1]?.ancestor('FilterOperator'));
  });

  test('parses a function of the workspace as a declaration, once', () => {
    const definition = { name: 'F', parameters: 'x:long', body: '\nx + 1' };
    const declaration = known.declaration(definition);
    expect(declaration.kind).toBe('FunctionDeclaration');
    expect(known.declaration(definition)).toBe(declaration);
    expect(declaration.child('Body').child('Expression').position).toMatchObject({ line: 2, column: 1, within: 'F' });
  });

  test('names a property that a node does not have', () => {
    expect(() => known.analyze('print 1').root.child('Nonsense')).toThrow(/has no Nonsense: print 1/);
  });

  test('keeps schemas apart', () => {
    expect(
      language([], [])
        .analyze('Events')
        .diagnostics.map(({ code }) => code),
    ).toEqual(['KS142']);
  });

  test('knows types by all their names, and literals by their quotes', () => {
    expect(['double', 'DATE', 'uniqueid', 'nothing'].map(toType)).toEqual(['real', 'datetime', 'guid', undefined]);
    expect([`@'a\\b'`, `"a\\tb"`, "h'x'"].map(stringLiteral)).toEqual(['a\\b', 'a\tb', 'x']);
  });
});
