/** `npm run kql:conformance -- FILE... [--only ID] [--all] [--known FILE]`: suites against the engine. */
import { Command } from 'commander';
import { readKnown } from './known.ts';
import { type Outcome, runCases } from './run.ts';
import { isCore, readSuite } from './suite.ts';

interface Options {
  readonly only?: string;
  readonly all?: true;
  readonly known?: string;
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function report(outcomes: readonly Outcome[], known: ReadonlyMap<string, string>): number {
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  const passed = outcomes.length - failed.length;
  for (const { id, failure } of failed) print(`${known.has(id) ? 'known' : 'FAIL'} ${id}: ${failure}`);
  const healed = outcomes.filter(({ id, failure }) => failure === undefined && known.has(id));
  for (const { id } of healed) print(`FAIL ${id}: passes, so it must leave the list of known failures`);
  print(`${passed} passed, ${failed.length} failed`);
  return failed.every(({ id }) => known.has(id)) && healed.length === 0 ? 0 : 1;
}

function run(files: readonly string[], { only, all, known }: Options): number {
  const cases = files
    .flatMap((file) => readSuite(file))
    .filter((test) => (only === undefined ? all === true || isCore(test) : test.id === only));
  if (cases.length === 0) throw new Error(`no case to run in ${files.join(', ')}: --all takes those that are not core`);
  if (only !== undefined)
    for (const test of cases) print(`${test.query}\nexpected: ${JSON.stringify(test.expected)?.slice(0, 2000)}`);
  return report(runCases(cases), known === undefined ? new Map() : readKnown(known));
}

const command = new Command('kql:conformance')
  .description("Runs suites of queries with answers of Microsoft's engine; exit 1 where a core case fails")
  .argument('<file...>', 'suites as JSON')
  .option('--only <id>', 'run one case and print it')
  .option('--all', 'run cases that are not core, too')
  .option('--known <file>', 'Markdown table of cases that are known to fail: they do not count, unless they pass')
  .exitOverride((error) => {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    throw error;
  })
  .action((files: readonly string[], options: Options) => {
    try {
      process.exitCode = run(files, options);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    }
  });
try {
  command.parse();
} catch {
  // commander has told what is wrong, and the exit code is set.
}
