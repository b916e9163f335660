/** Least-squares fits. Positions on the x axis are 1, 2, 3, …, as in Kusto's answers. */

/** A fitted curve and how good it is. */
interface Fit {
  readonly rsquare: number;
  /** Sample variance of the values, and of what the fit leaves. */
  readonly variance: number;
  readonly rvariance: number;
  readonly fit: readonly number[];
}

/** `y = slope x + interception`. */
export interface Line extends Fit {
  readonly slope: number;
  readonly interception: number;
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function quality(values: readonly number[], fit: readonly number[]): Fit {
  const mean = meanOf(values);
  let total = 0;
  let residual = 0;
  values.forEach((value, index) => {
    total += (value - mean) ** 2;
    residual += (value - (fit[index] ?? 0)) ** 2;
  });
  const freedom = Math.max(1, values.length - 1);
  return {
    rsquare: total === 0 ? 1 : 1 - residual / total,
    variance: total / freedom,
    rvariance: residual / freedom,
    fit,
  };
}

/** The straight line through at least one value. */
export function lineThrough(values: readonly number[]): Line {
  const middle = (values.length + 1) / 2;
  const mean = meanOf(values);
  let slopes = 0;
  let spread = 0;
  values.forEach((value, index) => {
    slopes += (index + 1 - middle) * (value - mean);
    spread += (index + 1 - middle) ** 2;
  });
  const slope = spread === 0 ? 0 : slopes / spread;
  const interception = mean - slope * middle;
  const fit = values.map((_, index) => interception + slope * (index + 1));
  return { slope, interception, ...quality(values, fit) };
}

/** Two lines that meet at a split. */
export interface TwoLines extends Fit {
  /** Index of the first value of the right line. */
  readonly split: number;
  readonly left: Line;
  readonly right: Line;
}

/** Squares that a line leaves, for each start of the series up to a length. Welford's way, so that nothing cancels out. */
function residualsByLength(values: Iterable<number>, length: number): Float64Array {
  const residuals = new Float64Array(length + 1);
  let count = 0;
  let meanX = 0;
  let meanY = 0;
  let spreadX = 0;
  let spreadY = 0;
  let shared = 0;
  for (const value of values) {
    const x = count;
    count += 1;
    const fromX = x - meanX;
    const fromY = value - meanY;
    meanX += fromX / count;
    meanY += fromY / count;
    spreadX += fromX * (x - meanX);
    spreadY += fromY * (value - meanY);
    shared += fromX * (value - meanY);
    residuals[count] = Math.max(0, spreadY - (spreadX === 0 ? 0 : shared ** 2 / spreadX));
  }
  return residuals;
}

/** The two lines, each through two values or more, that leave the least squares; null under four values. */
export function twoLinesThrough(values: readonly number[]): TwoLines | null {
  const { length } = values;
  if (length < 4) return null;
  const lefts = residualsByLength(values, length);
  const rights = residualsByLength([...values].reverse(), length);
  let split = 2;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 2; at <= length - 2; at += 1) {
    const residual = (lefts[at] ?? 0) + (rights[length - at] ?? 0);
    if (residual < least) {
      least = residual;
      split = at;
    }
  }
  const left = lineThrough(values.slice(0, split));
  const right = lineThrough(values.slice(split));
  return { split, left, right, ...quality(values, [...left.fit, ...right.fit]) };
}

/** A fitted polynomial; coefficients from the highest power to the lowest. */
export interface Polynomial extends Fit {
  readonly coefficients: readonly number[];
}

/**
 * The polynomial of a degree through points; null where they do not determine one. Householder's QR decomposition.
 * @param visit Told of the values that are looked at.
 */
export function polynomialThrough(
  y: readonly number[],
  x: readonly number[],
  degree: number,
  visit: (values: number) => void,
): Polynomial | null {
  const rows = y.length;
  const columns = degree + 1;
  if (rows < columns) return null;
  // Powers of numbers up to 1 stay comparable in size.
  const scale = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const matrix = Array.from({ length: columns }, (_, power) => {
    visit(rows);
    return Float64Array.from(x, (value) => (value / scale) ** power);
  });
  const target = Float64Array.from(y);
  const diagonal = new Float64Array(columns);
  for (const [step, column] of matrix.entries()) {
    let size = 0;
    for (let row = step; row < rows; row += 1) size += (column[row] ?? 0) ** 2;
    const lead = column[step] ?? 0;
    const length = Math.sqrt(size);
    if (length < 1e-12) return null;
    const turned = lead > 0 ? -length : length;
    diagonal[step] = turned;
    column[step] = lead - turned;
    const norm = size - lead * turned;
    for (const other of [...matrix.slice(step + 1), target]) {
      visit(rows - step);
      let product = 0;
      for (let row = step; row < rows; row += 1) product += (column[row] ?? 0) * (other[row] ?? 0);
      const factor = product / norm;
      for (let row = step; row < rows; row += 1) other[row] = (other[row] ?? 0) - factor * (column[row] ?? 0);
    }
  }
  const scaled = new Float64Array(columns);
  for (let power = degree; power >= 0; power -= 1) {
    let rest = target[power] ?? 0;
    for (let other = power + 1; other < columns; other += 1)
      rest -= (matrix[other]?.[power] ?? 0) * (scaled[other] ?? 0);
    scaled[power] = rest / (diagonal[power] ?? 1);
  }
  const fit = x.map((value) => scaled.reduceRight((sum, coefficient) => sum * (value / scale) + coefficient, 0));
  const coefficients = Array.from(scaled, (coefficient, power) => coefficient / scale ** power).reverse();
  return { coefficients, ...quality(y, fit) };
}
