/** The tests at the end of a rule's or a hunt's file: rows in, alerts out. How to write one: test/detections/README.md. */
import { z } from 'zod';
import { text } from './vocabulary.ts';

const MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

// `-20m`, `90s`, `2d`: read as milliseconds.
const span = z.string().transform((written, context) => {
  const parts = /^([+-]?)(\d+)([smhd])$/.exec(written);
  const unit = parts?.[3];
  if (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd')
    return (parts?.[1] === '-' ? -1 : 1) * Number(parts?.[2]) * MS[unit];
  context.addIssue({ code: 'custom', message: 'no length of time: write -20m, 90s or 2d', input: written });
  return z.NEVER;
});

const fields = z.record(z.string(), z.unknown());

// One shape with three uses: a union would say of a misspelt key only that nothing fits.
const given = z
  .strictObject({
    /** A base of bases.yaml: a raw audit record. */
    record: text.optional(),
    /** A table of the workspace. */
    row: text.optional(),
    /** The alias of a watchlist; `items` are all of its rows. */
    watchlist: text.optional(),
    items: z.array(fields).optional(),
    /** When it happened, from the scheduled time of the run. */
    at: span.optional(),
    /** When it came in, from the scheduled time of the run. */
    ingested: span.optional(),
    times: z.int().min(1).max(5000).default(1),
    every: span.default(60_000),
    set: fields.default({}),
    unset: z.array(text).default([]),
    /** Columns of a record's row that enrichment fills. */
    columns: fields.default({}),
  })
  .refine(
    ({ record, row, watchlist }) => [record, row, watchlist].filter((one) => one !== undefined).length === 1,
    'name one of record, row and watchlist',
  )
  .refine(
    ({ watchlist, items }) => (watchlist === undefined) === (items === undefined),
    'items are those of a watchlist',
  );

const value = z.union([z.string(), z.number(), z.boolean()]);

const expected = z.strictObject({
  /** By type: an identifier's value, or several. */
  entities: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  customDetails: z.record(z.string(), z.union([value, z.array(value)])).optional(),
  severity: text.optional(),
  /** The title of the alert. */
  name: text.optional(),
});

const common = {
  name: text,
  /** The scheduled time of the run; 2026-09-02T12:00:00Z, a Wednesday, by default. */
  now: z.iso.datetime().optional(),
  given: z.array(given).optional(),
  /** What must be gone for the rule to be silent: paths, `row:Table`, `record:base`, `watchlist:Alias`. */
  decisive: z.array(text).optional(),
};

const ruleTest = z
  .strictObject({
    ...common,
    expect: z.array(expected).optional(),
    /** The name of the case whose rows and alerts it takes. */
    like: text.optional(),
    /** How much earlier all of it happened, while it came in as before. */
    late: span.optional(),
    delivered: z.literal('twice').optional(),
    /** How many incidents the alerts of the run open; by default one each. */
    incidents: z.int().min(1).optional(),
  })
  .refine(
    ({ like, given: rows, expect }) => like !== undefined || (rows !== undefined && expect !== undefined),
    'write given and expect, or like',
  );

/** Cases of a rule. */
export const ruleTests = z.array(ruleTest);
/** Cases of a hunt: expected are rows, each by some of its columns. */
export const huntTests = z.array(z.strictObject({ ...common, given: z.array(given), expect: z.array(fields) }));

/** What is in the workspace: one kind of row. Times in milliseconds from the run. */
export type Given = z.output<typeof given>;
/** An alert, by some of what it holds. */
export type Expected = z.output<typeof expected>;
/** A case of a rule as it is written. */
export type RuleTest = z.output<typeof ruleTest>;
/** A case of a hunt. */
export type HuntTest = z.output<typeof huntTests>[number];
