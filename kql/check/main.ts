/** `npm run kql:check [-- DIRECTORY]`: binds and lints everything shipped; exit 0, 1 with findings, 2 for wrong usage. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkContent } from './check-content.ts';
import { toLine } from './finding.ts';

const USAGE = 'usage: npm run kql:check [-- DIRECTORY]  (default: the project)';

function main(args: readonly string[]): number {
  const [directory = fileURLToPath(new URL('../..', import.meta.url)), ...rest] = args;
  if (rest.length > 0 || directory.startsWith('-') || !existsSync(directory)) {
    const reason = rest.length > 0 || directory.startsWith('-') ? '' : `${directory} does not exist\n`;
    process.stderr.write(`${reason}${USAGE}\n`);
    return 2;
  }
  const { queryCount, findings } = checkContent(directory);
  for (const finding of findings) process.stdout.write(`${toLine(finding)}\n`);
  process.stdout.write(`${queryCount} queries, ${findings.length} findings\n`);
  return findings.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
