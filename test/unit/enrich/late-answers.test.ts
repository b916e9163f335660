import { expect, it } from 'vitest';
import type { SeenEntity } from '../../../collector/enrich/contract.ts';
import type { SiteFacts } from '../../../collector/enrich/facts.ts';
import { lateAnswers } from '../../../collector/enrich/late-answers.ts';

const site = (owner: string): SiteFacts => ({ kind: 'site', url: 'u', name: 'n', owner, isOneDrive: true });
const seen = (owner: string | null, more: Partial<SeenEntity>): SeenEntity => ({
  entity: { kind: 'site', key: 'u', aliases: [], facts: owner === null ? null : site(owner), observedMs: 1 },
  firstEventMs: null,
  lookUp: 'complete',
  owedAs: null,
  namedAs: [],
  ...more,
});
const complete = seen('ben@contoso.example', { firstEventMs: 5, namedAs: ['a'] });
const partial = seen('ben', { lookUp: 'partial', firstEventMs: 3, namedAs: ['b'] });
const pending = seen('ben', { lookUp: 'pending', owedAs: 'text' });

it.for([
  ['all, then less', complete, partial, { ...complete, firstEventMs: 3, namedAs: ['a', 'b'] }],
  ['less, then all', partial, complete, { ...complete, firstEventMs: 3, namedAs: ['b', 'a'] }],
  ['all, then what is owed', complete, pending, complete],
  ['what is owed, then all', pending, complete, complete],
  ['what is owed, then less for good', pending, partial, partial],
  ['less for good, then what is owed', partial, pending, partial],
  ['owed twice', pending, seen('ben', { lookUp: 'pending', owedAs: 'new' }), { ...pending, owedAs: 'new' }],
  ['something, then nothing', partial, seen(null, { lookUp: 'partial' }), partial],
  [
    'all, then all of later',
    complete,
    seen('amy@contoso.example', {}),
    { ...complete, entity: seen('amy@contoso.example', {}).entity },
  ],
] as const)('makes one sighting of two: %s', ([, older, newer, expected]) => {
  const late = lateAnswers(() => older);
  late.add(older);
  expect(late.withdraw([newer])).toEqual([expected]);
  expect(late.take()).toEqual([]);
});
