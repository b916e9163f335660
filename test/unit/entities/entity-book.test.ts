import { describe, expect, it } from 'vitest';
import type { SeenEntity } from '../../../collector/enrich/contract.ts';
import type { Entity, EntityFacts, UserFacts } from '../../../collector/enrich/facts.ts';
import { entityBook, type EntityBook } from '../../../collector/entities/entity-book.ts';
import type { CopilotEntitiesRow } from '../../../collector/schema/index.ts';
import { entityTable, type EntityTable } from '../../../collector/state/entity-table.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse('2026-10-01T12:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString();

const megan: UserFacts = {
  kind: 'user',
  userPrincipalName: 'megan@contoso.example',
  displayName: 'Megan',
  department: 'Legal',
  jobTitle: null,
  country: 'NO',
  office: null,
  manager: 'alex@contoso.example',
  accountEnabled: true,
  isGuest: false,
  hasCopilotLicense: null,
};
const fileUrl = 'https://contoso.sharepoint.com/sites/legal/plan.docx';
const file: EntityFacts = {
  kind: 'file',
  name: 'plan.docx',
  extension: 'docx',
  url: fileUrl,
  siteUrl: 'https://contoso.sharepoint.com/sites/legal',
  sizeBytes: null,
  modifiedTime: null,
};

const seenUser = (entity: Partial<Entity> = {}, seen: Partial<SeenEntity> = {}): SeenEntity => ({
  entity: { kind: 'user', key: 'megan@contoso.example', aliases: [], facts: megan, observedMs: start, ...entity },
  firstEventMs: start - hour,
  lookUp: 'complete',
  owedAs: null,
  namedAs: [],
  ...seen,
});
const seenFile = (entity: Partial<Entity> = {}, seen: Partial<SeenEntity> = {}): SeenEntity =>
  seenUser({ kind: 'file', key: fileUrl, facts: file, ...entity }, seen);

/** A look-up that has not ended, or ended for now. */
const pending = { lookUp: 'pending', owedAs: '' } as const;

/** A book whose rows are all accepted, unless a test settles them itself, and a clock. */
function bookCase(): {
  clock: { ms: number };
  notes: EntityTable;
  book: EntityBook;
  written: (...seen: readonly SeenEntity[]) => readonly CopilotEntitiesRow[];
} {
  const clock = { ms: start };
  const notes = entityTable(1000);
  const book = entityBook(notes, { organizationId: 'tenant', now: () => clock.ms });
  const written = (...seen: readonly SeenEntity[]): readonly CopilotEntitiesRow[] => {
    const { rows, settle } = book.due(seen);
    settle(new Set());
    return rows;
  };
  return { clock, notes, book, written };
}

