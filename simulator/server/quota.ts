/** Takes an amount in a sliding span: 0 when it was taken, else milliseconds until it may fit. */
export type Budget = (amount: number) => number;
export type MinuteBudget = Budget;

/** A budget of `perMinute` in any 60 s. */
export function minuteBudget(perMinute: number): MinuteBudget {
  return spanBudget(perMinute, 60_000);
}

/** A budget of `most` in any `spanMs` milliseconds. Unless another clock is given the machine's counts, as it does for clients. */
export function spanBudget(most: number, spanMs: number, nowMs: () => number = () => performance.now()): Budget {
  let taken: { readonly atMs: number; readonly amount: number }[] = [];
  let [from, sum] = [0, 0];
  return (amount) => {
    const now = nowMs();
    for (let first = taken[from]; first !== undefined && first.atMs <= now - spanMs; first = taken[from]) {
      sum -= first.amount;
      from += 1;
    }
    if (sum + amount > most) return Math.max(1, (taken[from]?.atMs ?? now) + spanMs - now);
    if (from > 10_000) {
      taken = taken.slice(from);
      from = 0;
    }
    taken.push({ atMs: now, amount });
    sum += amount;
    return 0;
  };
}

/**
 * A sliding minute: the result says whether one more request is within `perMinute`, and counts it if so.
 * Management Activity API: each tenant has a baseline of 2,000 requests a minute.
 */
export function quota(perMinute: number): () => boolean {
  const budget = minuteBudget(perMinute);
  return () => budget(1) === 0;
}
