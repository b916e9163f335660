/** That the runner of the tests inside of rules fails what it should: each case breaks a rule that passes in one place. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bench, checkFile } from './bench.ts';
import type { FileReport } from './check-file.ts';

const within = bench();
const sample = readFileSync(
  fileURLToPath(new URL('../fixtures/rules/defense-evasion-jailbreak-verdict.yaml', import.meta.url)),
  'utf8',
);
const hunt = readFileSync(fileURLToPath(new URL('../fixtures/rules/verdicts-by-person.yaml', import.meta.url)), 'utf8');

const check = (text: string): FileReport => checkFile({ path: 'sample.yaml', name: 'sample', text }, within);
/** The sample with one text replaced by another; it must be there. */
function changed(from: string, to: string): FileReport {
  expect(sample).toContain(from);
  return check(sample.replaceAll(from, to));
}
const failedCases = ({ problems }: FileReport): readonly string[] => [...new Set(problems.map((one) => one.case))];
const textOf = ({ problems }: FileReport): string => problems.map(({ text }) => text).join('\n');
const withTest = (yaml: string): FileReport => check(`${sample}${yaml}`);

const checksOf = ({ problems }: FileReport): readonly unknown[] => [...new Set(problems.map((one) => one.check))];
const TWO = [
  '  - name: tells two people apart',
  '    given:',
  "      - { record: interaction, set: { UserId: 'kim{n}@contoso.example', 'CopilotEventData.Messages[0].JailbreakDetected': true }, times: 2 }",
  '    expect: [{ entities: { Account: kim1@contoso.example } }, { entities: { Account: kim2@contoso.example } }]',
  '',
].join('\n');

describe('a rule that is right', () => {
  it('passes all of its cases, on rows of either table', () => {
    expect(check(sample)).toEqual({
      path: 'sample.yaml',
      passed: 6,
      problems: [],
      warnings: [expect.objectContaining({ check: 'coverage' })],
      parity: { fires: 2, of: 2 },
    });
    expect(withTest(TWO)).toMatchObject({ passed: 7, problems: [], warnings: [] });
  });
});

