/** What documents say of rules, hunts and watchlists, against their files. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { publicDetections } from '../../scripts/detections-docs-map.ts';
import { needsOf } from '../../scripts/detections-docs-needs.ts';
import { readPack } from '../../scripts/detections-docs-pack.ts';
import { knobsOf, meaningOf, partOf } from '../../scripts/detections-docs-text.ts';
import { standFor } from '../../scripts/detections-docs.ts';
import { stories } from '../../simulator/campaigns/campaigns.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const pack = readPack(root);
const { rules, hunts } = pack;

/** Rows of the tables in a text, as their cells without space around them; heads and rules left out. */
const cellsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => /^\|(?! *:?-)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const section = (text: string, heading: string): string =>
  text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
const spans = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

describe('docs/watchlists.md', () => {
  const page = read('docs/watchlists.md');
  const lists = globSync('watchlists/*.csv', { cwd: root }).map((path) => path.replace(/^.*?([^/\\]+)\.csv$/, '$1'));

  /** Watchlist, file and what an empty list means, as a table says it. */
  const said = (heading: string, folder: string) =>
    cellsOf(section(page, heading)).flatMap(([list = '', link = '', empty = '']) => {
      const [, name, path] = /^\[([^\]]+)\]\(\.\.\/(.+)\.yaml\)$/.exec(link) ?? [];
      return name === undefined || path !== `${folder}/${name}`
        ? []
        : [{ pair: `${spans(list).join()} ${name}`, empty }];
    });
  // By the text of the query alone: what the binder makes of it is looked at elsewhere.
  const readBy = (all: readonly { readonly file: string; readonly document: { readonly query: string } }[]) =>
    all.flatMap(({ file, document }) => [
      ...new Set(
        [...document.query.matchAll(/_GetWatchlist\(["'](\w+)["']\)/g)].map(([, list = '']) => `${list} ${file}`),
      ),
    ]);

  it.for([
    ['While a list is empty', 'analytics-rules', rules],
    ['Hunts', 'kql/hunting', hunts],
  ] as const)('has a line for each list that a file reads, and no other: %s', ([heading, folder, all]) => {
    const pairs = said(heading, folder).map(({ pair }) => pair);
    expect(pairs.toSorted()).toEqual(readBy(all).toSorted());
    expect(pairs.length).toBeGreaterThan(10);
  });

  it('calls a rule silent exactly where no test of it fires without the list', () => {
    const silent = said('While a list is empty', 'analytics-rules').filter(({ empty }) => empty.startsWith('Silent'));
    const needed = rules.flatMap((rule) =>
      needsOf(rule).flatMap(({ kind, name, isEssential }) =>
        kind === 'watchlist' && isEssential ? [`${name} ${rule.file}`] : [],
      ),
    );
    expect(silent.map(({ pair }) => pair).toSorted()).toEqual(needed.toSorted());
  });

  it('names the lists that no rule reads', () => {
    const readByRules = new Set(rules.flatMap(({ watchlists }) => watchlists));
    const [sentence = ''] = /[^.:]*are read by no rule/.exec(section(page, 'While a list is empty')) ?? [];
    expect(spans(sentence).toSorted()).toEqual(lists.filter((list) => !readByRules.has(list)).toSorted());
  });

  it('has every list with each of its columns', () => {
    const columns = cellsOf(section(page, 'Columns')).slice(1);
    expect(columns.map(([list = '']) => spans(list).join()).toSorted()).toEqual(lists.toSorted());
    for (const [list = '', , others = ''] of columns) {
      const header =
        read(`watchlists/${spans(list).join()}.csv`)
          .split('\n')[0]
          ?.trim()
          .split(',') ?? [];
      expect(header[0]).toBe('SearchKey');
      expect(header.at(-1)).toBe('Enabled');
      expect(spans(others), list).toEqual(expect.arrayContaining(header.slice(1, -1)));
    }
  });

  it('knows every list that a rule or a hunt reads', () => {
    const used = [...rules, ...hunts].flatMap(({ watchlists }) => watchlists);
    expect([...new Set(used)].toSorted()).toEqual(lists.toSorted());
  });
});

describe('the pack', () => {
  const planned =
    'A1 A3 G2 F5 F6 B1 B4 L1 L2 L4 A8 H3 G1 F4 F9 E3 F1 F2 G7 A6 B5 H4 H1 B2 D2 A4 C2 I1 G8 H2 D5 K3 D1 E1 E4 F3 G5 J1 A2 K1 E5 G4 J3 L5 L7';

  it('has each planned item once, as a rule', () => {
    const ids = rules.flatMap(({ catalogue }) => catalogue);
    expect(ids.toSorted()).toEqual(planned.split(' ').toSorted());
    const all = [...ids, ...hunts.flatMap(({ catalogue }) => catalogue)];
    expect(all.length).toBe(new Set(all).size);
    expect(hunts.length).toBeGreaterThanOrEqual(20);
  });

  it('has an id of the catalogue, or of health, in each file', () => {
    const without = [...rules, ...hunts].filter(
      ({ document }) => !document.tags.some((tag) => /^(?:catalogue|health):./.test(tag)),
    );
    expect(without.map(({ file }) => file)).toEqual([]);
  });

  it('has ids and names that no other file has', () => {
    for (const key of ['id', 'name'] as const) {
      const all = [...rules, ...hunts].map(({ document }) => document[key]);
      expect(all.filter((one, index) => all.indexOf(one) !== index)).toEqual([]);
    }
  });

  it.for([
    ...rules.map(({ file, document }) => [file, document, ['False positives', 'Blind spots', 'Triage']] as const),
    ...hunts.map(({ file, document }) => [file, document, ['False positives', 'Blind spots', 'Next']] as const),
  ])('tells of %s what analysts must know, and why each threshold is what it is', ([, document, parts]) => {
    for (const part of parts) expect(partOf(document.description, part).length, part).toBeGreaterThan(10);
    expect(knobsOf(document.query).filter(({ reason }) => reason === '')).toEqual([]);
  });
});

describe('what the page takes from a file', () => {
  it('is each threshold with the comment above it, and none that the schedule sets', () => {
    const query = [
      '// How often it runs.',
      'let frequency = 1h;',
      'let overlap = 10m;',
      '// Days are judged',
      '// by days before.',
      'let stop = startofday(now());',
      'let testDays = 4;',
      '// Both are a guess.',
      'let minFactor = 2.5;',
      'let off = dynamic(["none", "off"]);',
      '// A table.',
      'let known = T',
      '    | distinct Name;',
      'T',
      '| where Factor > minFactor',
    ].join('\n');
    expect(knobsOf(query)).toEqual([
      { settings: ['testDays = 4'], reason: 'Days are judged by days before.' },
      { settings: ['minFactor = 2.5', 'off = dynamic(["none", "off"])'], reason: 'Both are a guess.' },
    ]);
  });

  it('is a part of the description to the next one, wherever that begins', () => {
    const text = 'It means\nthis.\n\nFalse positives: one;\n  two. Blind spots: three.\nTriage: 1. Look.';
    expect(partOf(text, 'False positives')).toBe('one; two.');
    expect(partOf(text, 'Blind spots')).toBe('three.');
    expect(partOf(text, 'Next')).toBe('');
    expect(meaningOf(text)).toBe('It means this.');
  });
});

describe('docs/detections.md', () => {
  const page = read('docs/detections.md');

  it('has a counterpart for each detection of the public packs', () => {
    expect(publicDetections.filter(({ catalogue }) => standFor(pack, catalogue).length < catalogue.length)).toEqual([]);
    expect(publicDetections.filter(({ kind }) => kind === 'rule').length).toBe(8);
  });

  it('has a line and a section for each rule, and a line for each hunt', () => {
    const ruleLinks = cellsOf(section(page, 'Rules')).map(([cell = '']) => /\(#(.+)\)/.exec(cell)?.[1]);
    expect(ruleLinks.slice(1)).toEqual(rules.map(({ file }) => file));
    expect([...page.matchAll(/^### (.+)$/gm)].map(([, file]) => file)).toEqual(rules.map(({ file }) => file));
    const huntLinks = cellsOf(section(page, 'Hunts')).map(([cell = '']) => /\(\.\.\/(.+)\)/.exec(cell)?.[1]);
    expect(huntLinks.slice(1)).toEqual(hunts.map(({ path }) => path));
  });

  it('has figures of every campaign that keep the promise, and of no rule that is gone', () => {
    const rows = cellsOf(section(page, 'Campaigns')).slice(1);
    expect([...new Set(rows.map(([name]) => name))]).toEqual(stories.map(({ name }) => name));
    const ids = new Set(rules.flatMap(({ catalogue }) => catalogue));
    expect(rows.filter(([, id = '']) => !ids.has(id))).toEqual([]);
    expect(rows.filter(([, , found]) => found !== '20 of 20')).toEqual([]);
    // What is below a threshold is never found.
    expect(rows.filter(([, , , below = '']) => below !== '' && below !== '0 of 20')).toEqual([]);
  });

  it('has figures of ten benign weeks that keep the promise', () => {
    const [head = [], ...rows] = cellsOf(section(page, 'Benign weeks'));
    expect(head).toHaveLength(11);
    const high = rows.at(-1)?.slice(1).map(Number) ?? [];
    expect(high.filter((count) => !(count <= 10))).toEqual([]);
    const names = rows.slice(0, -1).map(([name]) => name);
    expect(names.filter((name) => rules.every(({ file }) => file !== name))).toEqual([]);
    expect(rows.slice(0, -1).filter((cells) => cells.slice(1).some((count) => Number(count) > 1))).toEqual([]);
  });
});

describe('README.md and docs/deploy.md', () => {
  it.for(['README.md', 'docs/deploy.md'])('lead from %s to the detections and the watchlists', (path) => {
    expect(read(path)).toMatch(/\]\((?:docs\/)?watchlists\.md\)/);
    expect(read(path)).toMatch(/\]\((?:docs\/)?detections\.md\)/);
  });
});