describe('a row of an entity', () => {
  it('has its facts by name, those that are not known left out', () => {
    const { written } = bookCase();
    expect(written(seenUser({ aliases: ['3e3e', 'MEGAN@contoso.example', '3e3e'] }))).toEqual([
      {
        TimeGenerated: null,
        Kind: 'user',
        Key: 'megan@contoso.example',
        Aliases: ['3e3e', 'MEGAN@contoso.example'],
        Facts: {
          UserPrincipalName: 'megan@contoso.example',
          DisplayName: 'Megan',
          Department: 'Legal',
          Country: 'NO',
          Manager: 'alex@contoso.example',
          AccountEnabled: true,
          IsGuest: false,
        },
        ObservedTime: iso(start),
        FirstSeenTime: iso(start - hour),
        OrganizationId: 'tenant',
      },
    ]);
  });

  const kinds: readonly (readonly [EntityFacts, readonly string[]])[] = [
    [
      {
        kind: 'agent',
        name: 'a',
        packageType: 'custom',
        publisher: 'p',
        platform: 'x',
        isBlocked: false,
        sharing: 'all',
      },
      ['Name', 'PackageType', 'Publisher', 'Platform', 'IsBlocked', 'Sharing'],
    ],
    [{ kind: 'label', name: 'Secret', priority: 0, parentId: 'b' }, ['Name', 'Priority', 'ParentId']],
    [{ kind: 'site', url: 'u', name: 'n', owner: 'o', isOneDrive: false }, ['Url', 'Name', 'Owner', 'IsOneDrive']],
    [
      { ...file, sizeBytes: 0, modifiedTime: iso(start) },
      ['Name', 'Extension', 'Url', 'SiteUrl', 'SizeBytes', 'ModifiedTime'],
    ],
    [{ kind: 'meeting', name: 'm', createdTime: iso(start), organizer: 'o' }, ['Name', 'CreatedTime', 'Organizer']],
  ];
  it.for(kinds)('has all facts of its kind: %j', ([facts, names], { expect }) => {
    const [row] = bookCase().written(seenUser({ kind: facts.kind, facts }));
    expect(row?.Kind).toBe(facts.kind);
    expect(Object.keys(row?.Facts ?? {})).toEqual(names);
  });

  it.for([
    ['there are none', null],
    ['none is known', { kind: 'label', name: null, priority: null, parentId: null }],
  ] as const)('has null for facts when %s', ([, facts], { expect }) => {
    expect(bookCase().written(seenUser({ kind: 'label', facts }))).toMatchObject([{ Facts: null, Aliases: [] }]);
  });

  it('has no time where no event named it, or the time is none', () => {
    const { written } = bookCase();
    expect(written(seenUser({}, { firstEventMs: null }))).toMatchObject([{ FirstSeenTime: null }]);
    expect(written(seenFile({ observedMs: Number.NaN }, { firstEventMs: Number.NaN }))).toMatchObject([
      { ObservedTime: null, FirstSeenTime: null },
    ]);
  });
});

describe('a row is due', () => {
  it('once, and again when facts or aliases change', () => {
    const { written } = bookCase();
    expect(written(seenUser())).toHaveLength(1);
    expect(written(seenUser())).toHaveLength(0);
    expect(written(seenUser({ observedMs: start + hour }))).toHaveLength(0);
    const moved = { ...megan, department: 'Sales' };
    expect(written(seenUser({ facts: moved }))).toMatchObject([{ Facts: { Department: 'Sales' } }]);
    expect(written(seenUser({ facts: { ...moved } }))).toHaveLength(0);
    expect(written(seenUser({ facts: megan }))).toHaveLength(1);
    expect(written(seenUser({ aliases: ['b', 'a'] }))).toHaveLength(1);
    expect(written(seenUser({ aliases: ['a', 'b', 'a'] }))).toHaveLength(0);
    expect(written(seenUser({ aliases: ['a', 'c'] }))).toHaveLength(1);
  });

  it('again when what changed changes back', () => {
    const { written } = bookCase();
    written(seenUser());
    // Twice, so that it is known as one for which nothing is due.
    written(seenUser());
    expect(written(seenUser({ facts: { ...megan, accountEnabled: false } }))).toHaveLength(1);
    expect(written(seenUser())).toHaveLength(1);
  });

  it('for each kind, key and kind of key on its own', () => {
    const { written } = bookCase();
    expect(written(seenUser(), seenFile(), seenFile({ key: 'other' }))).toHaveLength(3);
    expect(written(seenUser(), seenFile(), seenFile({ key: 'other' }))).toHaveLength(0);
  });

  it('again after 6.3 to 7 days, each key at a time of its own', () => {
    const { clock, written } = bookCase();
    const many = Array.from({ length: 100 }, (_, n) => seenFile({ key: `file ${n}` }));
    expect(written(...many)).toHaveLength(100);
    const due: number[] = [];
    for (const days of [6.29, 6.5, 6.75, 6.999]) {
      clock.ms = start + days * day;
      due.push(written(...many).length);
    }
    clock.ms = start + 7 * day;
    expect(due[0]).toBe(0);
    for (const count of due.slice(1)) expect(count).toBeGreaterThan(10);
    expect(due.reduce((sum, count) => sum + count, 0) + written(...many).length).toBe(100);
  });

  it('with the first event that ever named it, over restarts', () => {
    const { clock, notes, written } = bookCase();
    written(seenUser({}, { firstEventMs: start - 100 * day }));
    clock.ms += 8 * day;
    const later = entityBook(notes, { organizationId: 'tenant', now: () => clock.ms });
    expect(later.due([seenUser({}, { firstEventMs: clock.ms })]).rows).toMatchObject([
      { FirstSeenTime: iso(start - 100 * day) },
    ]);
  });

  it.for([
    ['by less than a day: not for that', start - hour - day, 0],
    ['by more than a day', start - hour - day - 1, 1],
  ] as const)('when an earlier event turns up, earlier %s', ([, firstEventMs, count], { expect }) => {
    const { clock, written } = bookCase();
    written(seenUser());
    written(seenUser());
    expect(written(seenUser({}, { firstEventMs }))).toHaveLength(count);
    clock.ms += 7 * day;
    expect(written(seenUser())).toMatchObject([{ FirstSeenTime: iso(firstEventMs) }]);
  });

  it('when the first event names what a list held', () => {
    const { written } = bookCase();
    written(seenUser({}, { firstEventMs: null }));
    written(seenUser({}, { firstEventMs: null }));
    expect(written(seenUser())).toMatchObject([{ FirstSeenTime: iso(start - hour) }]);
    expect(written(seenUser({}, { firstEventMs: null }))).toHaveLength(0);
  });
});

