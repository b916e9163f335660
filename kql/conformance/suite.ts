/** Suites of queries with the answers of Microsoft's engine, and which of their cases count. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const column = z.object({ name: z.string(), type: z.string() });
const compare = z.object({
  /** Rows must come in this order; ties may swap. */
  ordered: z.boolean().default(false),
  /** Only the columns and the number of rows count. */
  shape_only: z.boolean().default(false),
  /** Arrays are multisets. */
  unordered_lists: z.boolean().default(false),
  rel_tolerance: z.number().default(1e-6),
  /** `rows` is a sample of `row_count` rows. */
  partial: z.boolean().default(false),
});
const testCase = z.object({
  id: z.string(),
  query: z.string(),
  /** Absent in suites of queries that the engine refuses. */
  expected: z
    .object({ columns: z.array(column), rows: z.array(z.array(z.unknown())), row_count: z.number().optional() })
    .optional(),
  compare: compare.default(compare.parse({})),
  nondeterministic: z.array(z.string()).default([]),
  relevance: z.string().default('core'),
  known_deviation: z.unknown().optional(),
});
const suite = z.object({ suite: z.string().optional(), cases: z.array(testCase) });

/** One query and what Microsoft's engine made of it. */
export type Case = z.infer<typeof testCase>;
export type Expected = NonNullable<Case['expected']>;

/** Whether a pass rate is stated over the case: one answer is right, and it is of use here. */
export const isCore = ({ relevance, nondeterministic, known_deviation }: Case): boolean =>
  relevance === 'core' && nondeterministic.length === 0 && (known_deviation ?? null) === null;

/** Reads a suite. @throws Error naming the file */
export function readSuite(file: string): readonly Case[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file}: not readable as JSON`, { cause });
  }
  const result = suite.safeParse(parsed);
  if (!result.success) throw new Error(`${file}: not a suite: ${z.prettifyError(result.error)}`);
  return result.data.cases;
}
