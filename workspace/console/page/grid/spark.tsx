import type { ReactNode } from 'react';
import { sparkPoints, sparkText } from './spark-line.ts';

const width = 96;
const height = 20;

/** A line through values, small enough for a cell, with its text alternative. */
export function Spark({
  values,
  property,
}: {
  readonly values: readonly number[];
  readonly property: string;
}): ReactNode {
  const points = sparkPoints(values, width, height - 2);
  const label = sparkText(values);
  return (
    <svg className="spark" viewBox={`0 -1 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="none">
      <title>{label}</title>
      <polygon points={`0,${height - 2} ${points} ${width},${height - 2}`} fill={`var(${property})`} opacity="0.15" />
      <polyline
        points={points}
        fill="none"
        stroke={`var(${property})`}
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