describe('while a look-up is owed', () => {
  it.for(['user', 'agent'] as const)(
    'no row is written of one without facts whose key may change: %s',
    (kind, { expect }) => {
      const { notes, written } = bookCase();
      expect(written(seenUser({ kind, facts: null }, pending))).toHaveLength(0);
      expect([...notes.owed()]).toEqual([{ kind, key: 'megan@contoso.example', owedAs: '' }]);
      // The look-up ended, and gave nothing.
      expect(written(seenUser({ kind, facts: null }, { firstEventMs: start }))).toMatchObject([
        { Facts: null, FirstSeenTime: iso(start - hour) },
      ]);
      expect(notes.owedCount).toBe(0);
    },
  );

  it('one is written whose key is the final one, and again with all facts', () => {
    const { written } = bookCase();
    expect(written(seenUser({ kind: 'meeting', facts: null }, pending))).toMatchObject([{ Facts: null }]);
    const [first] = written(seenFile({}, pending));
    expect(first).toMatchObject({ Kind: 'file', Facts: { Name: 'plan.docx' } });
    expect(written(seenFile({}, pending))).toHaveLength(0);
    expect(written(seenFile({ facts: { ...file, sizeBytes: 9 } }, { firstEventMs: null }))).toMatchObject([
      { Facts: { SizeBytes: 9 }, ObservedTime: iso(start), FirstSeenTime: iso(start - hour) },
    ]);
  });

  it.for([
    ['none', null, pending],
    ['fewer', { ...file, name: null }, pending],
    ['none, for good', null, { lookUp: 'partial' }],
    ['those of the address, for good', file, { lookUp: 'partial' }],
    ['those of the address, for want of a permission', file, { lookUp: 'partial', owedAs: '{}' }],
  ] as const)('what was written stays when facts are now: %s', ([, facts, seen], { expect }) => {
    const { clock, written } = bookCase();
    written(seenFile({ facts: { ...file, sizeBytes: 9 } }));
    expect(written(seenFile({ facts }, seen))).toHaveLength(0);
    clock.ms += 6 * day;
    expect(written(seenFile({ facts, observedMs: clock.ms }, seen))).toHaveLength(0);
    // The entity stays findable, and functions, which take the row observed last, still find the facts.
    clock.ms += day;
    expect(written(seenFile({ facts, observedMs: clock.ms }, seen))).toMatchObject([
      { ObservedTime: iso(start - hour), FirstSeenTime: iso(start - hour) },
    ]);
    expect(written(seenFile({ facts: { ...file, sizeBytes: 9 }, observedMs: clock.ms }))).toMatchObject([
      { Facts: { SizeBytes: 9 }, ObservedTime: iso(clock.ms) },
    ]);
  });

  it('a row is written of one whose look-up is forbidden: consent may never come', () => {
    const { notes, written } = bookCase();
    const forbidden = { lookUp: 'partial', owedAs: '' } as const;
    expect(written(seenUser({ facts: null }, forbidden))).toMatchObject([
      { Facts: null, ObservedTime: iso(start - hour) },
    ]);
    expect(written(seenUser({ facts: null }, forbidden))).toHaveLength(0);
    expect(notes.owedCount).toBe(1);
    expect(written(seenUser())).toMatchObject([{ Facts: { DisplayName: 'Megan' }, ObservedTime: iso(start) }]);
    expect(notes.owedCount).toBe(0);
  });

  const id = '3e3e3e3e-0000-4000-8000-000000000001';

  it('the name under which it was noted goes over into the final key', () => {
    const { notes, written } = bookCase();
    written(seenUser({ key: id, facts: null }, { ...pending, firstEventMs: start - 9 * day }));
    const found = seenUser({ aliases: [id] }, { firstEventMs: null, namedAs: [id] });
    expect(written(found)).toMatchObject([{ Key: 'megan@contoso.example', FirstSeenTime: iso(start - 9 * day) }]);
    expect([notes.size, notes.owedCount]).toEqual([1, 0]);
    // After a restart without Graph, once more: the final key is written already.
    written(found);
    written(seenUser({ key: id, facts: null }, pending));
    expect(written(found)).toHaveLength(0);
    expect([notes.size, notes.owedCount]).toEqual([1, 0]);
    // It is noted again, although it was a moment ago.
    written(seenUser({ key: id, facts: null }, pending));
    expect(notes.owedCount).toBe(1);
  });

  it('so it does when its row was written for want of a permission', () => {
    const { notes, written } = bookCase();
    const forbidden = { lookUp: 'partial', owedAs: '', firstEventMs: start - 9 * day } as const;
    expect(written(seenUser({ key: id, facts: null }, forbidden))).toHaveLength(1);
    expect(written(seenUser({}, { namedAs: [id] }))).toMatchObject([{ FirstSeenTime: iso(start - 9 * day) }]);
    expect([notes.size, notes.owedCount]).toEqual([1, 0]);
  });

  it('the note of another user stays, whose name is an alias of this one', () => {
    const { notes, written } = bookCase();
    written(seenUser({ key: 'ben@contoso.example', facts: null }, { ...pending, firstEventMs: start - 9 * day }));
    expect(written(seenUser({ aliases: ['ben@contoso.example'] }))).toMatchObject([
      { Key: 'megan@contoso.example', FirstSeenTime: iso(start - hour) },
    ]);
    expect([...notes.owed()].map(({ key }) => key)).toEqual(['ben@contoso.example']);
  });

  it('the fullest of what its look-up needs is remembered', () => {
    const { notes, written } = bookCase();
    for (const owedAs of ['["t_1"]', '["t_1","t_1.2"]', ''])
      written(seenUser({ kind: 'agent' }, { ...pending, owedAs }));
    expect([...notes.owed()].map(({ owedAs }) => owedAs)).toEqual(['["t_1","t_1.2"]']);
  });

  it('the note says at once what is owed, and that nothing is any longer', () => {
    const { notes, written } = bookCase();
    const owed = (): readonly string[] => Array.from(notes.owed(), ({ owedAs }) => owedAs);
    for (const seen of [{}, {}, { lookUp: 'partial' }, { lookUp: 'partial', owedAs: '' }] as const)
      written(seenFile({}, seen));
    expect(owed()).toEqual(['']);
    for (const owedAs of ['{}', '{}', null]) written(seenFile({}, { lookUp: 'partial', owedAs }));
    expect(owed()).toEqual([]);
  });

  it('facts that were less are written as soon as they are all there are', () => {
    const { written } = bookCase();
    written(seenFile({ facts: { ...file, sizeBytes: 9 } }));
    for (let n = 0; n < 2; n++) expect(written(seenFile({}, { lookUp: 'partial' }))).toHaveLength(0);
    expect(written(seenFile())).toMatchObject([{ Facts: { Name: 'plan.docx' } }]);
  });

  it('its note is set once in ten minutes, however often it is seen', () => {
    const { clock, notes } = bookCase();
    let count = 0;
    const counted = { ...notes, owedCount: 1, set: () => void count++ };
    const counting = entityBook(counted, { organizationId: 'tenant', now: () => clock.ms });
    const seen = seenUser({ facts: null }, pending);
    for (let n = 0; n < 5; n++) counting.due([seen]);
    expect(count).toBe(1);
    clock.ms += 600_000;
    counting.due([seen]);
    expect(count).toBe(2);
  });
});

