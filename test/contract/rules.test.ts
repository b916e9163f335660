/** What a rule's file must not be: each is refused with file, line and remedy, by the check, the runner and the deployment. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { problemText } from '../../kql/content/content-file.ts';
import { readRuleFile } from '../../kql/content/read-rules.ts';
import { ruleProblems } from '../../kql/check/rule-problems.ts';
import { schemas } from '../../kql/check/schemas.ts';
import { readFunctions } from '../../kql/functions.ts';
import { openRule } from '../../workspace/rules/read-pack.ts';
import { shippedFunctions, workspaceEngine } from '../../workspace/workspace.ts';

const path = fileURLToPath(new URL('../fixtures/rules/defense-evasion-jailbreak-verdict.yaml', import.meta.url));
const sample = readFileSync(path, 'utf8');
const functions = readFunctions(shippedFunctions);
const { language } = schemas(functions);
const engine = workspaceEngine(functions);
const fileOf = (text: string) => ({ path: 'r.yaml', name: 'r', text });
const problemsOf = (text: string): readonly string[] => ruleProblems(fileOf(text), language.analyze).map(problemText);
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

interface Wrong {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** What the line of the problem holds. */
  readonly at: string;
  readonly says: string;
}

const shapes: readonly Wrong[] = [
  {
    what: 'a wrong field',
    from: 'eventGroupingSettings:',
    to: 'eventGroupingSetings:',
    at: 'eventGroupingSetings',
    says: 'Unrecognized key: "eventGroupingSetings"',
  },
  { what: 'an unknown severity', from: 'severity: High', to: 'severity: Top', at: 'severity: Top', says: 'severity: ' },
  {
    what: 'an unknown technique',
    from: '[T1562]',
    to: '[T1562, T1999]',
    at: 'relevantTechniques',
    says: 'T1999: ATT&CK 18 has no such technique',
  },
  {
    what: 'a technique of no tactic',
    from: '[T1562]',
    to: '[T1562, T1485]',
    at: 'relevantTechniques',
    says: 'T1485 serves Impact: name one of them in tactics',
  },
  {
    what: 'a tactic without a technique',
    from: '[DefenseEvasion]',
    to: '[DefenseEvasion, Impact]',
    at: 'tactics',
    says: 'Impact: no technique of it is named',
  },
  {
    what: 'an id that version 19 replaced',
    from: 'attack-v19:T1685',
    to: 'attack-v19:T1562.008',
    at: 'tags',
    says: 'version 19 has T1685.002 instead',
  },
  {
    what: 'an id that ATLAS has not',
    from: 'AML.T0054',
    to: 'AML.T0954',
    at: 'tags',
    says: 'atlas:AML.T0954: no such id',
  },
  {
    what: 'a period of two days with a frequency under an hour',
    from: 'queryPeriod: 47h',
    to: 'queryPeriod: 2d',
    at: 'queryFrequency',
    says: 'from 2d on a rule runs hourly at most',
  },
  {
    what: 'a case that is no case',
    from: 'expect: []',
    to: 'expects: []',
    at: 'expects',
    says: 'Unrecognized key: "expects"',
  },
  { what: 'no YAML', from: 'name: Jailbreak', to: 'name: [Jailbreak', at: 'description:', says: 'no YAML: ' },
];

