/** What passes count. */

/** What a pass did; the last line of `once` and `import`. */
export interface PassSummary {
  seen: number;
  foreign: number;
  selected: number;
  unparsable: number;
  duplicate: number;
  deadLettered: number;
  accepted: number;
  gaps: number;
}

/** A summary of nothing, to be counted up. */
export const emptySummary = (): PassSummary => ({
  seen: 0,
  foreign: 0,
  selected: 0,
  unparsable: 0,
  duplicate: 0,
  deadLettered: 0,
  accepted: 0,
  gaps: 0,
});

/** The sum of two. */
export const plus = (a: PassSummary, b: PassSummary): PassSummary => ({
  seen: a.seen + b.seen,
  foreign: a.foreign + b.foreign,
  selected: a.selected + b.selected,
  unparsable: a.unparsable + b.unparsable,
  duplicate: a.duplicate + b.duplicate,
  deadLettered: a.deadLettered + b.deadLettered,
  accepted: a.accepted + b.accepted,
  gaps: a.gaps + b.gaps,
});
