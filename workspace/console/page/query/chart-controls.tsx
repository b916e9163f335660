import type { ColumnView } from '../../api.ts';
import { axisColumns, type ChartChoice, chartKinds } from './chart-choice.ts';

interface AxisProps {
  readonly label: string;
  readonly value: string;
  readonly names: readonly string[];
  readonly onChange: (name: string) => void;
}

const Axis = ({ label, value, names, onChange }: AxisProps) => (
  <label className="field">
    <span>{label}</span>
    <select value={value} onChange={({ target }) => onChange(target.value)}>
      <option value="">automatic</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

interface ChartControlsProps {
  readonly choice: ChartChoice;
  readonly columns: readonly ColumnView[];
  readonly onChange: (choice: ChartChoice) => void;
}

/** Chooses the kind of a chart, and which column is what. */
export function ChartControls({ choice, columns, onChange }: ChartControlsProps) {
  const { x, y, group } = axisColumns(columns);
  return (
    <div className="controls">
      <label className="field">
        <span>Chart</span>
        <select
          value={choice.kind}
          onChange={({ target }) => {
            const found = chartKinds.find(({ kind }) => kind === target.value);
            if (found !== undefined) onChange({ ...choice, kind: found.kind });
          }}
        >
          {chartKinds.map(({ kind, label }) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <Axis label="Across" value={choice.x} names={x} onChange={(name) => onChange({ ...choice, x: name })} />
      <Axis label="Values" value={choice.y} names={y} onChange={(name) => onChange({ ...choice, y: name })} />
      <Axis
        label="Split by"
        value={choice.group}
        names={group}
        onChange={(name) => onChange({ ...choice, group: name })}
      />
    </div>
  );
}
