import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../collector/in-parallel.ts';

const never = new AbortController().signal;

function counted(tasks: number, yields: number) {
  const seen = { running: 0, most: 0, started: 0 };
  const make = (task: number) =>
    async function* (): AsyncGenerator<string, void> {
      seen.started++;
      seen.running++;
      seen.most = Math.max(seen.most, seen.running);
      for (let n = 0; n < yields; n++) {
        await sleep(1);
        yield `${task}.${n}`;
      }
      seen.running--;
    };
  return { seen, tasks: Array.from({ length: tasks }, (_, task) => make(task)) };
}

describe('inParallel', () => {
  it('yields everything of every task and never runs more than the limit', async () => {
    const { seen, tasks } = counted(20, 3);
    const values = await Array.fromAsync(inParallel(tasks, 4, never));
    expect(values.toSorted()).toEqual(
      Array.from({ length: 20 }, (_, task) => [0, 1, 2].map((n) => `${task}.${n}`))
        .flat()
        .toSorted(),
    );
    expect(seen.most).toBe(4);
  });
  it('starts no further task while the consumer does not ask', async () => {
    const { seen, tasks } = counted(20, 1);
    const values = inParallel(tasks, 4, never);
    await values.next();
    await sleep(30);
    expect(seen.started).toBeLessThanOrEqual(5);
    await values.return();
  });
  it('aborts the others when the consumer stops', async () => {
    let isAborted = false;
    const slow = async function* (signal: AbortSignal): AsyncGenerator<string, void> {
      await sleep(60_000, undefined, { signal }).catch(() => (isAborted = true));
      yield 'late';
    };
    const fast = async function* (): AsyncGenerator<string, void> {
      yield 'first';
      yield 'second';
    };
    for await (const value of inParallel([slow, fast], 2, never)) {
      expect(value).toBe('first');
      break;
    }
    expect(isAborted).toBe(true);
  });
  it('rejects with the error of a task, and aborts the others', async () => {
    let isAborted = false;
    const slow = async function* (signal: AbortSignal): AsyncGenerator<string, void> {
      await sleep(60_000, undefined, { signal }).catch(() => (isAborted = true));
    };
    const failing = async function* (): AsyncGenerator<string, void> {
      await sleep(1);
      throw new Error('no more');
    };
    await expect(Array.fromAsync(inParallel([slow, failing], 2, never))).rejects.toThrow('no more');
    expect(isAborted).toBe(true);
  });
  it('lets the consumer meet a task that failed while it was busy, not the process', async () => {
    const unmet: unknown[] = [];
    const note = (reason: unknown): void => void unmet.push(reason);
    process.on('unhandledRejection', note);
    const task = async function* (): AsyncGenerator<string, void> {
      yield 'first';
      await sleep(5);
      throw new Error('late');
    };
    const slowly = async (): Promise<void> => {
      for await (const _value of inParallel([task], 1, never)) await sleep(50);
    };
    await expect(slowly()).rejects.toThrow('late');
    process.off('unhandledRejection', note);
    expect(unmet).toEqual([]);
  });
});
