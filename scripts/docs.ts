/** `npm run docs`: writes the files that derive from data: pages under docs/ and the simulator's streams. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'oxfmt';
import { azureRoles, permissions } from '../collector/permissions.ts';
import { tables, toDcrStream, toTablesPage } from '../collector/schema/index.ts';
import { type Setting, settings } from '../collector/settings.ts';
import { knownNames } from '../kql/engine/language/known-names.ts';
import { parseFunction, readFunctions, type StoredFunction } from '../kql/functions.ts';
import { notSupported, toNotSupportedPage } from '../kql/not-supported.ts';
import { toCoverageFunction } from './detections-docs-coverage.ts';
import { readPack } from './detections-docs-pack.ts';
import { toDetectionsPage } from './detections-docs.ts';
import { readSights, toPseudonymizationPage } from './pseudonymization-docs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A generated file: path from the root of the repository, and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

const generatedFrom = (file: string): string => `Generated from \`${file}\` by \`npm run docs\`. Do not edit.`;
// A bar inside a cell would begin another one.
const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

/** The page docs/settings.md. */
export function toSettingsPage(all: readonly Setting[]): string {
  const defaultOf = (one: Setting): string =>
    one.default === undefined ? '' : one.default === '' ? 'empty' : `\`${one.default}\``;
  return [
    '# Settings',
    '',
    generatedFrom('collector/settings.ts'),
    '',
    'The collector reads its settings from environment variables. An empty variable counts as one that is not set.',
    'What is wrong is told at once, all of it, with exit code 1. The value of a secret is never shown.',
    '',
    row('Name', 'Meaning', 'Default', 'Secret'),
    '|---|---|---|---|',
    ...all.map((one) => row(`\`${one.name}\``, one.meaning, defaultOf(one), one.isSecret ? 'yes' : '')),
    '',
  ].join('\n');
}

/** The page docs/permissions.md. */
export function toPermissionsPage(all: typeof permissions): string {
  return [
    '# Permissions',
    '',
    generatedFrom('collector/permissions.ts'),
    '',
    'Application permissions that the collector can use: none of them writes. Grant those whose first column you need, and no others. The first column is a source (`SOURCES`) or an enricher (`ENRICH`).',
    '',
    'A source without its permission ends its pass early and says so. An enricher without its permission costs facts, never rows: they ship, `EnrichmentErrors` of the row and a health row of kind `enrichment` name what is missing. `check` names every permission that is missing. Optional: it works without, with less, and `check` names it only where a setting needs it. The deployment asks for those only where `optionalPermissions` of a tenant names them.',
    '',
    row('Needed by', 'Permission', 'API', 'It buys', 'Without it', 'Optional'),
    '|---|---|---|---|---|---|',
    ...all.map((one) =>
      row(
        `\`${one.neededBy}\``,
        `\`${one.role}\``,
        one.api,
        one.buys,
        one.withoutIt,
        one.isOptional === true ? 'yes' : '',
      ),
    ),
    '',
    row('API', 'Application id'),
    '|---|---|',
    ...new Set(all.map((one) => row(one.api, `\`${one.apiAppId}\``))),
    '',
    '## Roles in Azure',
    '',
    'Of the identity that works in Azure (`AZURE_CLIENT_ID`, or the managed identity of the deployment), whoever reads Microsoft 365. The deployment assigns them.',
    '',
    row('Needed by', 'Role', 'On', 'It buys', 'Without it'),
    '|---|---|---|---|---|',
    ...azureRoles.map((one) => row(`\`${one.neededBy}\``, `\`${one.role}\``, one.on, one.buys, one.withoutIt)),
    '',
  ].join('\n');
}

