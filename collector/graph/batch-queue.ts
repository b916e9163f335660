/** Where things wait to share a batch: until it is full, or they have waited long enough. */
export interface BatchQueue<T> {
  readonly add: (thing: T, to: 'back' | 'front') => void;
  /** How many the next batch would hold; 0 while others may still join it. */
  readonly ready: () => number;
  /** Takes as many as are ready, oldest first. */
  readonly take: () => readonly T[];
  /** Takes all. */
  readonly drain: () => readonly T[];
}

/** Makes an empty queue; `onReady` is called when a batch is full and when the first has waited `lingerMs`. */
export function batchQueue<T>(options: {
  readonly size: number;
  readonly lingerMs: number;
  readonly onReady: () => void;
}): BatchQueue<T> {
  const { size, lingerMs, onReady } = options;
  const waiting: T[] = [];
  let lingering: NodeJS.Timeout | undefined;
  let isRipe = false;

  function take(count: number): readonly T[] {
    const taken = waiting.splice(0, count);
    if (waiting.length === 0) {
      isRipe = false;
      clearTimeout(lingering);
      lingering = undefined;
    }
    return taken;
  }
  const ready = (): number => (isRipe || waiting.length >= size ? Math.min(size, waiting.length) : 0);

  return {
    ready,
    take: () => take(ready()),
    drain: () => take(waiting.length),
    add(thing, to) {
      if (to === 'front') waiting.unshift(thing);
      else waiting.push(thing);
      if (waiting.length >= size) onReady();
      else if (!isRipe) {
        lingering ??= setTimeout(() => {
          lingering = undefined;
          isRipe = true;
          onReady();
        }, lingerMs);
      }
    },
  };
}
