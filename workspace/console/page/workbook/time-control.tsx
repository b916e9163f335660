import { type ReactNode, useState } from 'react';
import { durationLabel, spanOf } from '../../../../kql/workbook/time-range.ts';
import type { ParameterValue, TimeParameter } from '../../../../kql/workbook/workbook.ts';
import { fieldText, fieldTime } from './time-field.ts';

type TimeValue = Extract<ParameterValue, { kind: 'time' }>;

const CUSTOM = 'custom';

/** A time range: one of the workbook's, or from and to in UTC. */
export function TimeControl({
  parameter,
  value,
  now,
  onChange,
}: {
  readonly parameter: TimeParameter;
  readonly value: TimeValue;
  readonly now: Date;
  readonly onChange: (value: TimeValue) => void;
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const durationMs = 'durationMs' in value ? value.durationMs : undefined;
  const durations = [...new Set([...parameter.durationsMs, ...(durationMs === undefined ? [] : [durationMs])])].sort(
    (left, right) => left - right,
  );
  const isCustom = isOpen || durationMs === undefined;
  return (
    <>
      <label className="field">
        <span>{parameter.label}</span>
        <select
          value={isCustom ? CUSTOM : String(durationMs)}
          onChange={(event) => {
            const chosen = event.target.value;
            setOpen(chosen === CUSTOM);
            if (chosen !== CUSTOM) onChange({ kind: 'time', durationMs: Number(chosen) });
          }}
        >
          {durations.map((duration) => (
            <option key={duration} value={String(duration)}>
              {durationLabel(duration)}
            </option>
          ))}
          {parameter.isCustomAllowed || isCustom ? <option value={CUSTOM}>Custom range</option> : null}
        </select>
      </label>
      {isCustom ? (
        <CustomRange
          key={'from' in value ? value.from.toISOString() + value.to.toISOString() : durationMs}
          value={value}
          now={now}
          onChange={(next) => {
            setOpen(false);
            onChange(next);
          }}
        />
      ) : null}
    </>
  );
}

function CustomRange({
  value,
  now,
  onChange,
}: {
  readonly value: TimeValue;
  readonly now: Date;
  readonly onChange: (value: TimeValue) => void;
}): ReactNode {
  const span = spanOf(value, now);
  const [from, setFrom] = useState(fieldText(span.from));
  const [to, setTo] = useState(fieldText(span.to));
  const [start, end] = [fieldTime(from), fieldTime(to)];
  const isRange = start !== undefined && end !== undefined && start < end;
  return (
    <form
      className="time-range"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRange) onChange({ kind: 'time', from: start, to: end });
      }}
    >
      <label className="field">
        <span>From (UTC)</span>
        <input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label className="field">
        <span>To (UTC)</span>
        <input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <button type="submit" disabled={!isRange} title={isRange ? undefined : 'From must be before To'}>
        Apply
      </button>
    </form>
  );
}
