/** `npm run kql:check [-- [--sizes] DIRECTORY]`: binds and lints everything shipped; exit 0, 1 with findings, 2 for wrong usage. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkContent, type NamedSize } from './check-content.ts';
import { toLine } from './finding.ts';

const USAGE = `usage: npm run kql:check [-- [--sizes] DIRECTORY]  (default: the project)
  --sizes  tells the characters of each query, alone and with the functions that it calls
`;

const toSizeLine = ({ path, name, own, functions, called }: NamedSize): string =>
  `${path} (${name}): ${own} characters${called.length === 0 ? '' : `, ${own + functions} with ${called.join(', ')}`}`;

function main(args: readonly string[]): number {
  const options = args.filter((argument) => argument.startsWith('-'));
  const places = args.filter((argument) => !argument.startsWith('-'));
  const [directory = fileURLToPath(new URL('../..', import.meta.url))] = places;
  const isUsage = places.length < 2 && options.every((option) => option === '--sizes');
  if (!isUsage || !existsSync(directory)) {
    process.stderr.write(`${isUsage ? `${directory} does not exist\n` : ''}${USAGE}`);
    return 2;
  }
  const { queryCount, findings, sizes } = checkContent(directory);
  for (const finding of findings) process.stdout.write(`${toLine(finding)}\n`);
  process.stdout.write(`${queryCount} queries, ${findings.length} findings\n`);
  if (options.length > 0) for (const size of sizes) process.stdout.write(`${toSizeLine(size)}\n`);
  return findings.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
