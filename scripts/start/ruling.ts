/** The second step of a console: rules run over what came in, and of a tenant that goes on, on their schedule. */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mode } from '../../workspace/console/api.ts';
import { alertFile } from '../../workspace/console/service/alert-file.ts';
import { eventSpan } from '../../workspace/console/service/export-span.ts';
import { importPlan } from '../../workspace/console/service/import-slices.ts';
import { ruleService, type RuleService } from '../../workspace/console/service/rule-service.ts';
import { runFile } from '../../workspace/console/service/run-file.ts';
import { securityAlerts } from '../../workspace/console/service/security-alerts.ts';
import type { StatusSource } from '../../workspace/console/service/status.ts';
import { tableStatus } from '../../workspace/console/service/table-status.ts';
import type { Slices } from '../../workspace/rules/as-collected.ts';
import { shippedRuleFiles } from '../../workspace/rules/read-pack.ts';
import { runTasks } from '../../workspace/rules/threads.ts';
import type { Places } from './places.ts';
import { number } from './summary-table.ts';

// A core is left to the page and its queries.
const threads = Math.max(1, Math.min(4, availableParallelism() - 1));
const LOOK_EVERY_MS = 30_000;
const DAY_MS = 86_400_000;

/** The rules of a console. */
export interface Ruling {
  readonly rules: RuleService;
  /** The first runs. What stops them is told, and stands in the status. */
  readonly first: () => Promise<void>;
  /** Later runs, until the signal; the first ones again where they were stopped. */
  readonly goOn: () => Promise<void>;
}

/** Prepares the rules. @throws Error naming what is kept from earlier starts and cannot be read */
export function ruling(mode: Mode, places: Places, source: StatusSource, signal: AbortSignal): Ruling {
  let slices: Slices | undefined;
  const rules = ruleService({
    files: shippedRuleFiles(),
    run: async (tasks, done) => {
      const data = { directory: places.rows, ...(slices === undefined ? {} : { slices }) };
      await runTasks(tasks, data, { threads: Math.min(threads, tasks.length), done, signal });
      signal.throwIfAborted();
    },
    tables: () => new Set(tableStatus(places.rows).tables.map(({ name }) => name)),
    raised: securityAlerts(places.rows),
    ...(mode === 'tenant' ? { kept: { alerts: alertFile(places.alerts), runs: runFile(places.runs) } } : {}),
  });
  const { ruleRuns } = source;
  const counts = (): string => {
    const { done, total } = rules.status();
    return `${number(done)} of ${number(total)} ${mode === 'import' ? 'runs' : 'rules'}`;
  };

  const runFirst = async (): Promise<void> => {
    if (mode !== 'import') return rules.start(new Date());
    const span = eventSpan(places.rows, Date.now() + DAY_MS);
    const plan = span === undefined ? undefined : importPlan(span);
    slices = plan?.slices;
    if (span !== undefined && plan !== undefined)
      source.span = { from: new Date(span.fromMs).toISOString(), to: new Date(plan.slices.endMs).toISOString() };
    return rules.runAt(plan?.times ?? [], plan?.remark ?? 'The files hold no event of Copilot: no rule ran.');
  };

  const told = async (run: () => Promise<void>): Promise<void> => {
    try {
      await run();
      ruleRuns.state = 'done';
      ruleRuns.detail = counts;
    } catch (error) {
      if (signal.aborted) return;
      const reason = `Rules could not run: ${error instanceof Error ? error.message : String(error)}`;
      // Every half minute the same.
      if (ruleRuns.state !== 'failed' || ruleRuns.detail() !== reason) console.error(reason);
      ruleRuns.state = 'failed';
      ruleRuns.detail = () => reason;
    }
  };

  const first = async (): Promise<void> => {
    ruleRuns.state = 'running';
    ruleRuns.detail = counts;
    await told(runFirst);
  };

  const goOn = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await told(() => (rules.hasRun() ? rules.runDue(new Date()) : rules.start(new Date())));
    }
  };

  return { rules, first, goOn };
}
