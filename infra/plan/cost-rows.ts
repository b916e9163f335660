/** The tables of docs/cost.md, from the same figures as `npm run plan`. */
import type { ArmResource } from './arm.ts';
import { costOf } from './cost.ts';
import { type Price, prices } from './prices.ts';
import { defaultVolume } from './volume.ts';

const USERS = [1_000, 10_000, 100_000] as const;
const dollars = (value: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const INGESTION = /^(Ingestion|Commitment|Retention|Archive)/;

/** One Markdown row for each size: users, GB a month, data, platform, total (USD a month). */
export function costRows(resources: readonly ArmResource[]): readonly string[] {
  return USERS.map((users) => {
    const cost = costOf(resources, { ...defaultVolume, users });
    const data = cost.lines.filter(({ item }) => INGESTION.test(item)).reduce((sum, one) => sum + one.monthly, 0);
    const gigabytes = cost.gigabytesPerMonth.toFixed(1);
    return `| ${users.toLocaleString('en-US')} | ${gigabytes} | ${dollars(data)} | ${dollars(cost.monthly - data)} | ${dollars(cost.monthly)} |`;
  });
}

/** One Markdown row for each list price: meter, USD, unit, day, source. */
export function priceRows(): readonly string[] {
  return Object.entries<Price>(prices).map(
    ([name, { usd, unit, date, source }]) => `| ${name} | ${usd} | ${unit} | ${date} | ${source} |`,
  );
}
