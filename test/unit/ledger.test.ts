import { describe, expect, test } from 'vitest';
import { ledger, ledgerFields, type LedgerField, type StoredHour } from '../../collector/ledger.ts';

const hour = 490_000; // 2025-11-24T16:00Z

/** A ledger of one hour with these counts. */
function ledgerOf(counts: Partial<Record<LedgerField, number>>): ReturnType<typeof ledger> {
  const made = ledger();
  for (const field of ledgerFields) made.count(hour, field, counts[field] ?? 0);
  return made;
}

describe('ledger', () => {
  test('counts add up over hours', () => {
    const of = ledgerOf({ listed: 3, pending: 3 });
    of.count(hour + 1, 'listed');
    of.count(hour, 'pending', -1);
    of.count(hour, 'fetched');
    expect(of.totals()).toMatchObject({ listed: 4, pending: 2, fetched: 1, seen: 0 });
  });

  test('has no problem when the three sums hold', () => {
    const of = ledgerOf({
      listed: 10,
      fetched: 4,
      expired: 3,
      parked: 2,
      pending: 1,
      seen: 60,
      foreign: 30,
      selected: 20,
      unparsable: 10,
      accepted: 10,
      duplicate: 7,
      deadLettered: 3,
    });
    expect(of.problems()).toEqual([]);
    expect(of.changedHours()).toMatchObject([{ hour, revision: 1, isBalanced: true }]);
  });

  const balanced = {
    listed: 4,
    fetched: 1,
    expired: 1,
    parked: 1,
    pending: 1,
    seen: 5,
    foreign: 1,
    selected: 3,
    unparsable: 1,
    accepted: 1,
    duplicate: 1,
    deadLettered: 1,
  };
  test.for([
    ['listed', ['listed 5 is not 4 = fetched 1 + expired 1 + parked 1 + pending 1']],
    ['fetched', ['listed 4 is not 5 = fetched 2 + expired 1 + parked 1 + pending 1']],
    ['expired', ['listed 4 is not 5 = fetched 1 + expired 2 + parked 1 + pending 1']],
    ['parked', ['listed 4 is not 5 = fetched 1 + expired 1 + parked 2 + pending 1']],
    ['pending', ['listed 4 is not 5 = fetched 1 + expired 1 + parked 1 + pending 2']],
    ['seen', ['seen 6 is not 5 = foreign 1 + selected 3 + unparsable 1']],
    ['foreign', ['seen 5 is not 6 = foreign 2 + selected 3 + unparsable 1']],
    [
      'selected',
      [
        'seen 5 is not 6 = foreign 1 + selected 4 + unparsable 1',
        'selected 4 is not 3 = accepted 1 + duplicate 1 + deadLettered 1',
      ],
    ],
    ['unparsable', ['seen 5 is not 6 = foreign 1 + selected 3 + unparsable 2']],
    ['accepted', ['selected 3 is not 4 = accepted 2 + duplicate 1 + deadLettered 1']],
    ['duplicate', ['selected 3 is not 4 = accepted 1 + duplicate 2 + deadLettered 1']],
    ['deadLettered', ['selected 3 is not 4 = accepted 1 + duplicate 1 + deadLettered 2']],
  ] as const)('one %s too many is a problem that names the hour and both sides', ([field, problems], { expect }) => {
    const of = ledgerOf(balanced);
    of.count(hour, field);
    expect(of.problems()).toEqual(problems.map((problem) => `2025-11-24T16:00:00.000Z: ${problem}`));
    expect(of.changedHours()).toMatchObject([{ isBalanced: false }]);
  });

  test('a sum in one hour does not make up for another', () => {
    const of = ledgerOf({ listed: 1 });
    of.count(hour + 1, 'fetched');
    expect(of.problems()).toHaveLength(2);
  });

  test('a counter below zero is a problem although the sum holds', () => {
    expect(ledgerOf({ fetched: 1, pending: -1 }).problems()).toEqual([
      '2025-11-24T16:00:00.000Z: pending is -1, below zero',
    ]);
  });

  test('a snapshot is repeated under a new revision until it is sent', () => {
    const of = ledgerOf({ listed: 1 });
    const first = of.changedHours();
    const second = of.changedHours();
    expect([...first, ...second].map(({ revision }) => revision)).toEqual([1, 2]);
    of.sent(second);
    expect(of.changedHours()).toEqual([]);
    of.count(hour, 'listed');
    expect(of.changedHours()).toMatchObject([{ hour, revision: 3, counts: { listed: 2 } }]);
  });

  test('an hour that changed between its snapshot and the sending is still to be sent', () => {
    const of = ledgerOf({ listed: 1 });
    const snapshots = of.changedHours();
    of.count(hour, 'listed');
    of.sent(snapshots);
    expect(snapshots).toMatchObject([{ counts: { listed: 1 } }]);
    expect(of.changedHours()).toMatchObject([{ revision: 2, counts: { listed: 2 } }]);
  });

  test('an older snapshot does not count as sending the newer one', () => {
    const of = ledgerOf({ listed: 1 });
    const first = of.changedHours();
    of.changedHours();
    of.sent(first);
    expect(of.changedHours()).toMatchObject([{ revision: 3 }]);
  });

  test('comes back from JSON with revisions and with what is unsent', () => {
    const of = ledgerOf({ listed: 1, pending: 1 });
    of.sent(of.changedHours());
    of.count(hour + 1, 'seen', 7);
    of.changedHours();
    const stored: readonly StoredHour[] = JSON.parse(JSON.stringify(of));
    const back = ledger(stored);
    expect(back.toJSON()).toEqual(of.toJSON());
    expect(back.changedHours()).toMatchObject([{ hour: hour + 1, revision: 2 }]);
    back.count(hour, 'listed', 5);
    expect(of.totals().listed).toBe(1);
  });

  test('after a restart pending blobs are not listed yet', () => {
    const of = ledgerOf({ listed: 5, fetched: 2, pending: 3 });
    of.sent(of.changedHours());
    of.forgetPending();
    expect(of.totals()).toMatchObject({ listed: 2, fetched: 2, pending: 0 });
    expect(of.problems()).toEqual([]);
    expect(of.changedHours()).toHaveLength(1);
    of.forgetPending();
    expect(of.totals().listed).toBe(2);
  });

  test('old hours go once they are settled and sent', () => {
    const of = ledger();
    of.count(1, 'fetched');
    of.count(2, 'pending');
    of.count(3, 'parked');
    of.sent(of.changedHours());
    of.count(4, 'seen');
    of.count(9, 'seen');
    expect(of.evictBefore(9)).toBe(1);
    expect(of.toJSON().map((stored) => stored.hour)).toEqual([2, 3, 4, 9]);
  });
});
