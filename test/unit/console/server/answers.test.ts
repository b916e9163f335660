import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answers } from '../../../../workspace/console/server/answers.ts';
import type { QueryPool } from '../../../../workspace/console/server/query-pool.ts';
import type { Ask, Reply, Task } from '../../../../workspace/console/server/thread-messages.ts';
import { auditFile, auditLines, directoryOf } from './rows.ts';

const never = new AbortController().signal;
const events: Ask = { kind: 'query', query: 'CopilotEvents | count' };

/** A pool whose tasks wait until they are told to be done, and a clock that stands still. */
function scene() {
  const tasks: {
    readonly task: Omit<Task, 'id'>;
    readonly signal: AbortSignal;
    readonly done: (reply: Reply) => void;
  }[] = [];
  const directory = directoryOf({ [auditFile]: auditLines('ada@contoso.example') });
  const clock = { now: Date.parse('2026-11-21T10:00:07Z') };
  const pool: QueryPool = {
    run: async (task, signal) => {
      const { promise, resolve } = Promise.withResolvers<Reply>();
      tasks.push({ task, signal, done: resolve });
      return promise;
    },
    close: async () => undefined,
  };
  const { ask, lookAgain } = answers({ directory, pool, now: () => clock.now });
  return { tasks, directory, clock, ask, lookAgain, finish: (reply: Reply) => tasks.at(-1)?.done(reply) };
}

const good: Reply = { ok: true, text: '{"ok":true}' };
const bad: Reply = { ok: false, text: '{"ok":false}', code: 'budget' };

test('those who ask the same at the same time share a run, and later ones its answer', async () => {
  const { tasks, ask, finish } = scene();
  const both = [ask(events, never), ask({ ...events }, never)];
  const other = ask({ kind: 'csv', query: events.query }, never);
  expect(tasks).toHaveLength(2);
  finish(good);
  expect(await other).toBe(good);
  tasks[0]?.done(good);
  expect(await Promise.all(both)).toEqual([good, good]);
  expect(await ask(events, never)).toBe(good);
  expect(tasks).toHaveLength(2);
});

test('all tiles of a view see the same now, and a later view a later one', async () => {
  const { tasks, ask, finish, clock } = scene();
  void ask(events, never);
  clock.now += 2000;
  void ask({ kind: 'query', query: 'CopilotTurns | count' }, never);
  expect(tasks.map(({ task }) => new Date(task.now).toISOString())).toEqual([
    '2026-11-21T10:00:00.000Z',
    '2026-11-21T10:00:00.000Z',
  ]);
  finish(good);
  clock.now += 2000;
  void ask({ kind: 'query', query: 'CopilotTurns | count' }, never);
  expect(tasks.at(-1)?.task.now).toBe(Date.parse('2026-11-21T10:00:10Z'));
});

test('new rows make answers old', async () => {
  const { tasks, ask, finish, directory, clock } = scene();
  const first = ask(events, never);
  finish(good);
  await first;
  appendFileSync(join(directory, auditFile), auditLines('bo@contoso.example'));
  clock.now += 600;
  void ask(events, never);
  expect(tasks).toHaveLength(2);
  expect(tasks[1]?.task.version).not.toBe(tasks[0]?.task.version);
});

test('who has been told of new rows gets an answer with them, however soon they ask', async () => {
  const { tasks, ask, lookAgain, finish, directory } = scene();
  const first = ask(events, never);
  finish(good);
  await first;
  appendFileSync(join(directory, auditFile), auditLines('bo@contoso.example'));
  void ask(events, never);
  expect(tasks).toHaveLength(1);
  lookAgain();
  void ask(events, never);
  expect(tasks).toHaveLength(2);
  expect(tasks[1]?.task.version).not.toBe(tasks[0]?.task.version);
});

test('an answer of another time is not kept', async () => {
  const { tasks, ask, clock } = scene();
  const first = ask(events, never);
  clock.now += 10_000;
  void ask(events, never);
  // The first is done when it is out of date, and the clock is set back.
  tasks[0]?.done(good);
  await first;
  clock.now -= 10_000;
  void ask(events, never);
  expect(tasks).toHaveLength(3);
});

test('what failed is asked again', async () => {
  const { tasks, ask, finish } = scene();
  const first = ask(events, never);
  finish(bad);
  expect(await first).toBe(bad);
  void ask(events, never);
  expect(tasks).toHaveLength(2);
});

test('a run goes on while one still waits, and ends with the last', async () => {
  const { tasks, ask } = scene();
  const first = new AbortController();
  const second = new AbortController();
  const replies = [ask(events, first.signal), ask(events, second.signal)];
  first.abort();
  expect((await replies[0])?.ok).toBe(false);
  expect(tasks[0]?.signal.aborted).toBe(false);
  second.abort();
  await replies[1];
  expect(tasks[0]?.signal.aborted).toBe(true);
  // Whoever comes now does not get what was stopped.
  void ask(events, never);
  expect(tasks).toHaveLength(2);
});
