import { expect, test } from 'vitest';
import { hasTerm, type TermEdge } from '../../../kql/engine/terms.ts';

interface Case {
  readonly says: string;
  readonly text: string;
  readonly term: string;
  readonly edge?: TermEdge;
  readonly found: boolean;
}

const cases: readonly Case[] = [
  { says: 'finds a whole term', text: 'an error here', term: 'error', found: true },
  { says: 'does not find the start of a term', text: 'an error here', term: 'err', found: false },
  { says: 'does not find the end of a term', text: 'an error here', term: 'ror', found: false },
  { says: 'ends terms at an underscore', text: 'a_b', term: 'b', found: true },
  { says: 'ends terms at a point', text: 'mail.contoso.example', term: 'contoso', found: true },
  { says: 'takes letters beyond ASCII as parts of terms', text: 'cafés', term: 'caf', found: false },
  { says: 'takes letters of two code units as parts of terms', text: '𝒜bc', term: 'bc', found: false },
  { says: 'takes symbols of two code units as ends of terms', text: '😀bc', term: 'bc', found: true },
  { says: 'goes on behind a place that is no whole term', text: 'errors, error', term: 'error', found: true },
  { says: 'finds terms of several words', text: 'the quick fox', term: 'quick fox', found: true },
  { says: 'needs no boundary beside a sign of the term', text: 'a.b', term: '.b', found: true },
  { says: 'finds the empty term everywhere', text: '', term: '', found: true },
  { says: 'finds a prefix of a term', text: 'an error here', term: 'err', edge: 'start', found: true },
  { says: 'takes no suffix for a prefix', text: 'an error here', term: 'ror', edge: 'start', found: false },
  { says: 'finds a suffix of a term', text: 'an error here', term: 'ror', edge: 'end', found: true },
  { says: 'takes no prefix for a suffix', text: 'an error here', term: 'err', edge: 'end', found: false },
];

test.for(cases)('$says', ({ text, term, edge, found }) => {
  expect(hasTerm(text, term, edge)).toBe(found);
});
