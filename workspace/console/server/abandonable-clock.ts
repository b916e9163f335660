/**
 * A clock that ends a query nobody waits for: the engine looks at it all the time, and infinite is past any limit. Its
 * first answer is always the time, since the engine counts its limit from that.
 */
export function abandonableClock(isAbandoned: () => boolean): () => number {
  let hasStarted = false;
  return () => {
    if (hasStarted && isAbandoned()) return Infinity;
    hasStarted = true;
    return performance.now();
  };
}
