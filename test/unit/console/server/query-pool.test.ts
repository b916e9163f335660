import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type PoolOptions, type QueryPool, queryPool } from '../../../../workspace/console/server/query-pool.ts';
import type { Reply } from '../../../../workspace/console/server/thread-messages.ts';
import { queryTask } from './rows.ts';

const never = new AbortController().signal;
const outcome = (reply: Reply): string => (reply.ok ? reply.text : reply.code);
const messageOf = ({ text }: Reply): string => (JSON.parse(text) as { error: string }).error;

const open: QueryPool[] = [];
const pool = (options: Partial<PoolOptions> = {}) => {
  const thread = new URL('fake-thread.ts', import.meta.url);
  const made = queryPool({ directory: '', threads: 1, thread, ...options });
  open.push(made);
  return {
    close: made.close,
    ask: async (query: string, signal = never) => made.run(queryTask(query), signal),
    type: async (query: string, signal = never) =>
      made.run({ ...queryTask(''), ask: { kind: 'complete', query, position: 0 } }, signal),
  };
};
afterEach(async () => Promise.all(open.splice(0).map(async (one) => one.close())));

describe('a pool of threads', () => {
  test('answers each with its own', async () => {
    const { ask } = pool({ threads: 2 });
    const names = Array.from({ length: 20 }, (_, index) => `query ${index}`);
    expect((await Promise.all(names.map(async (name) => ask(name)))).map(outcome)).toEqual(names);
  });

  test('ends a thread that never comes back, says so, and answers who waits with another', async () => {
    const { ask } = pool({ killMilliseconds: 300 });
    const [first, second] = await Promise.all([ask('hang'), ask('next')]);
    expect([outcome(first), messageOf(first)]).toEqual([
      'budget',
      expect.stringContaining('longer than 0.3 s and was ended'),
    ]);
    expect(outcome(second)).toBe('next');
  });

  test('answers for a thread that dies, and starts another', async () => {
    const { ask } = pool();
    const [first, second] = await Promise.all([ask('die'), ask('next')]);
    expect([outcome(first), messageOf(first)]).toEqual(['internal', expect.stringContaining('(no memory left)')]);
    expect(outcome(second)).toBe('next');
  });

  test('answers all who wait where no thread can even start, each time anew', async () => {
    const { ask } = pool({ threads: 2, warmUp: { kind: 'diagnose', query: 'die' } });
    expect((await Promise.all([ask('one'), ask('two')])).map(outcome)).toEqual(['internal', 'internal']);
    expect(outcome(await ask('three'))).toBe('internal');
  });

  test('starts a thread that could not start once more when somebody asks', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'pool-'));
    // The first is there; the second finds the mark of the first, and dies; the third lives.
    const { ask } = pool({ threads: 2, directory, warmUp: { kind: 'diagnose', query: 'second dies' } });
    await ask('one');
    await expect.poll(() => readdirSync(directory).length).toBe(2);
    const waiting = new AbortController();
    const hangs = ask('wait', waiting.signal);
    expect(outcome(await ask('two'))).toBe('two');
    waiting.abort();
    await hangs;
  });

  test('does not wait for a text that is still being read when nobody wants to know any more', async () => {
    const { ask, type } = pool({ leftMilliseconds: 50 });
    await ask('the thread is there');
    const typed = new AbortController();
    const first = type('hang', typed.signal);
    const second = ask('next');
    typed.abort();
    expect([outcome(await first), outcome(await second)]).toEqual(['cancelled', 'next']);
  });

  test('stops what nobody waits for, whether it runs or waits', async () => {
    const { ask } = pool();
    const running = new AbortController();
    const waiting = new AbortController();
    await ask('the thread is there');
    const first = ask('wait', running.signal);
    const second = ask('never run', waiting.signal);
    const third = ask('next');
    waiting.abort();
    expect(outcome(await second)).toBe('cancelled');
    running.abort();
    expect([outcome(await first), outcome(await third)]).toEqual(['wait', 'next']);
    expect(outcome(await ask('too late', AbortSignal.abort()))).toBe('cancelled');
  });

  test('refuses more than may wait, and lets what is typed pass what waits', async () => {
    const { ask, type } = pool({ mostWaiting: 2 });
    const order: string[] = [];
    const note = async (reply: Promise<Reply>): Promise<void> => void order.push(outcome(await reply));
    await ask('the thread is there');
    const running = new AbortController();
    const all = [note(ask('wait', running.signal)), note(ask('tile')), note(type('typed')), note(ask('one more'))];
    await all.at(-1);
    expect(order).toEqual(['busy']);
    running.abort();
    await Promise.all(all);
    expect(order).toEqual(['busy', 'wait', 'typed', 'tile']);
  });

  test('closes at once, and refuses what waits', async () => {
    const { ask, close } = pool();
    const all = [ask('hang'), ask('waits')];
    await close();
    expect((await Promise.all([...all, ask('too late')])).map(outcome)).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
  });
});
