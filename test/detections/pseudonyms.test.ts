/** What pseudonyms.json says that rules see when people are tokens. */
import { describe, expect, it } from 'vitest';
import { bench, ruleFiles } from './bench.ts';
import { readSights, sightsOf } from './pseudonyms.ts';

const within = bench();
const files = ruleFiles();
// One of each kind, and those that are quick: all of them take most of a minute.
const checked = [
  'collection-top-label-read',
  'initial-access-threat-intel-address',
  'initial-access-ueba-anomaly',
  'persistence-plugin-changed-by-non-admin',
];

describe('pseudonyms.json', () => {
  it('names every rule: npm run rules:test -- --write-pseudonyms writes it', () => {
    expect(Object.keys(readSights()).toSorted()).toEqual(files.map(({ name }) => name).toSorted());
  });

  it.for(checked)('says what %s does with tokens', (name) => {
    const file = files.find((one) => one.name === name);
    expect(file && sightsOf(file, within)).toEqual(readSights()[name]);
  });
});
