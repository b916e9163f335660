import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SchemaEntry } from '../../api.ts';
import { ApiError, getSchema } from '../api-client.ts';
import { Notice } from '../shell/notice.tsx';

interface EntryProps {
  readonly entry: SchemaEntry;
  readonly onInsert: (text: string) => void;
}

function Entry({ entry: { name, summary, signature, columns }, onInsert }: EntryProps) {
  return (
    <li>
      <details className="entry">
        <summary>{name}</summary>
        {summary === '' ? undefined : <p className="small">{summary}</p>}
        {signature === null ? undefined : (
          <p className="small">
            <code>
              {name}
              {signature}
            </code>
          </p>
        )}
        <button type="button" className="small" onClick={() => onInsert(signature === null ? name : `${name}()`)}>
          Insert {name}
        </button>
        <ul className="entry-columns small" aria-label={`Columns of ${name}`}>
          {columns.map((column) => (
            <li key={column.name}>
              <code>{column.name}</code> <span className="muted">{column.type}</span>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

interface EntriesProps {
  readonly title: string;
  readonly entries: readonly SchemaEntry[];
  readonly onInsert: (text: string) => void;
}

const Entries = ({ title, entries, onInsert }: EntriesProps) => (
  <details className="panel" open={title === 'Functions'}>
    <summary>
      {title} <span className="muted">{entries.length}</span>
    </summary>
    <ul className="panel-list">
      {entries.map((entry) => (
        <Entry key={entry.name} entry={entry} onInsert={onInsert} />
      ))}
    </ul>
  </details>
);

const isOther = ({ name }: SchemaEntry): boolean => !name.startsWith('Copilot');

const matches = ({ name, columns }: SchemaEntry, text: string): boolean =>
  name.toLowerCase().includes(text) || columns.some((column) => column.name.toLowerCase().includes(text));

/** Functions and tables with their columns. */
export function SchemaList({ onInsert }: { readonly onInsert: (text: string) => void }) {
  const [text, setText] = useState('');
  const { data, error } = useQuery({ queryKey: ['schema'], queryFn: async ({ signal }) => getSchema(signal) });
  if (error instanceof ApiError && error.status === 404) return undefined;
  if (error !== null) return <Notice kind="error" title="No list of tables." children={error.message} />;
  if (data === undefined) return undefined;
  const wanted = text.trim().toLowerCase();
  // What people type most comes first.
  const functions = data.functions.toSorted((a, b) => Number(isOther(a)) - Number(isOther(b)));
  return (
    <>
      <label className="field">
        <span>Find a function, table or column</span>
        <input type="search" value={text} onChange={({ target }) => setText(target.value)} />
      </label>
      <Entries title="Functions" entries={functions.filter((entry) => matches(entry, wanted))} onInsert={onInsert} />
      <Entries title="Tables" entries={data.tables.filter((entry) => matches(entry, wanted))} onInsert={onInsert} />
    </>
  );
}
