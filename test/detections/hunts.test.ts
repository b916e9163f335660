/** The tests inside of the hunts' files. */
import { describe, expect, it } from 'vitest';
import { bench, checkFile, huntFiles } from './bench.ts';

const within = bench();

describe('the tests inside of each hunt', () => {
  const files = huntFiles();
  it('are of some hunts', () => expect(files.length).toBeGreaterThan(0));

  it.each(files)('pass: $name', (file) => expect(checkFile(file, within).problems).toEqual([]));
});
