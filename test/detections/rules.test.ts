/** The tests inside of the rules' files, and what parity.json says of them. */
import { describe, expect, it } from 'vitest';
import { bench, checkFile, ruleFiles } from './bench.ts';
import type { FileReport } from './check-file.ts';
import { readParity, toParity } from './parity.ts';

const within = bench();
const files = ruleFiles();
const reports: FileReport[] = [];

describe('the tests inside of each rule', () => {
  it('are of some rules', () => expect(files.length).toBeGreaterThan(0));

  it.each(files)('pass: $name', (file) => {
    const report = checkFile(file, within);
    reports.push(report);
    for (const { case: name, text, check } of report.warnings)
      process.stdout.write(`warning: ${file.name}: ${name} [${check ?? ''}]: ${text}\n`);
    expect(report.problems).toEqual([]);
  });

  it("fire on rows of Microsoft's table where parity.json says so; npm run rules:test -- --write-parity writes it", () => {
    expect(toParity(reports)).toEqual(readParity());
  });
});
