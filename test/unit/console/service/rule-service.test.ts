import { describe, expect, it } from 'vitest';
import type { ContentFile } from '../../../../kql/content/content-file.ts';
import type { Alert } from '../../../../workspace/rules/alert.ts';
import type { FileEvaluation } from '../../../../workspace/rules/evaluate-file.ts';
import {
  ruleService,
  type RuleService,
  type RuleServiceOptions,
  type RunTasks,
} from '../../../../workspace/console/service/rule-service.ts';
import { at, ruleFile, sampleAlert, taskText } from './samples.ts';

type Kept = NonNullable<RuleServiceOptions['kept']>;
interface Stage {
  readonly service: RuleService;
  /** Tasks of each batch. */
  readonly ran: readonly (readonly string[])[];
}

/** A service whose rules raise what `answer` says. */
function stage(
  files: readonly ContentFile[],
  answer: (task: string) => Partial<FileEvaluation> = () => ({}),
  kept?: Kept,
): Stage {
  const ran: string[][] = [];
  const run: RunTasks = async (tasks, done) => {
    ran.push(tasks.map(taskText));
    for (const task of tasks) {
      await Promise.resolve();
      done({ alerts: [], ...answer(taskText(task)) }, task);
    }
  };
  const service = ruleService({ files, run, tables: () => new Set(['CopilotHealth_CL']), ...(kept && { kept }) });
  return { service, ran };
}

const two = [ruleFile('sample'), ruleFile('severe', { severity: 'High', queryFrequency: '1h' })];

function memory(first: readonly Alert[] = []): Kept & { readonly all: () => readonly Alert[] } {
  const held = [...first];
  let ran: ReadonlyMap<string, number> = new Map();
  return {
    alerts: { read: () => [...held], append: (alerts) => void held.push(...alerts) },
    runs: { read: () => ran, write: (next) => (ran = new Map(next)) },
    all: () => held,
  };
}