describe('a rule fails', () => {
  it('when it selects by the time of the event: late rows are missed', () => {
    expect(failedCases(changed('IngestedAt >= ago', 'EventTime >= ago'))).toContain('fires two days late');
  });

  it('when its overlap does not cover the delay of a run: one reading of now() is missed', () => {
    const report = changed('let overlap = 10m', 'let overlap = 0m');
    expect(failedCases(report)).toEqual(['the file', 'fires on a row that came in with the run before']);
    expect(textOf(report)).toMatch(/^now\(\) is five minutes later: expected 1 alerts:/m);
    expect(textOf(report)).not.toContain('now() is the scheduled time');
  });

  it('when it counts rows that are delivered twice', () => {
    const raw = sample.replace('CopilotMessages()', 'CopilotAudit_CL\n  | extend IngestedAt = ingestion_time()');
    expect(check(raw).problems).toEqual([]);
    const perCopy = raw.replace('by ActorName, ActorUserId', 'by IngestedAt, ActorName, ActorUserId');
    expect(failedCases(check(perCopy))).toEqual(['alerts once when delivered twice']);
  });

  it('when a later run opens a second incident for the same facts', () => {
    const report = changed('    enabled: true\n', '    enabled: false\n');
    expect(textOf(report)).toContain('opened a second incident');
    expect(failedCases(report)).toEqual(expect.arrayContaining(['fires on a second message with the verdict']));
  });

  it('when it does not ask what is new: a run after the lookbackDuration opens another incident', () => {
    const report = changed('  | where IngestedAt >= ago(frequency + overlap)\n', '');
    expect(checksOf(report)).toEqual(['lookback']);
    expect(textOf(report)).toContain('a run a frequency after the lookbackDuration (PT5H), with nothing new, opened');
  });

  it('when the incident of one alert swallows another one, but where the case says so', () => {
    const swallow = (yaml: string): FileReport =>
      check(`${sample}${yaml}`.replace('matchingMethod: Selected', 'matchingMethod: AnyAlert'));
    expect(failedCases(swallow(TWO))).toEqual(['tells two people apart']);
    expect(textOf(swallow(TWO))).toContain('2 alerts opened 1 incidents, expected 2: ');
    expect(swallow(`${TWO}    incidents: 1\n`).problems).toEqual([]);
    expect(checksOf(withTest(`${TWO}    incidents: 1\n`))).toEqual(['incidents']);
    const like = '  - { name: tells them apart twice, like: tells two people apart, delivered: twice }\n';
    expect(swallow(`${TWO}    incidents: 1\n${like}`).problems).toEqual([]);
  });

  it('when its period does not reach events that are 45 hours late', () => {
    const report = changed('queryPeriod: 47h', 'queryPeriod: 24h');
    expect(checksOf(report)).toContain('late');
    expect(textOf(report)).toContain('late: 45h: now() is the scheduled time: expected 1 alerts:');
  });

  it.for([
    ['AadUserId', 'ThreadId', 'Account AadUserId = 19:synthetic-thread-01@thread.v2: no GUID'],
    ['AadTenantId', 'AppHost', 'Account AadTenantId = BizChat: no GUID'],
  ] as const)('when the %s of an alert is none', ([identifier, column, says]) => {
    const report = changed(
      '[{ identifier: FullName',
      `[{ identifier: ${identifier}, columnName: ${column} }, { identifier: FullName`,
    );
    expect(checksOf(report)).toEqual(['shape']);
    expect(textOf(report)).toContain(says);
  });

  it('when an address or a link is none, though the case does not ask', () => {
    const silent = sample.replace(', IP: 198.51.100.20 }', ' }');
    const address = check(silent.replace('columnName: SrcIpAddr', 'columnName: AppHost'));
    expect(checksOf(address)).toEqual(['shape']);
    expect(textOf(address)).toContain('IP Address = BizChat: no IP address');
    const link = check(
      silent.replace('entityType: IP,', 'entityType: URL,').replace('identifier: Address', 'identifier: Url'),
    );
    expect(textOf(link)).toContain('URL Url = 198.51.100.20: no URL');
  });

  it("when a case that should be silent fires on rows of Microsoft's table", () => {
    const report = changed('where JailbreakDetected and', 'where (JailbreakDetected or not(IsOurs)) and');
    expect(report.problems).toEqual([
      expect.objectContaining({ case: 'is silent on a message without', check: 'microsoft' }),
    ]);
  });

  it('when it alerts where it should not, and says expected, got and the rows of the query', () => {
    const report = changed('| where tolower(ActorName) !in (redTeam)', '');
    expect(failedCases(report)).toEqual(['is silent on a red-teamer']);
    expect(textOf(report)).toMatch(/expected 0 alerts:\ngot 1:\n {2}- \{"name":"Jailbreak verdict: leo\.stone4@/);
    expect(textOf(report)).toMatch(/the query's rows, 1:\n {2}- ActorName=leo\.stone4@contoso\.example, /);
  });

  it('when an alert is without what is expected of it', () => {
    expect(textOf(changed('IP: 198.51.100.20 }', 'IP: 198.51.100.21 }'))).toContain('expected 1 alerts:');
    expect(failedCases(changed('ThreadId: 19:synthetic-thread-01@thread.v2', 'ThreadId: other'))).not.toEqual([]);
    expect(failedCases(changed("name: 'Jailbreak verdict: leo", "name: 'Jailbreak verdict: lea"))).not.toEqual([]);
  });

  it('when what is decisive is not, or is not there', () => {
    expect(
      textOf(changed("decisive: ['CopilotEventData.Messages[1].JailbreakDetected']", 'decisive: [ClientRegion]')),
    ).toContain('decisive: ClientRegion is taken away, and the rule still fires:');
    expect(
      textOf(changed("decisive: ['CopilotEventData.Messages[1].JailbreakDetected']", 'decisive: [Nothing]')),
    ).toContain('decisive: Nothing: the case has no such field or row');
  });

  it('only in a warning, when what is decisive would silence any rule', () => {
    const report = changed(
      "decisive: ['CopilotEventData.Messages[1].JailbreakDetected']",
      "decisive: ['record:interaction']",
    );
    expect(report.problems).toEqual([]);
    expect(report.warnings.map((one) => one.check)).toEqual(['vacuous', 'coverage', 'vacuous']);
  });

  it('when it does not bind without the tables of other products', () => {
    const report = changed(
      '| where tolower(ActorName) !in (redTeam)',
      '| where ActorName !in ((SigninLogs | project Identity))',
    );
    expect(textOf(report)).toMatch(/^without the tables of other products the query does not bind, .*KS\d+/);
    const optional =
      '| where ActorName !in ((union isfuzzy=true (print Identity = ""), (SigninLogs | project Identity) | project Identity))';
    expect(failedCases(changed('| where tolower(ActorName) !in (redTeam)', optional))).toEqual([
      'is silent on a red-teamer',
    ]);
  });

  it('when its file cannot be read, or lacks a case', () => {
    expect(textOf(changed('severity: High', 'severity: Top'))).toContain('sample.yaml:5: severity: ');
    expect(textOf(changed('delivered: twice', 'late: 3d'))).toContain('no case that is delivered twice');
    expect(textOf(changed('CopilotMessages()', 'CopilotMassages()'))).toContain('the query does not bind: ');
  });
});

describe('a case', () => {
  it.for([
    ['given: [{ record: nothing }], expect: []', 'record: nothing: bases.yaml has interaction, '],
    ['given: [{ row: Nothing }], expect: []', 'no table named Nothing'],
    ['like: none of these', 'there is no case named "none of these"'],
    ["given: [{ record: interaction, set: { 'UserId.x': 1 } }], expect: []", 'UserId.x: UserId holds no fields'],
    ['given: [{ record: interaction, set: { CreationTime: soon } }], expect: []', 'record: CreationTime'],
  ] as const)('that is written wrong is told: %s', ([yaml, says]) => {
    expect(textOf(withTest(`  - { name: x, ${yaml} }\n`))).toContain(says);
  });

  it('takes rows, watchlists and clock of another one, and adds its own', () => {
    const report = withTest(
      [
        '  - name: a second person, at night',
        '    like: fires on a second message with the verdict',
        '    now: 2026-09-06T03:00:00Z',
        "    given: [{ record: interaction, set: { UserId: 'kim{n}@contoso.example', 'CopilotEventData.Messages[0].JailbreakDetected': true }, times: 2, every: 30s }]",
        '    expect:',
        '      - { entities: { Account: leo.stone4@contoso.example } }',
        '      - { entities: { Account: kim1@contoso.example } }',
        '      - { entities: { Account: kim2@contoso.example } }',
        '',
      ].join('\n'),
    );
    expect(report).toMatchObject({ passed: 7, problems: [] });
  });
});

describe('a hunt', () => {
  it('passes where its rows are those expected', () => expect(check(hunt)).toMatchObject({ passed: 2, problems: [] }));

  it('fails where they are not, and where what is decisive is not', () => {
    expect(textOf(check(hunt.replace('Verdicts: 2', 'Verdicts: 3')))).toContain('expected 1 rows:\n  - {"ActorName"');
    expect(textOf(check(hunt.replace('decisive: [', 'decisive: [ClientRegion, ')))).toContain('the hunt still finds:');
    expect(textOf(check(hunt.replace(/tests:[^]*/, '')))).toContain('no tests: ');
  });
});
