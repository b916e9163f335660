/** What happens when in the benign weeks. Weeks begin on Mondays (UTC) and are counted from 0; earlier ones are ordinary. */

const DAY_MS = 86_400_000;

/** Ten weeks tell all there is to tell; then they begin again, but people join and agents appear only once. */
const CYCLE = 10;

/** Days of the week from Monday. */
const [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY] = [0, 1, 2, 3, 4, 5];

/** The Monday on which or before which a time lies: days since 1970. */
export function mondayOf(ms: number): number {
  const day = Math.floor(ms / DAY_MS);
  // 1970-01-01 was a Thursday.
  return day - ((day + 3) % 7);
}

/** What is planned, by days since 1970. */
export interface Calendar {
  /** Monday of week 0. */
  readonly firstDay: number;
  readonly week: (day: number) => number;
  /** From Monday. */
  readonly weekday: (day: number) => number;
  /** Whether something of the ten weeks happens in the week of a day. */
  readonly isWeek: (day: number, ...weeks: readonly number[]) => boolean;
  /** Traffic of a country's people relative to a working day. */
  readonly share: (day: number, country: string) => number;
  /** Newcomers work from here on. */
  readonly onboardingDay: number;
  /** The office in Boston goes through another provider from here on. */
  readonly movingDay: number;
  readonly isHackathon: (day: number) => boolean;
  /** Records of this time (epoch milliseconds) come three days late. */
  readonly isDelayed: (ms: number) => boolean;
  /** Last day of the nth leaver. */
  readonly lastDay: (nth: number) => number;
  /** Day from which the nth of the new agents is used. */
  readonly agentDay: (nth: number) => number;
}

const WEEKEND_SHARE = 0.04;
const HOLIDAY_SHARE = 0.05;

/** The calendar that counts from a Monday. */
export function calendar(firstDay: number): Calendar {
  const week = (day: number): number => Math.floor((day - firstDay) / 7);
  const weekday = (day: number): number => (((day - firstDay) % 7) + 7) % 7;
  const isWeek = (day: number, ...weeks: readonly number[]): boolean =>
    day >= firstDay && weeks.includes(week(day) % CYCLE);
  const isOn = (day: number, weekNumber: number, ...weekdays: readonly number[]): boolean =>
    isWeek(day, weekNumber) && weekdays.includes(weekday(day));
  return {
    firstDay,
    week,
    weekday,
    isWeek,
    share(day, country) {
      if (weekday(day) >= SATURDAY) return WEEKEND_SHARE;
      if (isOn(day, 5, THURSDAY, FRIDAY)) return HOLIDAY_SHARE;
      if (isOn(day, 3, MONDAY) && country === 'United States') return HOLIDAY_SHARE;
      if (isOn(day, 6, TUESDAY) && ['Germany', 'France'].includes(country)) return HOLIDAY_SHARE;
      // The week between the years.
      return isWeek(day, 8) ? 0.3 : 1;
    },
    onboardingDay: firstDay,
    movingDay: firstDay + TUESDAY,
    isHackathon: (day) => isOn(day, 1, WEDNESDAY),
    isDelayed(ms) {
      const hour = (ms % DAY_MS) / 3_600_000;
      return isOn(Math.floor(ms / DAY_MS), 1, THURSDAY) && hour >= 11 && hour < 16;
    },
    lastDay: (nth) => firstDay + 7 * (2 + 2 * nth) + FRIDAY,
    agentDay: (nth) => firstDay + 7 * (1 + 3 * nth) + TUESDAY,
  };
}