describe('rules of a console', () => {
  it('run once each, the severest first, and tell how far they are', async () => {
    const seen: string[] = [];
    const { service, ran } = stage(two, () => {
      const { done, total } = service.status();
      seen.push(`${done} of ${total}`);
      return {};
    });
    expect(service.status()).toMatchObject({ evaluatedUpTo: null, done: 0, total: 2 });
    await service.runAt([at(7)]);
    expect(ran).toEqual([['severe 12:07', 'sample 12:07']]);
    expect(seen).toEqual(['0 of 2', '1 of 2']);
    expect(service.status()).toMatchObject({ evaluatedUpTo: at(7).toISOString(), done: 2, total: 2, remark: null });
  });

  it('then run a frequency after their last run, five minutes late, each time once', async () => {
    const { service, ran } = stage(two);
    await service.runDue(at(6));
    await service.start(at(7));
    const when = new Map<number, readonly string[]>();
    for (const minute of [8, 20, 26, 27, 28, 42, 73]) {
      const before = ran.length;
      await service.runDue(at(minute));
      if (ran.length > before) when.set(minute, ran.at(-1) ?? []);
    }
    expect([...when]).toEqual([
      [27, ['sample 12:22']],
      [42, ['sample 12:37']],
      [73, ['severe 13:07', 'sample 12:52 13:07']],
    ]);
    expect(service.status()).toMatchObject({ evaluatedUpTo: at(67).toISOString(), done: 2, total: 2 });
  });

  it('make up for the first run that a sleep has cut off, and for the latest eleven', async () => {
    const { service, ran } = stage([ruleFile('sample')]);
    await service.start(at(0));
    await service.runDue(at(24 * 60 + 5));
    expect(ran[1]).toEqual(['sample 12:15 09:30 09:45 10:00 10:15 10:30 10:45 11:00 11:15 11:30 11:45 12:00']);
  });

  it('go on after a restart where they were: none is repeated, and the first that was missed is made up for', async () => {
    const kept = memory();
    await stage(two, () => ({}), kept).service.start(at(0));
    const soon = stage(two, () => ({}), kept);
    expect(soon.service.status().evaluatedUpTo).toBe(at(0).toISOString());
    await soon.service.start(at(3));
    expect(soon.ran).toEqual([]);
    expect(soon.service.status()).toMatchObject({ done: 2, total: 2 });
    await soon.service.runDue(at(20));
    expect(soon.ran).toEqual([['sample 12:15']]);
    const late = stage(two, () => ({}), kept);
    await late.service.start(at(90));
    expect(late.ran).toEqual([['severe 13:00', 'sample 12:30 13:30']]);
    await late.service.runDue(at(110));
    expect(late.ran[1]).toEqual(['sample 13:45']);
  });

  it('do not wait for the time that a wrong clock has told', async () => {
    const { service, ran } = stage([ruleFile('sample')]);
    await service.start(at(24 * 60));
    await service.runDue(at(0));
    await service.runDue(at(20));
    expect(ran[1]).toEqual(['sample 12:15']);
  });

  it('rest after an alert as long as they are told to, over runs and over restarts', async () => {
    const files = [ruleFile('sample', { suppressionEnabled: true, suppressionDuration: '1h' })];
    const kept = memory();
    const first = stage(files, () => ({ alerts: [sampleAlert()] }), kept);
    await first.service.start(at(0));
    await first.service.runDue(at(50));
    expect(first.ran).toHaveLength(1);
    const second = stage(files, () => ({}), kept);
    await second.service.start(at(30));
    expect(second.ran).toEqual([]);
    await first.service.runDue(at(81));
    expect(first.ran[1]).toEqual(['sample 13:00 13:15']);
  });

  it('tell the alerts that they raise, and those of earlier starts no more', async () => {
    const told: string[] = [];
    const kept = memory([sampleAlert({ minute: -60 })]);
    const service = ruleService({
      files: two,
      run: (tasks, done) => {
        for (const task of tasks) done({ alerts: taskText(task).startsWith('sample') ? [sampleAlert()] : [] }, task);
        return Promise.resolve();
      },
      tables: () => new Set(),
      kept,
      raised: (rule, alerts) => void told.push(...alerts.map(({ time }) => `${rule.file} ${time.toISOString()}`)),
    });
    await service.start(at(0));
    expect(told).toEqual([`sample ${at(0).toISOString()}`]);
    expect(kept.all()).toHaveLength(2);
  });

  it('that were stopped are run by the next start, those that had ended are not', async () => {
    const ran: string[][] = [];
    let isBroken = true;
    const service = ruleService({
      files: two,
      run: (tasks, done) => {
        ran.push(tasks.map(taskText));
        for (const task of tasks.slice(0, isBroken ? 1 : 2)) done({ alerts: [] }, task);
        return isBroken ? Promise.reject(new Error('no space left')) : Promise.resolve();
      },
      tables: () => new Set(),
    });
    await expect(service.start(at(0))).rejects.toThrow('no space left');
    expect(service.hasRun()).toBe(false);
    isBroken = false;
    await service.start(at(1));
    expect(ran).toEqual([['severe 12:00', 'sample 12:00'], ['sample 12:01']]);
    expect(service.hasRun()).toBe(true);
  });

  it('do not run twice at a time', async () => {
    let again: Promise<void> | undefined;
    const { service, ran } = stage(two, (task) => {
      if (!task.endsWith('12:00')) again ??= service.runDue(at(600));
      return {};
    });
    await service.runAt([at(0)]);
    await service.runDue(at(66));
    await again;
    expect(ran).toHaveLength(2);
  });
});

