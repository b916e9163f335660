/** The page docs/detections.md: what the pack finds, what it needs, and how good it is. */
import { toMinutes } from '../kql/content/duration.ts';
import type { HuntDocument } from '../kql/content/read-hunting.ts';
import type { RuleDocument } from '../kql/content/read-rules.ts';
import { publicDetections } from './detections-docs-map.ts';
import { needsOf } from './detections-docs-needs.ts';
import { type Detection, type Pack, tagged } from './detections-docs-pack.ts';
import { knobsOf, meaningOf, partOf } from './detections-docs-text.ts';

/** What was measured or found by running the pack; tables of Markdown. */
export interface Figures {
  readonly campaigns: string;
  readonly benign: string;
  /** By rule, as test/detections/parity.json has it. */
  readonly parity: Readonly<Record<string, string>>;
}

// A bar inside a cell would begin another one.
const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
const header = (...names: readonly string[]): readonly string[] => [
  row(...names),
  `|${names.map(() => '---|').join('')}`,
];
const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[]): string => texts.map(code).join(', ');
const link = ({ path, document }: { readonly path: string; readonly document: { readonly name: string } }): string =>
  `[${document.name}](../${path})`;

function span(iso: string): string {
  const minutes = toMinutes(iso) ?? 0;
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

const parityText: Readonly<Record<string, string>> = {
  all: 'yes',
  some: 'in part',
  none: 'no',
  'no records': 'no records',
};

/** What a rule needs beside the collector's tables; in brackets what only adds to it. */
function needsText(rule: Detection<RuleDocument>): string {
  const needs = needsOf(rule);
  const of = (isEssential: boolean, joint: string, isOne: (kind: string) => boolean): readonly string[] => {
    const own = needs.filter((need) => need.isEssential === isEssential && isOne(need.kind));
    return own.length === 0 ? [] : [own.map(({ name }) => code(name)).join(joint)];
  };
  const must = [
    ...of(true, ' or ', (kind) => kind !== 'watchlist'),
    ...of(true, ' and ', (kind) => kind === 'watchlist'),
  ].join('; ');
  const may = of(false, ', ', () => true).join('');
  return [must, may === '' ? '' : `(${may})`].filter((text) => text !== '').join(' ');
}

const ruleTable = ({ rules }: Pack, parity: Figures['parity']): readonly string[] => [
  ...header('Rule', 'Severity', 'Tactics', 'Techniques', 'Every', 'Over', 'Needs (and uses)', 'On `CopilotActivity`'),
  ...rules.map((rule) => {
    const { document, file } = rule;
    return row(
      `[${document.name}](#${file})`,
      document.severity,
      document.tactics.join(', '),
      document.relevantTechniques.join(', '),
      span(document.queryFrequency),
      span(document.queryPeriod),
      needsText(rule),
      parityText[parity[file] ?? ''] ?? '',
    );
  }),
];

function ruleSection({ file, path, document, catalogue }: Detection<RuleDocument>): readonly string[] {
  const { description, name, query, tags } = document;
  const knobs = knobsOf(query).map(
    ({ settings, reason }) => `  - ${codes(settings)}${reason === '' ? '' : `: ${reason}`}`,
  );
  const ids = [
    ['catalogue', catalogue] as const,
    ['ATT&CK 19', tagged(tags, 'attack-v19')] as const,
    ['ATLAS', tagged(tags, 'atlas')] as const,
    ['OWASP', tagged(tags, 'owasp')] as const,
  ].flatMap(([framework, own]) => (own.length === 0 ? [] : [`${framework} ${own.join(', ')}`]));
  return [
    `### ${file}`,
    '',
    `**[${name}](../${path})**${ids.length === 0 ? '' : ` (${ids.join('; ')})`}. ${meaningOf(description)}`,
    '',
    ...(knobs.length === 0 ? ['- Knobs: none.'] : ['- Knobs:', ...knobs]),
    `- False positives: ${partOf(description, 'False positives')}`,
    `- Blind spots: ${partOf(description, 'Blind spots')}`,
    '',
  ];
}

const huntTable = ({ hunts }: Pack): readonly string[] => [
  ...header('Hunt', 'Finds', 'Tactics', 'Techniques', 'Uses'),
  ...hunts.map((hunt: Detection<HuntDocument>) => {
    const { document, fields, tables, watchlists } = hunt;
    // A function may read a table for the hunt: then only the connector names it.
    const declared = document.requiredDataConnectors.flatMap(({ dataTypes }) => dataTypes);
    const theirs = [...new Set([...tables, ...declared.filter((name) => !name.endsWith('_CL'))])];
    return row(
      link(hunt),
      meaningOf(document.description),
      document.tactics.join(', '),
      document.relevantTechniques.join(', '),
      codes([...fields, ...theirs, ...watchlists]),
    );
  }),
];

/** Rules and hunts that stand for ids of the catalogue. */
export const standFor = (
  { rules, hunts }: Pack,
  ids: readonly string[],
): readonly Detection<RuleDocument | HuntDocument>[] =>
  ids.flatMap((id) => [...rules, ...hunts].filter(({ catalogue }) => catalogue.includes(id)));

const mapTable = (pack: Pack): readonly string[] => [
  ...header('Pack', 'Theirs', 'Here', 'What was wrong'),
  ...publicDetections.map(({ pack: name, kind, name: theirs, catalogue, problem }) =>
    row(name, `${theirs} (${kind})`, standFor(pack, catalogue).map(link).join(', '), problem),
  ),
];

function severities({ rules }: Pack): string {
  const counts = [...Map.groupBy(rules, ({ document }) => document.severity)];
  return counts
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([severity, own]) => `${own.length} ${severity.toLowerCase()}`)
    .join(', ');
}

