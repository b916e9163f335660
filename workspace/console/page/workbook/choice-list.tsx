import { type ReactNode, useId } from 'react';
import { allOf, choiceOf } from '../../../../kql/workbook/parameters.ts';
import { type ChoiceProps, offerText } from './choice-props.ts';

const ALL = 'value::all';

/** One of several: a drop-down, or buttons where the workbook says so. */
export function ChoiceList(props: ChoiceProps): ReactNode {
  const { parameter, value, offer, isMissing, onChange } = props;
  const id = useId();
  const choices = offer.state === 'known' ? offer.choices : [];
  const note = offerText(offer);
  const change = (chosen: string): void =>
    onChange(chosen === ALL ? allOf(parameter, choices) : choiceOf(parameter, choices, chosen === '' ? [] : [chosen]));
  const chosen = value.isAll ? ALL : (value.values[0] ?? '');
  if (parameter.style === 'options')
    return (
      <fieldset className="field">
        <legend>{parameter.label}</legend>
        <div className="toggles segments">
          {choices.map((choice) => (
            <label key={choice.value}>
              <input type="radio" name={id} checked={chosen === choice.value} onChange={() => change(choice.value)} />
              {choice.label}
            </label>
          ))}
          {note}
        </div>
      </fieldset>
    );
  const isOffered = chosen === ALL || choices.some((choice) => choice.value === chosen);
  return (
    <label className="field">
      <span>{parameter.label}</span>
      <select
        value={chosen}
        aria-invalid={isMissing || undefined}
        title={note}
        onChange={(event) => change(event.target.value)}
      >
        {isOffered ? null : <option value={chosen}>{chosen === '' ? (note ?? 'Choose …') : chosen}</option>}
        {parameter.all === undefined ? null : <option value={ALL}>All</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
