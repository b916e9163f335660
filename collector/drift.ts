// A pass that meets more kinds of unknown fields has said enough.
const MAX_DRIFT_PATHS = 1000;

/** Counts unknown fields by path; a record can have thousands, so there is an end to it. */
export function noteDrift(drift: Map<string, number>, path: string): void {
  const known = drift.get(path);
  if (known !== undefined || drift.size < MAX_DRIFT_PATHS) drift.set(path, (known ?? 0) + 1);
}
