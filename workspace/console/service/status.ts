/** What the console's page is told every two seconds. */
import type { Mode, Status, Step } from '../api.ts';
import type { CollectorProcess } from './collector-process.ts';
import type { RuleService } from './rule-service.ts';
import { tableStatus } from './table-status.ts';

/** A step as whoever does it keeps it; `detail` is asked for each time. */
export interface StepState {
  state: Step['state'];
  detail: () => string;
}

/** Where the parts of a status come from. Written by who starts the console. */
export interface StatusSource {
  readonly mode: Mode;
  readonly title: string;
  readonly rows: string;
  readonly collect: StepState;
  readonly ruleRuns: StepState;
  collector: CollectorProcess | undefined;
  span: Status['span'];
}

const notStarted: Status['collector'] = { state: 'starting', exitCode: null, log: [], metrics: [] };

/** A status in which nothing has begun. */
export const statusSource = (what: Pick<StatusSource, 'mode' | 'title' | 'rows'>): StatusSource => ({
  ...what,
  collect: { state: 'waiting', detail: () => 'waits' },
  ruleRuns: { state: 'waiting', detail: () => 'waits for the records' },
  collector: undefined,
  span: null,
});

/** The status as it is now. */
export function toStatus(source: StatusSource, rules: RuleService): Status {
  const { mode, title, rows, collect, ruleRuns, collector, span } = source;
  return {
    mode,
    title,
    steps: [
      { name: 'collect', state: collect.state, detail: collect.detail() },
      { name: 'rules', state: ruleRuns.state, detail: ruleRuns.detail() },
    ],
    collector: collector?.status() ?? notStarted,
    ...tableStatus(rows),
    rules: rules.status(),
    span,
  };
}