describe('incidents of a console', () => {
  it('group alerts of later runs, and say what their rule says', async () => {
    const { service } = stage(two, (task) =>
      task.startsWith('sample') ? { alerts: [sampleAlert({ minute: task.endsWith('12:00') ? 0 : 15 })] } : {},
    );
    await service.runAt([at(0)]);
    const [before] = service.incidents();
    await service.runDue(at(20));
    expect(service.incidents()).toMatchObject([
      {
        id: 'sample.1',
        title: 'Many failures',
        severity: 'Medium',
        createdTime: at(0).toISOString(),
        lastAlertTime: at(15).toISOString(),
        alertCount: 2,
        tactics: ['Collection'],
        entities: [{ type: 'Account', identifiers: { FullName: 'kim@contoso.example' } }],
        catalogue: 'L9',
        query: 'CopilotHealth_CL | project Source, ItemId',
        description: 'Failures of a source.',
        alerts: [{ recordIds: ['r1', 'r2'], rowCount: 2 }, { time: at(15).toISOString() }],
      },
    ]);
    expect(before?.alertCount).toBe(1);
    expect(service.status().incidents).toEqual({ High: 0, Medium: 1, Low: 0, Informational: 0 });
  });

  it('keep their ids while others come, the newest first and of one time the severest', async () => {
    const people = ['kim', 'lea', 'mia'].map((name) => `${name}@contoso.example`);
    const { service } = stage(two, (task) => ({
      alerts: task.startsWith('severe')
        ? [{ ...sampleAlert({ rule: 'severe' }), severity: 'High' }]
        : people
            .slice(0, task.endsWith('12:00') ? 2 : 3)
            .map((user) => sampleAlert({ user, minute: task.endsWith('12:00') ? 0 : 400 })),
    }));
    await service.runAt([at(0)]);
    expect(service.incidents().map(({ id }) => id)).toEqual(['severe.1', 'sample.1', 'sample.2']);
    await service.runAt([at(400)]);
    expect(service.incidents().map(({ id, lastAlertTime }) => `${id} ${lastAlertTime.slice(11, 16)}`)).toEqual([
      'sample.3 18:40',
      'sample.4 18:40',
      'sample.5 18:40',
      'severe.1 12:00',
      'sample.1 12:00',
      'sample.2 12:00',
    ]);
  });

  it('are there again after a restart, and alerts of a rule that is gone are passed over', async () => {
    const kept = memory();
    const first = stage(two, (task) => (task.startsWith('sample') ? { alerts: [sampleAlert()] } : {}), kept);
    await first.service.runAt([at(0)]);
    const second = stage(two, () => ({}), memory([...kept.all(), sampleAlert({ rule: 'gone' })]));
    expect(second.service.incidents()).toEqual(first.service.incidents());
    expect(second.service.incidents()).toHaveLength(1);
  });
});

describe('a rule that cannot run', () => {
  it('is named with the reason until it can, and stops no other', async () => {
    let isBroken = true;
    const { service } = stage([...two, ruleFile('unread', { severity: 'Great' })], (task) =>
      task.startsWith('severe') && isBroken ? { failure: { rule: 'severe', reason: 'line 1: no such column' } } : {},
    );
    await service.runAt([at(0)]);
    const unread = { rule: 'unread', reason: expect.stringContaining('severity') as unknown };
    expect(service.status()).toMatchObject({
      done: 2,
      failures: [unread, { rule: 'severe', reason: 'line 1: no such column' }],
    });
    isBroken = false;
    await service.runDue(at(66));
    expect(service.status().failures).toEqual([unread]);
  });

  it('says which table it needs and has not, and when it needs the places of addresses', async () => {
    const reason = (task: string): string =>
      task.startsWith('severe')
        ? 'line 2: unsupported: geo_info_from_ip_address without the option `networks` is not supported'
        : 'X is dynamic';
    const connectors = { requiredDataConnectors: [{ connectorId: 'C', dataTypes: ['CopilotAudit_CL', 'SigninLogs'] }] };
    const { service } = stage([ruleFile('sample', connectors), ruleFile('severe', { severity: 'High' })], (task) => ({
      failure: { rule: 'x', reason: reason(task) },
    }));
    await service.runAt([at(0)]);
    expect(service.status().failures).toEqual([
      {
        rule: 'severe',
        reason: expect.stringMatching(/^needs to know where addresses are: .*networks\.json/) as unknown,
      },
      { rule: 'sample', reason: 'needs SigninLogs, of which there are no rows here (X is dynamic)' },
    ]);
  });

  it('leaves the runs after a workspace that could not be opened', async () => {
    const outcomes = [Promise.reject(new Error('networks.json: no JSON')), Promise.resolve()];
    const service = ruleService({
      files: two,
      run: () => outcomes.shift() ?? Promise.resolve(),
      tables: () => new Set(),
    });
    await expect(service.runAt([at(0)])).rejects.toThrow('networks.json');
    await service.runAt([at(1)]);
    expect(service.status().evaluatedUpTo).toBe(at(1).toISOString());
  });
});
