/**
 * Wait that a Retry-After header asks for, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3).
 * Anything else, a negative number or a past date is no instruction: undefined.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  // Date.parse takes nearly anything ("-5" is a year): only the form of an HTTP date counts.
  const date = /^[A-Z][a-z]{2},? /.test(header) ? Date.parse(header) - nowMs : Number.NaN;
  return date > 0 ? date : undefined;
}
