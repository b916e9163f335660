import type { ReactNode } from 'react';
import { plainValue } from '../../../../kql/workbook/conditions.ts';
import type { Parameter, ParametersItem, ParameterValue } from '../../../../kql/workbook/workbook.ts';
import { ChoiceList } from './choice-list.tsx';
import { MultiChoice } from './multi-choice.tsx';
import { TextControl } from './text-control.tsx';
import { TimeControl } from './time-control.tsx';
import { useView } from './view-context.ts';

/** The controls of a workbook's parameters, in a row. */
export function ParametersBar({ item }: { readonly item: ParametersItem }): ReactNode {
  const shown = item.parameters.filter(({ isHidden }) => !isHidden);
  if (shown.length === 0) return null;
  return (
    <div className="parameters" role="group" aria-label="Filters">
      {shown.map((parameter) => (
        <Control key={parameter.name} parameter={parameter} />
      ))}
    </div>
  );
}

function Control({ parameter }: { readonly parameter: Parameter }): ReactNode {
  const { values, offers, set, now } = useView();
  const value = values.get(parameter.name)?.value;
  if (value === undefined) return null;
  const onChange = (next: ParameterValue): void => set([{ name: parameter.name, value: next }]);
  const isMissing = parameter.isRequired && plainValue(value) === '';
  if (parameter.kind === 'time')
    return value.kind === 'time' ? (
      <TimeControl parameter={parameter} value={value} now={now} onChange={onChange} />
    ) : null;
  if (parameter.kind === 'text')
    return value.kind === 'text' ? (
      <TextControl parameter={parameter} text={value.text} isMissing={isMissing} onChange={onChange} />
    ) : null;
  if (value.kind !== 'choice') return null;
  const offer = offers.get(parameter.name) ?? {
    state: 'known',
    choices: 'fixed' in parameter.choices ? parameter.choices.fixed : [],
  };
  const props = { parameter, value, offer, isMissing, onChange };
  return parameter.isMultiple ? <MultiChoice {...props} /> : <ChoiceList {...props} />;
}
