/** How far a step is, read from what it says: `12,400 of 15,500 records`. */
export function progressOf(detail: string): number | undefined {
  const [, done, total] = /([\d,]+) of ([\d,]+)/.exec(detail) ?? [];
  if (done === undefined || total === undefined) return undefined;
  const [part, whole] = [Number(done.replaceAll(',', '')), Number(total.replaceAll(',', ''))];
  return whole > 0 ? Math.min(1, part / whole) : undefined;
}
