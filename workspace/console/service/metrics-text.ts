/** Prometheus text 0.0.4 as the collector's /metrics answers it. */

/** A sample: counter or gauge. */
export interface Sample {
  readonly name: string;
  /** As written, without braces: `source="activity-feed",outcome="accepted"`. */
  readonly labels: string;
  readonly value: number;
}

// Label values may hold braces and spaces, in quotes.
const sampleForm = /^(\w+)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)/;

const toNumber = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

/** The samples of an answer; comments and what has no number are left out. */
export const readSamples = (text: string): readonly Sample[] =>
  text.split('\n').flatMap((line) => {
    const [, name, labels = '', value = ''] = sampleForm.exec(line) ?? [];
    if (name === undefined || Number.isNaN(toNumber(value))) return [];
    return [{ name, labels, value: toNumber(value) }];
  });

/** The sum of the samples of a name that carry all the labels: `outcome="accepted"`. */
export const sumOf = (samples: readonly Sample[], name: string, ...labels: readonly string[]): number =>
  samples
    .filter((sample) => sample.name === name && labels.every((label) => sample.labels.split(',').includes(label)))
    .reduce((sum, { value }) => sum + value, 0);
