import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { escapeMarkdown, substitute, substituteMarkdown, substituteText } from '../../../kql/workbook/substitute.ts';
import { chosen, dropDown, everything, text, time, values } from './given.ts';

const now = new Date('2026-03-08T12:00:00.000Z');
const dayMs = 86_400_000;
const given = values({
  TimeRange: time({ kind: 'time', durationMs: 7 * dayMs }),
  Custom: time({ kind: 'time', from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-03T00:00:00Z') }),
  Users: everything(),
  Two: chosen(['ana@contoso.example', "o'brien@contoso.example"]),
  None: chosen([]),
  Host: chosen(['Teams'], dropDown({ quote: '', isMultiple: false })),
  Step: chosen(
    ['bin(EventTime, 1h)'],
    dropDown({
      quote: '',
      isMultiple: false,
      choices: { fixed: [{ value: 'bin(EventTime, 1h)', label: 'Hour', isSelected: true }] },
    }),
  ),
  Every: everything(dropDown({ all: { every: true } }), ['a', 'b']),
  Top: text('10'),
  Empty: text(''),
  Row: text('{"Name": "Ana", "Facts": {"Country": "DE"}}'),
});
const query = (original: string): string => substitute(original, given, now).text;

describe('substitute', () => {
  it.for([
    ['where EventTime {TimeRange}', 'where EventTime > ago(7d)'],
    ['where EventTime {TimeRange:query}', 'where EventTime > ago(7d)'],
    [
      'where EventTime {Custom}',
      'where EventTime between (datetime(2026-03-01T00:00:00.000Z) .. datetime(2026-03-03T00:00:00.000Z))',
    ],
    [
      'F({TimeRange:start}, {TimeRange:end})',
      'F(datetime(2026-03-01T12:00:00.000Z), datetime(2026-03-08T12:00:00.000Z))',
    ],
    ['F({Custom:start}, {Custom:end})', 'F(datetime(2026-03-01T00:00:00.000Z), datetime(2026-03-03T00:00:00.000Z))'],
    ["'{TimeRange:startISO}', '{TimeRange:endISO}'", "'2026-03-01T12:00:00.000Z', '2026-03-08T12:00:00.000Z'"],
    ['step {TimeRange:grain}', 'step 1h'],
    ['{Custom:seconds}', '172800'],
    ["'{TimeRange:label}'", "'Last 7 days'"],
    ["'*' in ({Users}) or A in ({Users})", "'*' in ('*') or A in ('*')"],
    ['in ({Two})', String.raw`in ('ana@contoso.example','o\'brien@contoso.example')`],
    ['in ({None})', "in ('')"],
    ['in ({Every})', "in ('a','b')"],
    ['dynamic([{Two}])', String.raw`dynamic(['ana@contoso.example','o\'brien@contoso.example'])`],
    ["'{Users:label}'", "'All'"],
    ["== '{Host}' | take {Top}", "== 'Teams' | take 10"],
    ['by {Step}', 'by bin(EventTime, 1h)'],
    ["'{Empty}'", "''"],
    ['"{Row:$.Name} {Row:$.Facts.Country}{Row:$.Nothing}"', '"Ana DE"'],
    // Not placeholders: repetition in a regex, a bag.
    [
      `matches regex '[a-z]{3}' | extend d = dynamic({"a": 1})`,
      `matches regex '[a-z]{3}' | extend d = dynamic({"a": 1})`,
    ],
  ] as const)('writes %s as %s', ([original, expected]) => expect(query(original)).toBe(expected));

  it('tells where each character comes from', () => {
    const original = 'a {TimeRange} b {Top} c';
    const { text: written, toOriginal } = substitute(original, given, now);
    expect(written).toBe('a > ago(7d) b 10 c');
    for (const [word, there] of [
      ['a >', 'a {'],
      ['> ago', '{TimeRange}'],
      ['7d)', '{TimeRange}'],
      ['b', 'b '],
      ['10', '{Top}'],
      ['c', 'c'],
    ] as const)
      expect(original.slice(toOriginal(written.indexOf(word))), word).toSatisfy((rest: string) =>
        rest.startsWith(there),
      );
  });

  it('names what no value stands for, and leaves it', () => {
    const { text: written, undeclared } = substitute('take {Top} {Nobody:label}', given, now);
    expect(written).toBe('take 10 {Nobody:label}');
    expect(undeclared).toEqual([{ name: 'Nobody', offset: 8 }]);
  });
});

/** What a reader or a row may hold: quotes, escapes, line ends, placeholders, code, in every mixture. */
const hostile = oneof(
  string({ unit: 'binary', maxLength: 20 }),
  array(
    constantFrom(
      "'",
      '"',
      '\\',
      '\n',
      '\r',
      '\t',
      '\u2028',
      '\u0000',
      '`',
      '```',
      '~~~',
      '@',
      '//',
      '|',
      '{Top}',
      ' take 0',
      'é',
      '😀',
    ),
    { maxLength: 8 },
  ).map((parts) => parts.join('')),
);

describe('a value from data', () => {
  const kql = engine({});
  const answer = (written: string): unknown => kql.prepare(written).run({ now }).rows;
  const wellFormed = (value: string): boolean => value.isWellFormed();

  it.for([
    ["print x = '{P}', y = 1"],
    ['print x = "{P}", y = 1'],
    ['print x = "{P:escapejson}", y = 1'],
    ['print x = {P}, y = 1'],
  ] as const)('is one literal that says what it says, in: %s', ([original]) => {
    assert(
      property(
        hostile.filter((value) => wellFormed(value) && !/^-?\d|^\w*$/.test(value)),
        (value) => {
          const { text: written } = substitute(original, values({ P: text(value) }), now);
          expect(answer(written)).toEqual([[value, 1]]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('stays inside of verbatim and fenced literals and of comments, which cannot say everything', () => {
    assert(
      property(hostile.filter(wellFormed), (value) => {
        const original = "print x = @'{P}', f = ```{P}```, y = 1 // {P}\n| extend z = 2";
        const rows = answer(substitute(original, values({ P: text(value) }), now).text);
        expect(rows).toEqual([[expect.any(String), expect.any(String), 1, 2]]);
      }),
      { numRuns: 100 },
    );
  });

  it('is one of the values of a drop-down and nothing else', () => {
    assert(
      property(array(hostile.filter(wellFormed), { minLength: 1, maxLength: 4 }), (many) => {
        for (const quote of ["'", '"']) {
          const setting = chosen(many, dropDown({ quote }));
          const { text: written } = substitute('print x = pack_array({P}), y = 1', values({ P: setting }), now);
          expect(answer(written)).toEqual([[many, 1]]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is a plain word or number where code stands, as a number to take is', () => {
    const written = (value: string): string => substitute('take {P}', values({ P: text(value) }), now).text;
    expect([written('10'), written('-1.5'), written('1h'), written('Name'), written('')]).toEqual([
      'take 10',
      'take -1.5',
      'take 1h',
      'take Name',
      'take ',
    ]);
    expect(written('1 | take 0')).toBe("take '1 | take 0'");
  });
});

describe('substituteMarkdown', () => {
  it('says what readers see', () => {
    expect(substituteMarkdown('**{TimeRange}**, {Two}, {Users}', given, now)).toBe(
      String.raw`**Last 7 days**, ana\@contoso\.example\, o\'brien\@contoso\.example, All`,
    );
  });

  it.for([
    ['[click](http://contoso.example)', String.raw`\[click\]\(http\:\/\/contoso\.example\)`],
    ['<img src=x>', String.raw`&lt;img src\=x\>`],
    ['a\n\n# b', String.raw`a \# b`],
    ['&lt;', String.raw`&amp;lt;`.replace(';', ';')],
  ] as const)('makes %j inert', ([value, expected]) => expect(escapeMarkdown(value)).toBe(expected));
});

describe('substituteText', () => {
  it('writes titles as readers see them', () =>
    expect(substituteText('{Users} in {TimeRange:label}: {Two} {Nobody}', given, now)).toBe(
      "All in Last 7 days: ana@contoso.example, o'brien@contoso.example {Nobody}",
    ));
});
