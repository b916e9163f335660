const STEP_MS = 10_000;

/** The moment that a view takes for now: the end of these ten seconds, so that tiles ask alike and no row is cut. */
export const roundedNow = (time: number): Date => new Date(Math.ceil(time / STEP_MS) * STEP_MS);
