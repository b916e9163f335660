/** The span that the overview looks at. */
import type { Status } from '../../api.ts';

/** How queries name it, and how readers do. */
export interface OverviewSpan {
  /** Arguments of a function: `ago(7d)`. */
  readonly bounds: string;
  readonly label: string;
  /** Width of a bar. */
  readonly bin: '1h' | '1d';
}

const DAY_MS = 86_400_000;
// More bars than this are thinner than a line on a small screen.
const MOST_HOURLY_DAYS = 10;

/** The last seven days, or the span of an export. */
export function overviewSpan(span: Status['span']): OverviewSpan {
  if (span === null) return { bounds: 'ago(7d)', label: 'last 7 days', bin: '1h' };
  const days = (Date.parse(span.to) - Date.parse(span.from)) / DAY_MS;
  return {
    // The end is left out by the functions, and the last event lies at it.
    bounds: `datetime(${span.from}), datetime(${span.to}) + 1s`,
    label: `${span.from.slice(0, 10)} to ${span.to.slice(0, 10)}`,
    bin: days > MOST_HOURLY_DAYS ? '1d' : '1h',
  };
}
