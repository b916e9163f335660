import { describe, expect, it } from 'vitest';
import { isAccepted } from '../../../../kql/engine/binder-overrides.ts';
import { language } from '../../../../kql/engine/language/language.ts';

const { analyze } = language([], []);
const left = (text: string): readonly string[] =>
  analyze(text)
    .diagnostics.filter((diagnostic) => diagnostic.severity === 'Error' && !isAccepted(diagnostic, text))
    .map(({ code }) => code);
const flagged = (text: string): boolean => analyze(text).diagnostics.some(({ severity }) => severity === 'Error');

describe('isAccepted', () => {
  // Microsoft's engine answers each of these; its binder flags each as an error.
  it.for([
    ['count(column)', 'datatable(x:long)[1] | summarize cx = count( x )'],
    ['a term in not() of search', 'datatable(s:string)["a"] | search not("error")'],
    [
      'a term in not() behind other conditions',
      'datatable(s:string, n:real)["a", 1.5] | search n between (1.0 .. 2.0) and not("low")',
    ],
    ['numbers as terms of search', 'datatable(s:string)["a"] | search "needle" or 42 or 2.71'],
    [
      'an array of ignored properties',
      "datatable(d:dynamic)[dynamic({})] | evaluate bag_unpack(d, ignoredProperties=dynamic(['A']))",
    ],
    ['a fraction of seconds', 'print make_timespan(1,12,30,55.123)'],
    ['schema_merge', 'datatable(a:int)[1] | getschema | evaluate schema_merge()'],
    ['the degree of a polynomial', 'print y = dynamic([1,2]), x = dynamic([1,2]) | extend series_fit_poly(y, x, 5)'],
    ['a wildcard without tables in a fuzzy union', 'let A = view () { print x=1 };\nunion isfuzzy=true A*, B* | count'],
    ['array_length of a bag', 'print d = dynamic({}) | extend e = array_length(d)'],
  ] as const)('takes %s', ([, text]) => {
    expect(flagged(text)).toBe(true);
    expect(left(text)).toEqual([]);
  });

  it.for([
    ['countif of a number', 'datatable(x:long)[1] | summarize countif(x)', ['KS107']],
    ['not of a text outside of search', 'print x = not("error")', ['KS107']],
    ['or of a number outside of search', 'datatable(a:bool)[true] | where a or 42', ['KS106']],
    ['another plugin that does not exist', 'print x = 1 | evaluate schema_mergers()', ['KS124']],
    ['a fraction of minutes', 'print make_timespan(1, 12.5, 30)', ['KS134']],
    ['a wildcard without tables in a strict union', 'union B*', ['KS142']],
    ['an unknown column', 'print x = 1 | where y == 1', ['KS142']],
  ] as const)('does not take %s', ([, text, expected]) => expect(left(text)).toEqual(expected));
});