describe('batches that are under way at once', () => {
  it('do not write the same row', () => {
    const { book, written } = bookCase();
    const { settle } = book.due([seenUser()]);
    expect(book.due([seenUser()]).rows).toHaveLength(0);
    expect(book.due([seenUser({ facts: null }, pending)]).rows).toHaveLength(0);
    settle(new Set());
    expect(written(seenUser())).toHaveLength(0);
  });

  it.for(['in order', 'in the other order'])('write facts that came later, settled %s', (order, { expect }) => {
    const { book, notes, written } = bookCase();
    const late = seenFile({ facts: { ...file, sizeBytes: 9 } }, { firstEventMs: null });
    const batches = [book.due([seenFile({}, pending)]), book.due([late])];
    expect(batches[1]?.rows).toMatchObject([{ Facts: { SizeBytes: 9 } }]);
    for (const { settle } of order === 'in order' ? batches : batches.toReversed()) settle(new Set());
    expect(notes.get('file', fileUrl)?.owedAs).toBeNull();
    expect(written(late)).toHaveLength(0);
  });

  it('keep an earlier first event that was seen meanwhile', () => {
    const { book, notes } = bookCase();
    const { settle } = book.due([seenUser()]);
    book.due([seenUser({}, { firstEventMs: start - 2 * hour })]);
    settle(new Set());
    expect(notes.get('user', 'megan@contoso.example')).toMatchObject({
      firstSeenMs: start - 2 * hour,
      written: { ms: start },
    });
  });

  it('count as written only when they are settled', () => {
    const { clock, notes, book } = bookCase();
    const { settle } = book.due([seenUser()]);
    expect(notes.get('user', 'megan@contoso.example')?.written).toBeNull();
    clock.ms += hour;
    settle(new Set());
    expect(notes.get('user', 'megan@contoso.example')?.written?.ms).toBe(start + hour);
  });

  it('are forgotten by a new book: after a failed write the rows are due again', () => {
    const { clock, notes, book } = bookCase();
    book.due([seenUser()]);
    const next = entityBook(notes, { organizationId: undefined, now: () => clock.ms });
    expect(next.due([seenUser()]).rows).toMatchObject([{ OrganizationId: null }]);
  });
});

describe('a row that the sink refuses', () => {
  it('is tried again after an hour, at once only when it is another one', () => {
    const { clock, book, written } = bookCase();
    const { rows, settle } = book.due([seenUser(), seenFile()]);
    settle(new Set(rows.slice(0, 1)));
    expect(written(seenUser(), seenFile())).toHaveLength(0);
    const other = book.due([seenUser({ aliases: ['x'] })]);
    expect(other.rows).toHaveLength(1);
    other.settle(new Set(other.rows));
    clock.ms += hour - 1;
    expect(written(seenUser({ aliases: ['x'] }))).toHaveLength(0);
    clock.ms += 1;
    expect(written(seenUser({ aliases: ['x'] }))).toHaveLength(1);
  });
});
