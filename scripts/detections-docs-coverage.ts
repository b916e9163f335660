/** The stored function CopilotRuleCoverage: which rules are blind in a workspace. */
import { tables } from '../collector/schema/index.ts';
import type { RuleDocument } from '../kql/content/read-rules.ts';
import { type Need, type NeedKind, needsOf } from './detections-docs-needs.ts';
import type { Detection } from './detections-docs-pack.ts';

const HEAD = `// One row per rule of the pack and thing that it looks at and that a workspace may lack: a field that Microsoft sends
// without documenting it (Kind "field"), a table of another product ("table"), a watchlist without which it is silent
// ("watchlist"). Rules that only need documented fields of audit records have no row. Generated from
// analytics-rules/*.yaml by \`npm run docs\`: do not edit.
//
// Verdict: "seen"; "never seen"; "empty" for a watchlist without items that count; "no events" for a field while there
// is no interaction at all. A field is seen when an interaction carries it with a value, \`false\` included. SeenCount and
// LastSeen: interactions with the field, rows of the table, items of the list today. A table that is missing is never seen.
// Of fields and tables a rule needs one that IsEssential, of watchlists each; the others only add to what it finds.
// RuleVerdict: "sees", "partly blind", "blind", or "no events".
//
// startTime: from when to look; everything by default. A filter after the call does not prune:
// \`CopilotRuleCoverage(ago(30d)) | where RuleVerdict == "blind"\` reads 30 days.
let CopilotRuleCoverage = (startTime:datetime=datetime(null)) {`;

const auditColumns = tables.find(({ name }) => name === 'CopilotAudit_CL')?.columns ?? {};

/** When an interaction carries a field: a column that holds it as sent, or a key of the payload. A boolean column is
 *  the collector's own verdict over all elements. */
function condition(field: string): string {
  const [path = '', value] = field.split('=');
  const key = (path.split('.').at(-1) ?? '').toLowerCase();
  if (value !== undefined)
    return `Text has "${value.toLowerCase()}" and Text contains '"${key}":"${value.toLowerCase()}"'`;
  const type = Object.hasOwn(auditColumns, field) ? auditColumns[field]?.type : undefined;
  if (type === 'string') return `isnotempty(${field})`;
  if (type !== undefined && type !== 'boolean') return `isnotnull(${field})`;
  // Not null: any value but null begins with another letter.
  return `Text has "${key}" and Text matches regex '"${key}":[^n]'`;
}

interface RuleNeed extends Need {
  readonly rule: string;
}

const isUnlike = <T>(item: T, index: number, all: readonly T[]): boolean => all.indexOf(item) === index;
const quoted = (text: string): string => `"${text}"`;

/** The text of the function's file. */
export function toCoverageFunction(rules: readonly Detection<RuleDocument>[]): string {
  const needs = rules
    .flatMap((rule) => needsOf(rule).map((need): RuleNeed => ({ ...need, rule: rule.file })))
    // A list that a rule can do without blinds nobody: docs/watchlists.md tells what it changes.
    .filter(({ kind, isEssential }) => kind !== 'watchlist' || isEssential);
  const namesOf = (kind: NeedKind): readonly string[] =>
    needs
      .flatMap((need) => (need.kind === kind ? [need.name] : []))
      .filter(isUnlike)
      .toSorted();
  const kinds = ['field', 'table', 'watchlist'] as const;
  const table = kinds.flatMap((kind) =>
    namesOf(kind).flatMap((name) =>
      ([true, false] as const).flatMap((isEssential) => {
        const own = needs.filter(
          (need) => need.kind === kind && need.name === name && need.isEssential === isEssential,
        );
        const cells = [quoted(kind), quoted(name), String(isEssential), quoted(own.map(({ rule }) => rule).join(' '))];
        return own.length === 0 ? [] : [`    ${cells.join(', ')}`];
      }),
    ),
  );
  const found = namesOf('field').map((field) => `        iff(${condition(field)}, ${quoted(field)}, "")`);
  const rowsOf = namesOf('table').map(
    (name) =>
      `    (${name} | where isnull(startTime) or TimeGenerated >= startTime | summarize SeenCount = count(), LastSeen = max(TimeGenerated) | extend Need = ${quoted(name)})`,
  );
  const itemsOf = namesOf('watchlist').map(
    (name) =>
      `    (_GetWatchlist(${quoted(name)}) | where tostring(column_ifexists("Enabled", "")) !~ "false" | summarize SeenCount = count(), LastSeen = max(LastUpdatedTimeUTC) | extend Need = ${quoted(name)})`,
  );
  const none = '    (datatable(SeenCount:long, LastSeen:datetime, Need:string)[])';
  return `${HEAD}
// Which rule looks at what?
let needs = datatable(Kind:string, Need:string, IsEssential:bool, Rules:string)[
${table.join(',\n')}
]
    | mv-expand Rule = split(Rules, " ") to typeof(string)
    | project Rule, Kind, Need, IsEssential;
// Which fields do interactions carry? The first name stands for the interaction itself.
let fields = CopilotEvents(startTime)
    | where isnotnull(MessageCount)
    | extend Text = tolower(tostring(LLMEventData))
    | extend Found = pack_array("interaction"${found.map((line) => `,\n${line}`).join('')})
    | mv-expand Need = Found to typeof(string)
    | where isnotempty(Need)
    | summarize SeenCount = count(), LastSeen = max(EventTime) by Need
    | extend Kind = "field";
// Which tables have rows?
let tables = union isfuzzy=true
${[none, ...rowsOf].join(',\n')}
    | extend Kind = "table";
// Which lists have items that count?
let lists = union
${[none, ...itemsOf].join(',\n')}
    | extend Kind = "watchlist";
let seen = materialize(union fields, tables, lists);
let hasEvents = toscalar(seen | where Kind == "field" and Need == "interaction" | count) > 0;
let verdicts = materialize(
    needs
    | lookup kind=leftouter seen on Kind, Need
    | extend SeenCount = coalesce(SeenCount, 0)
    | extend Verdict = case(SeenCount > 0, "seen", Kind == "watchlist", "empty", Kind == "field" and not(hasEvents), "no events", "never seen")
);
// Is one of what it must see there, and each list that it must have?
let rules = verdicts
    | summarize Lists = countif(Kind == "watchlist" and IsEssential and SeenCount == 0), Evidence = countif(Kind != "watchlist" and IsEssential),
        Seen = countif(Kind != "watchlist" and IsEssential and SeenCount > 0), Waiting = countif(Verdict == "no events"),
        Missing = countif(Kind != "watchlist" and SeenCount == 0) by Rule
    | project Rule, RuleVerdict = case(Lists > 0, "blind", Evidence > 0 and Seen == 0, iff(Waiting > 0, "no events", "blind"), Missing > 0, "partly blind", "sees");
verdicts
| lookup kind=leftouter rules on Rule
| project Rule, Kind, Need, IsEssential, SeenCount, LastSeen, Verdict, RuleVerdict
};
`;
}
