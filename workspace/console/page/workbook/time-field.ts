/** A time as a field of type datetime-local holds it, in UTC, to the minute. */
export const fieldText = (time: Date): string => time.toISOString().slice(0, 16);

/** The time in such a field; undefined where it holds none. */
export function fieldTime(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/.test(text)) return undefined;
  const time = new Date(`${text}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
