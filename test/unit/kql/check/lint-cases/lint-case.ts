import type { ContentKind } from '../../../../../kql/check/shipped-query.ts';

/** A query that a rule finds, and one like it that it leaves alone. */
export interface LintCase {
  readonly code: string;
  readonly what: string;
  /** A hunt by default. */
  readonly kind?: ContentKind;
  readonly fires: string;
  readonly silent: string;
}
