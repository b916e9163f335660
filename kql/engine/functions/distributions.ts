/** Special functions and statistical tests: `gamma`, `erf`, `beta_cdf`, `welch_test`, … */
import type { ScalarFunction } from '../scope.ts';
import { real, ternary, unary, variadic } from './define.ts';

// Lanczos approximation, g = 7, n = 9 (Numerical Recipes 6.1 with Godfrey's coefficients): 15 digits.
const lanczos = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_59, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
] as const;

/** The logarithm of the absolute value of the gamma function. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const [first, ...rest] = lanczos;
  let sum: number = first;
  for (const [index, coefficient] of rest.entries()) sum += coefficient / (x + index);
  const base = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

function gamma(x: number): number {
  // Exact where a factorial is.
  if (Number.isInteger(x) && x > 0 && x < 23) {
    let product = 1;
    for (let factor = 2; factor < x; factor += 1) product *= factor;
    return product;
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  return Math.exp(logGamma(x));
}

// Lentz's continued fraction of the incomplete beta function (Numerical Recipes 6.4).
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= 1000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return h;
}

/** The regularized incomplete beta function for 0 <= x <= 1 and positive a and b. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x === 0 || x === 1) return x;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

function betaCdf(x: number, alpha: number, beta: number): number {
  if (!(x >= 0 && x <= 1)) return Number.NaN;
  // Measured: a parameter out of range gives 1 here, and NaN in the two others.
  return alpha > 0 && beta > 0 ? incompleteBeta(x, alpha, beta) : 1;
}

function betaInverse(p: number, alpha: number, beta: number): number | null {
  if (!(p >= 0 && p <= 1)) return null;
  if (!(alpha > 0 && beta > 0)) return Number.NaN;
  let low = 0;
  let high = 1;
  // Halving ends when the two are neighbours.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (incompleteBeta(middle, alpha, beta) < p) low = middle;
    else high = middle;
  }
}

function betaDensity(x: number, alpha: number, beta: number): number {
  if (!(x >= 0 && x <= 1 && alpha > 0 && beta > 0)) return Number.NaN;
  return Math.exp(
    logGamma(alpha + beta) - logGamma(alpha) - logGamma(beta) + (alpha - 1) * Math.log(x) + (beta - 1) * Math.log1p(-x),
  );
}

// erfc by its continued fraction, for x >= 2.
function erfcTail(x: number): number {
  let fraction = 0;
  for (let k = 200; k >= 1; k -= 1) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

function erf(x: number): number {
  if (Math.abs(x) > 2.5) return x > 0 ? 1 - erfcTail(x) : erfcTail(-x) - 1;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum) && n < 200; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** The two-sided p-value of Welch's t-test; null where a variance or a count allows none. */
function welch(args: readonly number[]): number | null {
  const [mean1 = 0, variance1 = 0, count1 = 0, mean2 = 0, variance2 = 0, count2 = 0] = args;
  if (variance1 < 0 || variance2 < 0 || count1 < 2 || count2 < 2) return null;
  const error1 = variance1 / count1;
  const error2 = variance2 / count2;
  const t = (mean1 - mean2) / Math.sqrt(error1 + error2);
  const freedom = (error1 + error2) ** 2 / (error1 ** 2 / (count1 - 1) + error2 ** 2 / (count2 - 1));
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** Special functions and statistical tests. */
export const distributions: Readonly<Record<string, ScalarFunction>> = {
  gamma: unary(real, 'real', gamma),
  loggamma: unary(real, 'real', logGamma),
  beta_cdf: ternary(real, real, real, 'real', betaCdf),
  beta_inv: ternary(real, real, real, 'real', betaInverse),
  beta_pdf: ternary(real, real, real, 'real', betaDensity),
  erf: unary(real, 'real', erf),
  erfc: unary(real, 'real', (x) => (x > 2.5 ? erfcTail(x) : 1 - erf(x))),
  welch_test: variadic(real, 'real', welch),
};
