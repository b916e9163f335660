/** The second step of a console: rules run over what came in, and of a tenant that goes on, on their schedule. */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mode } from '../../workspace/console/api.ts';
import { alertFile } from '../../workspace/console/service/alert-file.ts';
import { eventSpan } from '../../workspace/console/service/export-span.ts';
import { importPlan } from '../../workspace/console/service/import-slices.ts';
import { ruleService, type RuleService } from '../../workspace/console/service/rule-service.ts';
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

/** The rules of a console. */
export interface Ruling {
  readonly rules: RuleService;
  /** The first runs. @throws Error naming a watchlist or file that cannot be read */
  readonly first: () => Promise<void>;
  /** Later runs, until the signal; failures are told and do not end it. */
  readonly goOn: () => Promise<void>;
}

/** Prepares the rules. @throws Error naming a line of the kept alerts that is none */
export function ruling(mode: Mode, places: Places, source: StatusSource, signal: AbortSignal): Ruling {
  let slices: Slices | undefined;
  const rules = ruleService({
    files: shippedRuleFiles(),
    run: async (tasks, done) => {
      const data = { directory: places.rows, ...(slices === undefined ? {} : { slices }) };
      await runTasks(tasks, data, { threads, done, signal });
      signal.throwIfAborted();
    },
    tables: () => new Set(tableStatus(places.rows).tables.map(({ name }) => name)),
    ...(mode === 'tenant' ? { kept: alertFile(places.alerts) } : {}),
  });
  const { ruleRuns } = source;

  const first = async (): Promise<void> => {
    ruleRuns.state = 'running';
    const counts = (): string => {
      const { done, total } = rules.status();
      return `${number(done)} of ${number(total)} ${mode === 'import' ? 'runs' : 'rules'}`;
    };
    ruleRuns.detail = counts;
    if (mode !== 'import') await rules.runAt([new Date()]);
    else {
      const span = eventSpan(places.rows);
      const plan = span === undefined ? undefined : importPlan(span);
      slices = plan?.slices;
      if (span !== undefined && plan !== undefined)
        source.span = { from: new Date(span.fromMs).toISOString(), to: new Date(plan.slices.endMs).toISOString() };
      await rules.runAt(plan?.times ?? [], plan?.remark ?? 'The files hold no event of Copilot: no rule ran.');
    }
    ruleRuns.state = 'done';
  };

  const goOn = async (): Promise<void> => {
    while (!signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await rules.runDue(new Date()).catch((error: unknown) => {
        if (!signal.aborted)
          console.error(`Rules could not run: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  };

  return { rules, first, goOn };
}
