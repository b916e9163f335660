/**
 * Runs at most `limit` tasks at once and yields what they yield, as it comes. Each task is at most one value ahead of
 * the consumer, so memory stays bounded. When the consumer stops or a task fails, the signal of the others aborts.
 */
export async function* inParallel<T>(
  tasks: Iterable<(signal: AbortSignal) => AsyncIterator<T, void>>,
  limit: number,
  outer: AbortSignal,
): AsyncGenerator<T, void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([outer, ending.signal]);
  const waiting = tasks[Symbol.iterator]();
  const running = new Map<
    AsyncIterator<T, void>,
    Promise<readonly [AsyncIterator<T, void>, IteratorResult<T, void>]>
  >();
  const advance = (task: AsyncIterator<T, void>): void => {
    const step = task.next().then((result) => [task, result] as const);
    // The consumer may be busy for long: a task that fails meanwhile is met at the next race, not by the process.
    step.catch(() => undefined);
    running.set(task, step);
  };
  try {
    for (;;) {
      while (running.size < limit) {
        const next = waiting.next();
        if (next.done === true) break;
        advance(next.value(signal));
      }
      if (running.size === 0) return;
      const [task, result] = await Promise.race(running.values());
      if (result.done === true) {
        running.delete(task);
        continue;
      }
      advance(task);
      yield result.value;
    }
  } finally {
    ending.abort();
    await Promise.allSettled([...running].map(([task, pending]) => pending.then(() => task.return?.())));
  }
}
