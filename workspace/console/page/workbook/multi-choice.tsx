import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { allOf, choiceOf } from '../../../../kql/workbook/parameters.ts';
import { type ChoiceProps, offerText } from './choice-props.ts';

// A longer list is searched, not read.
const mostShown = 200;

/** Several of many: a list with a search that opens below its label. Closing it applies what is ticked. */
export function MultiChoice({ parameter, value, offer, isMissing, onChange }: ChoiceProps): ReactNode {
  const id = useId();
  const box = useRef<HTMLDetailsElement>(null);
  const [draft, setDraft] = useState<readonly string[] | 'all' | undefined>();
  const [search, setSearch] = useState('');
  const choices = offer.state === 'known' ? offer.choices : [];
  const note = offerText(offer);
  const ticked = draft ?? (value.isAll ? 'all' : value.values);

  const close = (): void => {
    if (box.current !== null) box.current.open = false;
  };
  useEffect(() => {
    const closeOutside = (event: PointerEvent): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) === false) box.current.open = false;
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, []);

  const apply = (): void => {
    setSearch('');
    if (draft === undefined) return;
    setDraft(undefined);
    onChange(draft === 'all' ? allOf(parameter, choices) : choiceOf(parameter, choices, draft));
  };
  const tick = (one: string, isTicked: boolean): void => {
    const others = ticked === 'all' ? [] : ticked.filter((other) => other !== one);
    setDraft(isTicked ? [...others, one] : others);
  };
  const wanted = search.trim().toLowerCase();
  const found = choices.filter(({ label, value: one }) => `${label}\n${one}`.toLowerCase().includes(wanted));
  const [first] = value.labels ?? value.values;
  const summary = value.isAll ? 'All' : value.values.length > 1 ? `${value.values.length} chosen` : (first ?? 'None');

  return (
    <div className="field">
      <span id={`${id}-label`}>{parameter.label}</span>
      <details
        className="picker"
        ref={box}
        onBlur={({ relatedTarget, currentTarget }) => {
          // Tab has led out of it. A click on its ground stays in the panel, which takes the focus for that.
          if (relatedTarget !== null && !currentTarget.contains(relatedTarget)) close();
        }}
        onToggle={(event) => (event.currentTarget.open ? undefined : apply())}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          close();
          box.current?.querySelector('summary')?.focus();
        }}
      >
        <summary aria-labelledby={`${id}-label ${id}-value`} data-missing={isMissing || undefined}>
          <span id={`${id}-value`}>{summary}</span>
        </summary>
        <div className="picker-panel" tabIndex={-1}>
          <input
            type="search"
            aria-label={`Search ${parameter.label}`}
            placeholder="Search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <div className="picker-list" role="group" aria-labelledby={`${id}-label`}>
            {parameter.all === undefined || wanted !== '' ? null : (
              <label>
                <input
                  type="checkbox"
                  checked={ticked === 'all'}
                  onChange={(event) => setDraft(event.target.checked ? 'all' : [])}
                />
                All
              </label>
            )}
            {found.slice(0, mostShown).map((choice) => (
              <label key={choice.value} title={choice.label}>
                <input
                  type="checkbox"
                  checked={ticked !== 'all' && ticked.includes(choice.value)}
                  onChange={(event) => tick(choice.value, event.target.checked)}
                />
                <span>{choice.label}</span>
              </label>
            ))}
            {note === undefined ? null : <p className="muted small">{note}</p>}
            {found.length > mostShown ? (
              <p className="muted small">{found.length - mostShown} more: search to find them.</p>
            ) : null}
            {wanted !== '' && found.length === 0 ? <p className="muted small">None has this text.</p> : null}
          </div>
          <button type="button" onClick={close}>
            Apply
          </button>
        </div>
      </details>
    </div>
  );
}
