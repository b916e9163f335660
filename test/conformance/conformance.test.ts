/** The engine against answers of Microsoft's engine, and against cases of our own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKnown } from '../../kql/conformance/known.ts';
import { type Outcome, runCases } from '../../kql/conformance/run.ts';
import { isCore, readSuite } from '../../kql/conformance/suite.ts';

const here = import.meta.dirname;
// The public suites are no part of the project: whoever has them puts them beside the checkout.
const folder = join(here, '../../../shared/kql-conformance');
const isThere = existsSync(folder);

const known = readKnown(join(here, 'known.md'));
const shareOf = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ failure }) => failure === undefined).length / outcomes.length;
const unlisted = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.filter(({ id, failure }) => failure !== undefined && !known.has(id));

describe.skipIf(!isThere)(`the public suites${isThere ? '' : ` (skipped: there is no folder ${folder})`}`, () => {
  const ids = new Set<string>();
  test.for([
    ['01-kusto-emulator-docs.json', 459, 0.99],
    ['02-kusto-emulator-fuzz.json', 755, 0.99],
    ['03-kusto-emulator-rejects.json', 136, 0.95],
  ] as const)(
    '%s: at least %i core cases, a share of %d passes and no failure is not listed',
    ([file, least, share]) => {
      const outcomes = runCases(readSuite(join(folder, file)).filter(isCore));
      for (const { id } of outcomes) ids.add(id);
      const passed = outcomes.filter(({ failure }) => failure === undefined).length;
      console.log(
        `${file}: ${passed} of ${outcomes.length} core cases pass, ${((100 * passed) / outcomes.length).toFixed(2)} %`,
      );
      expect(outcomes.length).toBeGreaterThanOrEqual(least);
      expect(shareOf(outcomes)).toBeGreaterThanOrEqual(share);
      expect(unlisted(outcomes)).toEqual([]);
      expect(outcomes.filter(({ id, failure }) => failure === undefined && known.has(id))).toEqual([]);
    },
  );

  test('hold every case that is listed as known to fail', () => {
    expect([...known.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('our own cases', () => {
  const cases = readSuite(join(here, 'own-cases.json'));

  test('are many, and each has a name of its own', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  const outcomes = new Map(runCases(cases).map(({ id, failure }) => [id, failure]));
  test.for(cases.map(({ id }) => id))('%s', (id) => {
    expect(outcomes.get(id)).toBeUndefined();
  });
});