/** The page docs/privacy-fields.md: every column with its purpose, those about people first. */
export function toPrivacyPage(all: typeof tables): string {
  const marks = ['identity', 'content', 'none'] as const;
  const columnsOf = (of: (typeof tables)[number], mark: (typeof marks)[number]) =>
    Object.entries(of.columns).filter(([, { privacy }]) => privacy === mark);
  return [
    '# Fields and privacy',
    '',
    generatedFrom('collector/schema'),
    '',
    'Every column of every table, what it is for, and what it says about a person: `identity` tells who, `content` tells what somebody wrote, read or named, `none` neither by itself. [privacy.md](privacy.md) tells how long and for whom.',
    '',
    row('Table', ...marks.map((mark) => `\`${mark}\``)),
    '|---|---|---|---|',
    ...all.map((of) => row(`\`${of.name}\``, ...marks.map((mark) => String(columnsOf(of, mark).length)))),
    '',
    ...all.flatMap((of) => [
      `## ${of.name}`,
      '',
      of.description,
      '',
      row('Column', 'Privacy', 'Purpose'),
      '|---|---|---|',
      ...marks.flatMap((mark) =>
        columnsOf(of, mark).map(([name, { description }]) => row(`\`${name}\``, mark, description)),
      ),
      '',
    ]),
  ].join('\n');
}

/** The page docs/functions.md. */
export function toFunctionsPage(all: readonly StoredFunction[]): string {
  return [
    '# Functions',
    '',
    generatedFrom('kql/functions/*.kql'),
    '',
    'What analysts type. Every function runs on empty tables, and without the tables of Microsoft that it can read.',
    'Try one on this machine: `npm run kql -- FILE --workspace DIR`.',
    '',
    ...all.flatMap(({ name, parameters, documentation }) => [
      `## ${name}`,
      '',
      '```kusto',
      `${name}(${parameters.replaceAll(/\s+/g, ' ').trim()})`,
      '```',
      '',
      documentation,
      '',
    ]),
  ].join('\n');
}

/** The file simulator/streams.json: columns by stream name. The simulator imports nothing of the collector. */
export function toStreamsFile(all: typeof tables): string {
  return JSON.stringify(Object.fromEntries(all.map(toDcrStream).map(({ name, columns }) => [name, columns])));
}

const COVERAGE = 'kql/functions/CopilotRuleCoverage.kql';

/** The functions with the generated one as it should be now, whatever its file holds. */
function functionsWith(coverage: string): readonly StoredFunction[] {
  const generated = parseFunction(COVERAGE, coverage);
  const others = readFunctions(`${root}kql/functions`).filter(({ name }) => name !== generated.name);
  return [...others, generated].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

async function readFigures(): Promise<Parameters<typeof toDetectionsPage>[1]> {
  const read = (name: string): Promise<string> => readFile(`${root}test/detections/${name}`, 'utf8');
  const [campaigns, benign, parity] = await Promise.all([
    read('figures/campaigns.md'),
    read('figures/benign.md'),
    read('parity.json'),
  ]);
  return { campaigns, benign, parity: JSON.parse(parity) };
}

/** Every generated file as it should be now, formatted as `npm run check` wants it. */
export async function pages(): Promise<readonly Page[]> {
  const pack = readPack(root);
  const coverage = toCoverageFunction(pack.rules);
  const drafts: readonly Page[] = [
    { path: 'docs/tables.md', text: toTablesPage(tables) },
    { path: 'docs/privacy-fields.md', text: toPrivacyPage(tables) },
    { path: 'docs/settings.md', text: toSettingsPage(settings) },
    { path: 'docs/permissions.md', text: toPermissionsPage(permissions) },
    { path: 'docs/detections.md', text: toDetectionsPage(pack, await readFigures()) },
    { path: 'docs/pseudonymization-rules.md', text: toPseudonymizationPage(pack.rules, readSights(root)) },
    { path: 'docs/functions.md', text: toFunctionsPage(functionsWith(coverage)) },
    { path: 'docs/kql-not-supported.md', text: toNotSupportedPage(notSupported(knownNames())) },
    { path: 'simulator/streams.json', text: toStreamsFile(tables) },
  ];
  const { printWidth, singleQuote } = JSON.parse(await readFile(`${root}.oxfmtrc.json`, 'utf8'));
  const formatted = await Promise.all(
    drafts.map(async ({ path, text }) => {
      const { code, errors } = await format(path, text, { printWidth, singleQuote });
      if (errors.length > 0) throw new Error(`docs: ${path}: ${errors[0]?.message ?? ''}: mend the page's generator`);
      return { path, text: code };
    }),
  );
  return [...formatted, { path: COVERAGE, text: coverage }];
}

if (import.meta.main) {
  for (const { path, text } of await pages()) {
    await writeFile(`${root}${path}`, text);
    console.log(path);
  }
}
