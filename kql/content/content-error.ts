/** Everything that is wrong with the shipped content, in one error, before anything is registered. */
export class ContentError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.length === 1 ? problems[0] : [`${problems.length} problems:`, ...problems].join('\n  '), options);
    this.name = 'ContentError';
    this.problems = problems;
  }
}

/** The problems that an error tells: its list, or its message. */
const problemsOf = (error: unknown): readonly string[] => {
  if (error instanceof ContentError) return error.problems;
  return [error instanceof Error ? error.message : String(error)];
};

/** Reads each of many and returns what was read. @throws ContentError with the problems of all that failed. */
export function readAll<In, Out>(inputs: readonly In[], read: (input: In) => Out): readonly Out[] {
  const results: Out[] = [];
  const errors: unknown[] = [];
  for (const input of inputs) {
    try {
      results.push(read(input));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new ContentError(errors.flatMap(problemsOf), { cause: errors[0] });
  return results;
}
