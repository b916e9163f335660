/** `npm run rules:test [-- FILE... | --write-parity | --write-pseudonyms]`: the tests inside of rules and hunts; exit 0, 1 with failures, 2 for wrong usage. */
import { existsSync } from 'node:fs';
import { bench, checkFile, fileAt, huntFiles, ruleFiles } from './bench.ts';
import type { FileReport } from './check-file.ts';
import { writeParity } from './parity.ts';
import { sightsOf, writeSights } from './pseudonyms.ts';

const USAGE = `usage: npm run rules:test [-- FILE... | --write-parity | --write-pseudonyms]  (default: all rules and hunts)
  --write-parity      writes which rules fire on rows of Microsoft's table CopilotActivity, too
  --write-pseudonyms  writes what rules see when people are tokens
`;

const parityText = ({ parity }: FileReport): string =>
  parity === undefined || parity.of === 0 ? '' : `, on CopilotActivity ${parity.fires} of ${parity.of}`;

function tell(report: FileReport): void {
  const { path, passed, problems, warnings } = report;
  process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${path}: ${passed} passed${parityText(report)}\n`);
  const said = [...problems, ...warnings.map((one) => ({ ...one, text: `warning: ${one.text}` }))];
  for (const { case: name, text, check } of said)
    process.stdout.write(`  ${name}${check === undefined ? '' : ` [${check}]`}\n${text.replaceAll(/^/gm, '    ')}\n`);
}

function main(args: readonly string[]): number {
  const options = args.filter((argument) => argument.startsWith('-'));
  const paths = args.filter((argument) => !argument.startsWith('-'));
  const missing = paths.filter((path) => !existsSync(path));
  const isUsage =
    options.every((option) => option === '--write-parity' || option === '--write-pseudonyms') &&
    (options.length === 0 || paths.length === 0);
  if (missing.length > 0 || !isUsage) {
    process.stderr.write(`${missing.map((path) => `${path} does not exist\n`).join('')}${USAGE}`);
    return 2;
  }
  const files = paths.length > 0 ? paths.map(fileAt) : [...ruleFiles(), ...huntFiles()];
  const within = bench();
  const reports = files.map((file) => {
    const report = checkFile(file, within);
    tell(report);
    return report;
  });
  if (options.includes('--write-parity')) writeParity(reports);
  if (options.includes('--write-pseudonyms'))
    writeSights(Object.fromEntries(ruleFiles().map((file) => [file.name, sightsOf(file, within)])));
  const failed = reports.reduce((sum, { problems }) => sum + new Set(problems.map((problem) => problem.case)).size, 0);
  const passed = reports.reduce((sum, report) => sum + report.passed, 0);
  const doubts = reports.reduce((sum, { warnings }) => sum + warnings.length, 0);
  process.stdout.write(`${doubts} warnings\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
