/** What a check found: plain data, for the table and for JSON. */
import { AzureFailure } from './failure.ts';

/** One line of the report. */
export interface Finding {
  /** Name of the workspace. */
  readonly workspace: string;
  /** What was looked at: `workspace`, `table`, `function` and the like. */
  readonly check: string;
  /** Which one; empty when the line speaks of all of them. */
  readonly item: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; on every line that failed, and on no other. */
  readonly remedy?: string;
}

/** Lines of one check in one workspace. */
export interface Reporter {
  readonly pass: (item: string, detail: string) => Finding;
  readonly fail: (item: string, detail: string, remedy: string) => Finding;
}

export const reporter = (workspace: string, check: string): Reporter => ({
  pass: (item, detail) => ({ workspace, check, item, ok: true, detail }),
  fail: (item, detail, remedy) => ({ workspace, check, item, ok: false, detail, remedy }),
});

/** Runs a check; a service that does not answer as it should becomes a line that failed. `role` reads what it reads. */
export async function attempt(
  report: Reporter,
  role: string,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof AzureFailure)) throw error;
    return [report.fail('', error.message, error.remedy(role))];
  }
}

/** The lines that failed, or one that says how many are as they should be. */
export const summed = (
  report: Reporter,
  failed: readonly Finding[],
  count: number,
  detail: string,
): readonly Finding[] => (failed.length > 0 ? failed : [report.pass('', `${count} ${detail}`)]);
