import { type ReactNode, useEffect, useState } from 'react';
import type { ParameterValue, TextParameter } from '../../../../kql/workbook/workbook.ts';

/** A text, taken when Enter is pressed or the field is left. */
export function TextControl({
  parameter,
  text,
  isMissing,
  onChange,
}: {
  readonly parameter: TextParameter;
  readonly text: string;
  readonly isMissing: boolean;
  readonly onChange: (value: ParameterValue) => void;
}): ReactNode {
  const [draft, setDraft] = useState(text);
  useEffect(() => setDraft(text), [text]);
  const commit = (): void => {
    if (draft !== text) onChange({ kind: 'text', text: draft });
  };
  return (
    <label className="field">
      <span>{parameter.label}</span>
      <input
        type="text"
        value={draft}
        aria-invalid={isMissing || undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => (event.key === 'Enter' ? commit() : undefined)}
      />
    </label>
  );
}
