/** What becomes of a window once its query has ended, one way or the other. */
import type { Batch } from '../../contracts.ts';
import type { Note } from './options.ts';
import { type OpenWindow, replaced } from './place.ts';
import { SETTLED_MS, type Task } from './plan.ts';
import type { Ending } from './readings.ts';
import { hourOf, listed, type Standing } from './standing.ts';
import { halves, idOf, joined, toTimes, type Window } from './windows.ts';

const RESUBMISSIONS = 3;

/** The ways in which a window goes on or ends; each deletes the query. */
export interface Endings {
  /** The query was read as the ending says; `isTruncated`: the service said that there is more. */
  finish(window: OpenWindow, ending: Ending, isTruncated: boolean): AsyncGenerator<Batch, void>;
  /** Makes a query anew, a few times. */
  again(window: OpenWindow, reason: string): AsyncGenerator<Batch, void>;
  /** Asks for the two halves instead; a minute that cannot be had whole is a gap. */
  cut(window: OpenWindow, reason: string): AsyncGenerator<Batch, void>;
}

/** Endings of one pass. */
export function endings(options: {
  readonly standing: Standing;
  readonly task: Task;
  readonly onNote: (note: Note) => void;
  readonly release: (window: OpenWindow) => Promise<void>;
}): Endings {
  const { standing, task, onNote, release } = options;

  async function* finish(window: OpenWindow, ending: Ending, isTruncated: boolean): AsyncGenerator<Batch, void> {
    switch (ending.kind) {
      case 'gone':
        yield* again(window, 'the service no longer knows the query');
        return;
      case 'broken':
        yield* cut(window, `a page of its records cannot be read (${ending.detail})`);
        return;
      case 'truncated':
        yield* cut(window, 'more records than a query can give');
        return;
      case 'disagreed':
        yield { kind: 'gap', ...toTimes(window), reason: disagreement(ending.readings) };
        break;
      case 'agreed':
        if (ending.readings > 2) {
          const reason = `pages differed: ${ending.readings} readings until two agreed; all ${ending.records} records of any of them are kept`;
          onNote({ window: idOf(window), reason });
        }
    }
    if (isTruncated) yield* lost(window, 'more records in a minute than a query can give');
    else {
      yield { kind: 'ended', id: idOf(window), hour: hourOf(window.fromMs), outcome: { kind: 'fetched' } };
      const isSure = ending.kind === 'agreed' && window.query !== null;
      const isDone = isSure && task.kind === 'span' && window.toMs + SETTLED_MS <= window.query.submittedMs;
      const { done } = standing.at;
      yield standing.move({ ...replaced(standing.at, window), done: isDone ? joined(done, span(window)) : done });
      await release(window);
    }
  }

  async function* again(window: OpenWindow, reason: string): AsyncGenerator<Batch, void> {
    if (window.failures >= RESUBMISSIONS) {
      yield* lost(window, `${reason}, as did ${RESUBMISSIONS} before it`);
      return;
    }
    onNote({ window: idOf(window), reason: `${reason}: it is made again` });
    yield standing.move(replaced(standing.at, window, [{ ...window, query: null, failures: window.failures + 1 }]));
    await release(window);
  }

  async function* cut(window: OpenWindow, reason: string): AsyncGenerator<Batch, void> {
    const parts = halves(window);
    if (parts === undefined) {
      yield* lost(window, `${reason}, within a minute`);
      return;
    }
    onNote({ window: idOf(window), reason: `${reason}: it is cut in half` });
    const open = parts.map((part) => ({ ...part, query: null, failures: 0 }));
    // The halves first: whatever is saved in between, the span is still to be read.
    yield standing.move(replaced(standing.at, window, open));
    for (const part of open) yield listed(part);
    yield { kind: 'ended', id: idOf(window), hour: hourOf(window.fromMs), outcome: { kind: 'fetched' } };
    await release(window);
  }

  async function* lost(window: OpenWindow, why: string): AsyncGenerator<Batch, void> {
    const reason = `${why}: what was read is kept; run backfill for ${idOf(window)} later, or export it from Microsoft Purview and use import`;
    yield { kind: 'ended', id: idOf(window), hour: hourOf(window.fromMs), outcome: { kind: 'expired', reason } };
    yield standing.move(replaced(standing.at, window));
    await release(window);
  }

  return { finish, again, cut };
}

const span = ({ fromMs, toMs }: Window): Window => ({ fromMs, toMs });
const disagreement = (readings: number): string =>
  `${readings} readings of one query gave different records: all that any of them gave are kept, others may be missing; run backfill for this span again`;
