const MINUTES = { m: 1, h: 60, d: 1440 } as const;
const SHORT = /^(\d+)([mhd])$/;
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;

/** Minutes of a duration, `15m`, `1h`, `14d` or ISO 8601 with days, hours and minutes; undefined where it is none. */
export function toMinutes(text: string): number | undefined {
  const short = SHORT.exec(text);
  if (short !== null) {
    const unit = short[2];
    return Number(short[1]) * MINUTES[unit === 'm' || unit === 'h' ? unit : 'd'];
  }
  const iso = ISO.exec(text);
  if (iso === null || /[PT]$/.test(text)) return undefined;
  const [, days = 0, hours = 0, minutes = 0] = iso;
  return Number(days) * MINUTES.d + Number(hours) * MINUTES.h + Number(minutes);
}

/** Minutes as ISO 8601 in the largest unit that holds them whole: P14D, PT47H, PT5M. */
export function toIsoDuration(minutes: number): string {
  if (minutes > 0 && minutes % MINUTES.d === 0) return `P${minutes / MINUTES.d}D`;
  return minutes > 0 && minutes % MINUTES.h === 0 ? `PT${minutes / MINUTES.h}H` : `PT${minutes}M`;
}
