import { formatNumber } from '../shell/format.ts';
import { type Figure, linePoints } from './figures.ts';

interface KpiProps {
  readonly label: string;
  readonly figure: Figure;
  readonly remark?: string;
  readonly href: string;
}

const [WIDTH, HEIGHT] = [96, 22];

/** A figure with its course by day; leads to where its details are. */
export function Kpi({ label, figure: { total, days }, remark, href }: KpiProps) {
  return (
    <li>
      <a className="kpi" href={href}>
        <span className="kpi-label">{label}</span>
        <span className="kpi-figure">
          <span className="kpi-value">{formatNumber(total)}</span>
          {days.length < 2 ? undefined : (
            <svg
              className="kpi-line"
              viewBox={`-1 -2 ${WIDTH + 2} ${HEIGHT + 4}`}
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <polyline
                points={linePoints(days, WIDTH, HEIGHT)}
                fill="none"
                stroke="currentColor"
                strokeWidth="1.5"
                vectorEffect="non-scaling-stroke"
              />
            </svg>
          )}
        </span>
        <span className="kpi-remark">{remark ?? '\u00a0'}</span>
      </a>
    </li>
  );
}
