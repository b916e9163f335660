/** Alerts as rows, read back by the engine as a query would. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRuleFile, toRule } from '../../../../kql/content/read-rules.ts';
import { logAnalyticsTables } from '../../../../kql/tables/log-analytics.ts';
import { securityAlerts, toSecurityAlert } from '../../../../workspace/console/service/security-alerts.ts';
import { openRule, shippedRuleFiles } from '../../../../workspace/rules/read-pack.ts';
import { ruleWorkspace, sparseEngine } from '../../../../workspace/rules/rule-workspace.ts';
import { at, ruleFile, sampleAlert } from './samples.ts';

const rows = mkdtempSync(join(tmpdir(), 'security-alerts-'));
afterAll(() => rmSync(rows, { recursive: true }));

const outcome = readRuleFile(ruleFile('sample', { tactics: ['Collection'], relevantTechniques: ['T1213.002'] }));
if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
const rule = toRule(outcome.parsed.value, 'sample');

describe('an alert as a row of SecurityAlert', () => {
  it('has columns of the table only', () => {
    const columns = logAnalyticsTables.find(({ name }) => name === 'SecurityAlert')?.columns.map(({ name }) => name);
    expect(Object.keys(toSecurityAlert(sampleAlert(), rule)).filter((name) => !columns?.includes(name))).toEqual([]);
  });

  it('is one alert however often it is written, and another one is another', () => {
    const idOf = (minute: number): unknown => toSecurityAlert(sampleAlert({ minute }), rule)['SystemAlertId'];
    expect(idOf(0)).toBe(idOf(0));
    expect(idOf(0)).not.toBe(idOf(1));
  });

  it('is found by its time, its person and the records that it names', () => {
    securityAlerts(rows)(rule, [sampleAlert(), sampleAlert({ user: 'lea@contoso.example', minute: 24 * 60 })]);
    const { engine, tables } = ruleWorkspace(rows);
    const query = engine.prepare(`
      SecurityAlert
      | extend Entity = todynamic(Entities)[0], Properties = todynamic(ExtendedProperties)
      | project TimeGenerated, Person = strcat(Entity.Name, '@', Entity.UPNSuffix), Type = tostring(Entity.Type), AlertSeverity,
          Records = tostring(todynamic(tostring(Properties['Custom Details'])).RecordIds), Received = ingestion_time() == TimeGenerated,
          Techniques, CompromisedEntity
      | order by TimeGenerated asc`);
    const answer = query.run({ now: at(0), tables });
    expect(JSON.parse(JSON.stringify(answer.rows.map((row) => row.slice(1))))).toEqual([
      ['kim@contoso.example', 'account', 'Medium', '["r1","r2"]', true, '["T1213"]', ''],
      ['lea@contoso.example', 'account', 'Medium', '["r1","r2"]', true, '["T1213"]', ''],
    ]);
  });
});

describe('the shipped rules', () => {
  it('all open where the tables of other products are missing', () => {
    const bare = sparseEngine([]);
    const ofOthers = shippedRuleFiles().filter(({ text }) => text.includes('isfuzzy'));
    const refused = ofOthers.flatMap((file) => {
      const opened = openRule(file, bare);
      return opened.ok ? [] : [`${file.name}: ${opened.failure.reason}`];
    });
    expect(refused).toEqual([]);
  });
});