const meanings: readonly Wrong[] = [
  {
    what: 'an entity column that the query does not return',
    from: 'columnName: SrcIpAddr',
    to: 'columnName: Address',
    at: 'columnName: Address',
    says: 'Address: the query returns no such column; it returns ActorName, ',
  },
  {
    what: 'an identifier that the entity has not',
    from: 'identifier: FullName',
    to: 'identifier: Upn',
    at: 'identifier: Upn',
    says: 'Upn: Account has no such identifier',
  },
  {
    what: 'an entity of a list',
    from: 'columnName: SrcIpAddr',
    to: 'columnName: RecordIds',
    at: 'columnName: RecordIds',
    says: 'RecordIds is dynamic',
  },
  {
    what: 'a custom detail that the query does not return',
    from: 'RecordIds: RecordIds',
    to: 'RecordIds: Records',
    at: 'customDetails',
    says: 'Records: the query returns no such column',
  },
  {
    what: 'a title with a column that the query does not return',
    from: '{{ActorName}}',
    to: '{{User}}',
    at: 'alertDetailsOverride',
    says: 'User: the query returns no such column',
  },
  {
    what: 'grouping by an entity that is not mapped',
    from: 'groupByEntities: [Account]',
    to: 'groupByEntities: [File]',
    at: 'groupByEntities',
    says: 'File: entityMappings has none of it',
  },
  {
    what: 'grouping by a detail that is none',
    from: 'groupByCustomDetails: [ThreadId]',
    to: 'groupByCustomDetails: [Thread]',
    at: 'groupByCustomDetails',
    says: 'Thread: customDetails has no such key',
  },
  {
    what: 'a look-back beyond the period',
    from: 'CopilotMessages()',
    to: 'CopilotMessages(ago(14d))',
    at: 'CopilotMessages(',
    says: "looks back 14d, the rule's period is 47h: ",
  },
  {
    what: 'a look-back of lets',
    from: 'ago(frequency + overlap)',
    to: 'ago(2 * (frequency + 1d) - overlap)',
    at: '| where IngestedAt',
    says: 'looks back 2900m, ',
  },
  {
    what: "another frequency than the rule's",
    from: 'let frequency = 15m',
    to: 'let frequency = 1h',
    at: 'let frequency',
    says: 'frequency is 1h, queryFrequency 15m',
  },
  {
    what: 'an overlap that a late run uses up',
    from: 'let overlap = 10m',
    to: 'let overlap = 9m',
    at: 'let overlap',
    says: 'overlap is 9m: a run that starts late misses rows; make it 10m or more',
  },
  {
    what: 'no overlap',
    from: 'ago(frequency + overlap)',
    to: 'ago(frequency)',
    at: '| where IngestedAt',
    says: 'takes rows of 15m: ',
  },
  {
    what: 'a period that late events do not fit in',
    from: 'queryPeriod: 47h',
    to: 'queryPeriod: 46h',
    at: 'CopilotMessages(',
    says: 'reads events over 46h: they keep their own time until they are 46 h late; make queryPeriod 2775m or more',
  },
];

const replaced = ({ from, to }: Wrong): string => {
  expect(sample).toContain(from);
  return sample.replace(from, to);
};

describe('a rule that is right', () => {
  it('has no problem', () => {
    expect(problemsOf(sample)).toEqual([]);
    expect(openRule(fileOf(sample), engine).ok).toBe(true);
  });

  it('may compare with times that no period cuts', () => {
    const first = '| extend FirstSeenTime = EventTime\n  | where FirstSeenTime > ago(30d)\n  | where JailbreakDetected';
    expect(problemsOf(sample.replace('| where JailbreakDetected', first))).toEqual([]);
  });
});

describe('a rule is refused', () => {
  it.each([...shapes, ...meanings])('with file, line and remedy for $what', (wrong) => {
    const text = replaced(wrong);
    const [problem = ''] = problemsOf(text);
    expect(problem).toContain(wrong.says);
    expect(problem).toMatch(new RegExp(`^r\\.yaml:${lineOf(text, wrong.at)}: `));
  });

  it.each(shapes)('by the deployment, too, for $what', (wrong) =>
    expect(readRuleFile(fileOf(replaced(wrong))).ok).toBe(false),
  );

  it.each([...shapes, ...meanings])('by the runner, too, for $what', (wrong) => {
    const opened = openRule(fileOf(replaced(wrong)), engine);
    expect(opened).toMatchObject({
      ok: false,
      failure: { rule: 'r', reason: expect.stringContaining(wrong.says) as unknown },
    });
  });

  it.each([
    ['no case that fires: ', /expect:\n {6}- entities[^]*?decisive[^\n]*/, 'expect: []'],
    ['no case that is silent: ', /expect: \[\]/g, 'expect: [{}]'],
    ['no case that comes late: ', 'late: 2d', 'delivered: twice'],
    ['no case that is delivered twice: ', 'delivered: twice', 'late: 2d'],
    ['no firing case with `decisive`: ', /decisive: \[.*\]/, 'decisive: []'],
  ] as const)('with what to write for want of tests: %s', (says, from, to) => {
    const text = sample.replace(/ {2}- name: fires on a row that came in[^]*/, '').replace(from, to);
    expect(text).not.toContain(from);
    expect(problemsOf(text)).toContainEqual(
      expect.stringContaining(`r.yaml:${lineOf(text, 'tests:')}: tests: ${says}`),
    );
  });
});