function parityLine({ rules }: Pack, parity: Figures['parity']): string {
  const of = (said: string): number => rules.filter(({ file }) => parity[file] === said).length;
  return `Of the rules that read records, ${of('all')} do all that they do on such rows as well, ${of('some')} in part, and ${of('none')} nothing, because the table lacks what they read. ${of('no records')} read health or errors and no records.`;
}

/** The page. */
export const toDetectionsPage = (pack: Pack, { campaigns, benign, parity }: Figures): string =>
  [
    '# Detections',
    '',
    'Generated from `analytics-rules`, `kql/hunting`, `scripts/detections-docs-map.ts` and `test/detections` by `npm run docs`. Do not edit.',
    '',
    `${pack.rules.length} analytics rules (${severities(pack)}) and ${pack.hunts.length} hunts for Microsoft Sentinel. Each file holds its tests, and \`npm run rules:test\` runs them. What only you know they read from [watchlists](watchlists.md). [ADR 0019](adr/0019-detections.md) says how they are made, [CONTRIBUTING](../CONTRIBUTING.md#write-a-rule) how to write one, [deploy.md](deploy.md#rules) how to switch one off or change it.`,
    '',
    '- A rule takes what came in since its last run, however old, and reasons on when it happened: an event that comes two days late is found like any other. What came in more than a week after it happened is backfill, and raises nothing.',
    '- The same facts are one incident: a row that is seen or delivered twice joins it.',
    '- A rule whose field, table or list is missing is silent, never broken. [Which are blind](#which-rules-are-blind) tells a query.',
    '- "Detected" is not "blocked".',
    '',
    '## Rules',
    '',
    "Needs: fields that Microsoft sends without documenting them, tables of other products, watchlists; of fields and tables one is enough. In brackets: what the rule also uses, and does without. All need the tables of the collector, or, where the last column says so, rows of Microsoft's `CopilotActivity`.",
    '',
    ...ruleTable(pack, parity),
    '',
    parityLine(pack, parity),
    '',
    '## Rule by rule',
    '',
    'Knobs are the `let` lines at the top of the query, with their reason. Frequency, threshold, severity and whether it is on are configuration: [deploy.md](deploy.md#rules). Triage steps are in each file, and in the alert.',
    '',
    ...pack.rules.flatMap(ruleSection),
    '## Hunts',
    '',
    'Hunts are what needs an analyst: too many are right for an alert, or the base line is longer than the 14 days that a rule sees. `lookback` at the top says how far back.',
    '',
    ...huntTable(pack),
    '',
    '## Which rules are blind',
    '',
    '```kusto',
    'CopilotRuleCoverage(ago(30d))',
    '| where RuleVerdict in ("blind", "partly blind")',
    '| project Rule, Kind, Need, Verdict, SeenCount, LastSeen, RuleVerdict',
    '```',
    '',
    'A row for each rule and field, table or list that it needs: how often it was seen, when last, and what that makes of the rule ([functions.md](functions.md#copilotrulecoverage)). A table of risks or alerts may be empty because nothing happened.',
    '',
    "## Beside Microsoft's packs",
    '',
    ...mapTable(pack),
    '',
    '## Campaigns',
    '',
    'Each campaign is a story over hours, planted by seed into a benign day of the simulated tenant, around the thresholds. Found: in how many seeds the rule raised an incident with a record of the campaign. Below the threshold: in how many it did where it should not. This shows it again:',
    '',
    '```sh',
    'node -- test/detections/campaigns.ts --seeds 20 --markdown',
    '```',
    '',
    campaigns.trim(),
    '',
    '## Benign weeks',
    '',
    'Incidents by rule and week in ten weeks of a simulated tenant of 200 people in which nothing bad happens: red-teamers on the list, newsletters, an onboarding wave, a hackathon, a move of an office to other addresses, rows three days late, synthetic agent users, scheduled prompts. The promise is at most one incident of a rule a week, and ten of high severity a week over the whole pack. This shows it again:',
    '',
    '```sh',
    'node -- test/detections/benign.ts --weeks 10 --markdown',
    '```',
    '',
    benign.trim(),
    '',
    'Rules without a line raised nothing. These are figures of a simulated tenant: yours has habits of its own.',
    '',
  ].join('\n');
