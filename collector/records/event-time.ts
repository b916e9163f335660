const UTC = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,7})?(?:Z|\+00:00)?$/i;
// The unified audit log started in 2015: what claims to be older is no time of an event.
const FIRST_YEAR = 2015;
const LAST_YEAR = 2100;

/**
 * ISO 8601 in UTC with a `Z` from the zone-less UTC time of an audit record (0-7 fraction digits, optional `Z`);
 * null when the text is no such time or lies outside 2015-2100.
 */
export function toUtcTime(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const parts = UTC.exec(value.trim());
  if (parts === null) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = ''] = parts;
  const isPlausible = Number(year) >= FIRST_YEAR && Number(year) < LAST_YEAR;
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  // Date.UTC takes 30 February for 2 March: the day shows it.
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDate = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isPlausible && isTime && isDate ? `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}Z` : null;
}
