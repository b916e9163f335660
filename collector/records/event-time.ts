const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?(?:Z|\+00:00)?$/i;
// The unified audit log started in 2015: what claims to be older is no time of an event.
const FIRST_YEAR = 2015;
const LAST_YEAR = 2100;

/**
 * ISO 8601 in UTC with a `Z` from the zone-less UTC time of an audit record (0-7 fraction digits, optional `Z`);
 * null when the text is no such time or lies outside 2015-2100.
 */
export function toUtcTime(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (!UTC.test(text)) return null;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  const isPlausible = year >= FIRST_YEAR && year < LAST_YEAR;
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  const isTime = Number(text.slice(11, 13)) < 24 && Number(text.slice(14, 16)) < 60 && Number(text.slice(17, 19)) < 60;
  if (!isPlausible || !isDate || !isTime) return null;
  if (text.endsWith('Z')) return text;
  // Without zone, with a lower-case t or z, or with +00:00.
  const fraction = /\.\d+/.exec(text)?.[0] ?? '';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}${fraction}Z`;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysIn = (year: number, month: number): number => (month === 2 && year % 4 === 0 ? 29 : (DAYS[month - 1] ?? 0)); // no century between 2015 and 2100 breaks the rule
