/** What a case proves wrong. */

/** Which promise is broken: `answer` the alerts of the run, `again` and `lookback` a second incident a frequency or a
 *  lookbackDuration later, `incidents` how many the alerts open, `late` the same 45 h late, `shape` identifiers,
 *  `decisive` what must silence the rule, `vacuous` what would silence any rule,
 *  `microsoft` a silent case on CopilotActivity, `coverage` cases that are lacking. */
export type Check =
  | 'answer'
  | 'again'
  | 'lookback'
  | 'incidents'
  | 'late'
  | 'shape'
  | 'decisive'
  | 'vacuous'
  | 'microsoft'
  | 'coverage';

/** A broken promise, in words. */
export interface Finding {
  readonly check: Check;
  readonly text: string;
}
