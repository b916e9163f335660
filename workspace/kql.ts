/** `npm run kql -- FILE|- [--workspace DIR] [--table Name=rows.ndjson] [--now ISO] [--format table|json|csv]`: one query. */
import { readFileSync, statSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { KqlError } from '../kql/engine/errors.ts';
import type { TableRows } from '../kql/engine/table-reader.ts';
import { formatResult, type Format, formats } from './format-result.ts';
import { directoryTables, fileTable, workspaceEngine } from './workspace.ts';

const OK = 0;
const QUERY_ERROR = 1;
const USAGE = 2;

interface Options {
  readonly workspace?: string;
  readonly table: readonly string[];
  readonly now?: Date;
  readonly format: Format;
}

function toDate(text: string): Date {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new InvalidArgumentError('must be a time as ISO 8601: 2026-11-20T12:00:00Z');
  return new Date(milliseconds);
}

function tablesOf({ workspace, table }: Options): Readonly<Record<string, TableRows>> {
  if (workspace !== undefined && !statSync(workspace, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`--workspace ${workspace}: no such directory`);
  const read = workspace === undefined ? {} : directoryTables(workspace);
  if (workspace !== undefined && Object.keys(read).length === 0)
    process.stderr.write(
      `${workspace} holds no tables, so all are empty: rows are expected in <Table>/*.ndjson or <Table>.ndjson\n`,
    );
  return Object.assign(read, ...table.map((assignment) => fileTable(assignment)));
}

function run(file: string, options: Options): number {
  let text: string;
  let tables: Readonly<Record<string, TableRows>>;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
    tables = tablesOf(options);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return USAGE;
  }
  try {
    const result = workspaceEngine()
      .prepare(text)
      .run({ now: options.now ?? new Date(), tables });
    process.stdout.write(formatResult(result, options.format, process.stdout.columns));
    return OK;
  } catch (error) {
    // A line that is no row is the file's fault, not the query's; both are one message.
    process.stderr.write(`${error instanceof KqlError || error instanceof Error ? error.message : String(error)}\n`);
    return QUERY_ERROR;
  }
}

// Whoever reads the answer may have read enough (`| head -1`).
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

const command = new Command('npm run kql --')
  .description('Runs one query over rows on this machine, as Log Analytics would answer it')
  .argument('<file>', 'a file with the query; - reads it from standard input')
  .option('--workspace <directory>', 'rows as the collector writes them: <directory>/<Table>/*.ndjson')
  .option(
    '--table <Name=rows.ndjson>',
    'rows of one table; may be given more than once',
    (value: string, all: readonly string[]) => [...all, value],
    [],
  )
  .option('--now <time>', 'what now() says, as ISO 8601', toDate)
  .addOption(new Option('--format <format>', 'how the answer is printed').choices(formats).default('table'))
  .exitOverride((error) => process.exit(error.exitCode === 0 ? OK : USAGE))
  .action((file: string, options: Options) => {
    process.exitCode = run(file, options);
  });
command.parse();
