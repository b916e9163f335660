import { useEffect, useState } from 'react';
import type { Status, Step } from '../../api.ts';
import { progressOf } from './progress.ts';

const names: Readonly<Record<Step['name'], string>> = { collect: 'Collecting', rules: 'Rules' };
const marks: Readonly<Record<Step['state'], string>> = { waiting: '', running: '', done: '✓', failed: '!' };
const words: Readonly<Record<Step['state'], string>> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
};

function StepLine({ step: { name, state, detail } }: { readonly step: Step }) {
  const progress = state === 'running' ? progressOf(detail) : undefined;
  return (
    <li className={`step step-${state}`}>
      <span className="step-mark" aria-hidden="true">
        {marks[state]}
      </span>
      <b>{name === 'collect' && state === 'done' ? 'Collected' : names[name]}</b>
      <span className="visually-hidden">{words[state]}:</span>
      {detail}
      {progress === undefined ? undefined : <progress value={progress} aria-label={`${names[name]}: progress`} />}
    </li>
  );
}

/** The steps of the start. A change of state is announced; the numbers in between would never stop talking. */
export function Steps({ steps }: { readonly steps: Status['steps'] }) {
  const states = steps.map(({ name, state }) => `${names[name]} ${words[state]}`).join(', ');
  const [said, setSaid] = useState('');
  useEffect(() => setSaid(states), [states]);
  return (
    <>
      <ul className="steps" aria-label="Steps">
        {steps.map((step) => (
          <StepLine key={step.name} step={step} />
        ))}
      </ul>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}
