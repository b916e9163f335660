/** Makes queries: when one may be made, for which window, and none a second time because an answer was lost. */
import type { Batch, Position } from '../../contracts.ts';
import type { Asked, AuditQueryApi } from './api.ts';
import { toSourceError } from './find-version.ts';
import { queryNames, RETRY_MS, STRIKES } from './options.ts';
import { maySubmitAt, type OpenWindow, type Query, replaced, submitted, toPlace } from './place.ts';
import { nextWindow, type Task } from './plan.ts';
import type { Polls } from './polls.ts';
import { listed, type Standing } from './standing.ts';
import { idOf } from './windows.ts';

/** Submissions of one pass. */
export interface Submissions {
  /** Makes queries for windows that have none, as many as may run and be submitted now. */
  readonly submitDue: () => AsyncGenerator<Batch, void>;
  /** When the next query may be made; undefined when no window wants one, or too many run. */
  readonly nextMs: () => number | undefined;
}

/** What a pass submits with. */
export interface SubmissionOptions {
  readonly api: AuditQueryApi;
  readonly name: string;
  readonly version: Query['version'];
  readonly standing: Standing;
  readonly task: Task;
  readonly schedule: Polls;
  readonly maxRunning: number;
  readonly submissionsPerDay: number;
  readonly newTag: () => string;
  readonly now: () => number;
}

/** Submissions of one pass, none so far. */
export function submissions(options: SubmissionOptions, position: Position, signal: AbortSignal): Submissions {
  const { api, name, version, standing, task, schedule, maxRunning, submissionsPerDay, now } = options;
  // While this source runs, no other one does: what they submitted stands.
  const others = Object.values(queryNames)
    .filter((one) => one !== name)
    .flatMap((one) => toPlace(position.cursorOf(one)).submittedMs);
  let blockedUntilMs = 0;
  let refusals = 0;

  const running = (): number => standing.at.open.filter(({ query }) => query !== null).length;
  const wanted = (): OpenWindow | undefined => standing.at.open.find(({ query }) => query === null);
  const budgetMs = (): number => maySubmitAt([...others, ...standing.at.submittedMs], submissionsPerDay, now());
  const nameOf = (window: OpenWindow): string =>
    `copilot-sentinel ${standing.at.tag} ${idOf(window)} ${window.failures + 1}`;
  // A pass that ended between a query and its id, or an answer that was lost: the query may be there.
  const doubtful = new Set(standing.at.open.filter(({ query }) => query === null).map(nameOf));

  async function make(window: OpenWindow): Promise<Asked<string>> {
    const queryName = nameOf(window);
    if (doubtful.has(queryName)) {
      const found = await api.find(version, queryName, signal);
      if (!found.ok) return found;
      doubtful.delete(queryName);
      if (found.value !== undefined) return { ok: true, value: found.value };
    }
    const made = await api.create(version, { name: queryName, window, operations: position.operations }, signal);
    if (!made.ok && made.kind !== 'throttled') doubtful.add(queryName);
    return made;
  }

  return {
    async *submitDue() {
      for (;;) {
        if (now() < blockedUntilMs || budgetMs() > now() || running() >= maxRunning) return;
        let window = wanted();
        if (window === undefined) {
          const planned = nextWindow(standing.at, task, now());
          if (planned === undefined) return;
          window = { ...planned, query: null, failures: 0 };
          const { at } = standing;
          const tag = at.tag === '' ? options.newTag() : at.tag;
          yield standing.move({ ...at, tag, plannedToMs: planned.toMs, open: [...at.open, window] });
          yield listed(window);
        }
        const made = await make(window);
        if (made.ok) {
          refusals = 0;
          const query = { id: made.value, version, submittedMs: now() };
          schedule.begin(query.id, query.submittedMs);
          yield standing.move(submitted(replaced(standing.at, window, [{ ...window, query }]), query.submittedMs));
          continue;
        }
        if (made.kind !== 'throttled' && ++refusals >= STRIKES)
          throw toSourceError(name, 'a query cannot be made', made);
        blockedUntilMs = now() + Math.max(made.waitMs, RETRY_MS * 2 ** refusals);
        return;
      }
    },
    nextMs() {
      const isWanted = wanted() !== undefined || nextWindow(standing.at, task, now()) !== undefined;
      return isWanted && running() < maxRunning ? Math.max(blockedUntilMs, budgetMs()) : undefined;
    },
  };
}
