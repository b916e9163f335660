import type { ChoiceParameter, ParameterValue } from '../../../../kql/workbook/workbook.ts';
import type { Offer } from './resolve-values.ts';

/** The value of a drop-down. */
export type ChoiceValue = Extract<ParameterValue, { kind: 'choice' }>;

/** What a control of choices gets. */
export interface ChoiceProps {
  readonly parameter: ChoiceParameter;
  readonly value: ChoiceValue;
  readonly offer: Offer;
  /** Required, and nothing is chosen. */
  readonly isMissing: boolean;
  readonly onChange: (value: ChoiceValue) => void;
}

/** What is said beside a control instead of its choices; undefined where they are there. */
export function offerText(offer: Offer): string | undefined {
  if (offer.state === 'waiting') return 'Loading …';
  if (offer.state === 'failed') return `No choices: ${offer.reason}`;
  return offer.choices.length === 0 ? 'Nothing to choose from' : undefined;
}
