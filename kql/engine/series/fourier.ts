/** The discrete Fourier transform, for any length in O(n log n). */

/** A series of complex numbers. */
export interface Complex {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

const zeros = (length: number): Complex => ({
  real: new Float64Array(length),
  imaginary: new Float64Array(length),
});

const powerOfTwo = (atLeast: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, atLeast)));

function reorder(values: Float64Array): void {
  const { length } = values;
  for (let index = 1, mirrored = 0; index < length; index += 1) {
    let bit = length >> 1;
    for (; (mirrored & bit) !== 0; bit >>= 1) mirrored ^= bit;
    mirrored ^= bit;
    if (index < mirrored) {
      const kept = values[index] ?? 0;
      values[index] = values[mirrored] ?? 0;
      values[mirrored] = kept;
    }
  }
}

/** Cooley and Tukey's transform in place; the length is a power of two. */
function transformInPlace({ real, imaginary }: Complex): void {
  const { length } = real;
  reorder(real);
  reorder(imaginary);
  const cosines = Float64Array.from({ length: length / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / length));
  const sines = Float64Array.from({ length: length / 2 }, (_, index) => -Math.sin((2 * Math.PI * index) / length));
  for (let half = 1; half < length; half *= 2) {
    const step = length / (2 * half);
    for (let start = 0; start < length; start += 2 * half)
      for (let offset = 0; offset < half; offset += 1) {
        const low = start + offset;
        const high = low + half;
        const cosine = cosines[offset * step] ?? 0;
        const sine = sines[offset * step] ?? 0;
        const highReal = real[high] ?? 0;
        const highImaginary = imaginary[high] ?? 0;
        const turnedReal = highReal * cosine - highImaginary * sine;
        const turnedImaginary = highReal * sine + highImaginary * cosine;
        const lowReal = real[low] ?? 0;
        const lowImaginary = imaginary[low] ?? 0;
        real[high] = lowReal - turnedReal;
        imaginary[high] = lowImaginary - turnedImaginary;
        real[low] = lowReal + turnedReal;
        imaginary[low] = lowImaginary + turnedImaginary;
      }
  }
}

function multiplyInPlace(into: Complex, by: Complex): void {
  for (let index = 0; index < into.real.length; index += 1) {
    const a = into.real[index] ?? 0;
    const b = into.imaginary[index] ?? 0;
    const c = by.real[index] ?? 0;
    const d = by.imaginary[index] ?? 0;
    into.real[index] = a * c - b * d;
    into.imaginary[index] = a * d + b * c;
  }
}

/** Bluestein's transform: any length, through a convolution whose length is a power of two. */
function transformAnyLength({ real, imaginary }: Complex): Complex {
  const { length } = real;
  const size = powerOfTwo(2 * length - 1);
  const chirp = zeros(length);
  const kernel = zeros(size);
  for (let index = 0; index < length; index += 1) {
    const angle = (Math.PI * ((index * index) % (2 * length))) / length;
    const cosine = Math.cos(angle);
    const sine = Math.sin(angle);
    chirp.real[index] = cosine;
    chirp.imaginary[index] = -sine;
    for (const at of index === 0 ? [0] : [index, size - index]) {
      kernel.real[at] = cosine;
      kernel.imaginary[at] = sine;
    }
  }
  const work = zeros(size);
  work.real.set(real);
  work.imaginary.set(imaginary);
  const padded: Complex = { real: zeros(size).real, imaginary: zeros(size).imaginary };
  padded.real.set(chirp.real);
  padded.imaginary.set(chirp.imaginary);
  multiplyInPlace(work, padded);
  transformInPlace(work);
  transformInPlace(kernel);
  multiplyInPlace(work, kernel);
  const product = inverse(work);
  const result = { real: product.real.slice(0, length), imaginary: product.imaginary.slice(0, length) };
  multiplyInPlace(result, chirp);
  return result;
}

/** The transform, not scaled. */
export function transform({ real, imaginary }: Complex): Complex {
  const { length } = real;
  if (length === 0) return zeros(0);
  if (powerOfTwo(length) !== length) return transformAnyLength({ real, imaginary });
  const result = { real: real.slice(), imaginary: imaginary.slice() };
  transformInPlace(result);
  return result;
}

/** The inverse transform, scaled by 1/n. */
export function inverse({ real, imaginary }: Complex): Complex {
  // With the parts swapped, the forward transform is the inverse one, swapped.
  const { length } = real;
  const swapped = transform({ real: imaginary, imaginary: real });
  const scale = (values: Float64Array): Float64Array => values.map((value) => value / length);
  return { real: scale(swapped.imaginary), imaginary: scale(swapped.real) };
}

/** The circular autocorrelation of a series less its mean, at lags 0 to n-1, not scaled. */
export function circularAutocorrelation(values: readonly number[]): Float64Array {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  // Padded with as many zeros, the wrapped products can be told apart and added at their lag.
  const size = powerOfTwo(2 * length);
  const spectrum = zeros(size);
  values.forEach((value, index) => {
    spectrum.real[index] = value - mean;
  });
  transformInPlace(spectrum);
  const power = zeros(size);
  for (let index = 0; index < size; index += 1)
    power.real[index] = (spectrum.real[index] ?? 0) ** 2 + (spectrum.imaginary[index] ?? 0) ** 2;
  // The power spectrum is symmetric: its forward transform is its inverse, but for the scale.
  transformInPlace(power);
  return Float64Array.from(
    { length },
    (_, lag) => ((power.real[lag] ?? 0) + (lag === 0 ? 0 : (power.real[length - lag] ?? 0))) / size,
  );
}
