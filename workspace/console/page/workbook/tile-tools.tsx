import { type ReactNode, useState } from 'react';
import { downloadCsv } from '../api-client.ts';
import { queryHref } from '../shell/hash.ts';

const paths = {
  table: 'M2 3h12v10H2ZM2 6.5h12M2 9.8h12M6.5 3v10',
  drawn: 'M2 2v12h12M5 11.5V8m3 3.5V5m3 6.5V7',
  query: 'M2.5 4 6.5 8l-4 4M8 12.5h6',
  csv: 'M8 2v8.5M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11',
} as const;

const Sign = ({ name }: { readonly name: keyof typeof paths }): ReactNode => (
  <svg viewBox="0 0 16 16" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);

/** What can be done with a tile: read it as a table, open its query, save its rows. */
export function TileTools({
  name,
  query,
  isReady,
  shape,
  onShape,
}: {
  readonly name: string;
  readonly query: string;
  /** The query has its values. */
  readonly isReady: boolean;
  /** Undefined where there is only one. */
  readonly shape: 'drawn' | 'table' | undefined;
  readonly onShape: () => void;
}): ReactNode {
  const [failure, setFailure] = useState('');
  const save = async (): Promise<void> => {
    try {
      setFailure('');
      await downloadCsv(query, name);
    } catch (error) {
      setFailure(`Not saved: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <div className="tile-tools" role="group" aria-label={`Tools of ${name}`}>
      {failure === '' ? null : (
        <span className="tile-failure" role="alert">
          {failure}
        </span>
      )}
      {shape === undefined ? null : (
        <button
          type="button"
          aria-label="Show as table"
          aria-pressed={shape === 'table'}
          title={shape === 'table' ? 'Show as drawn' : 'Show as table'}
          onClick={onShape}
        >
          <Sign name={shape === 'table' ? 'drawn' : 'table'} />
        </button>
      )}
      {isReady ? (
        <>
          <button type="button" aria-label="Save rows as CSV" title="Save rows as CSV" onClick={() => void save()}>
            <Sign name="csv" />
          </button>
          <a className="button" href={queryHref(query)} aria-label="Open query in editor" title="Open query in editor">
            <Sign name="query" />
          </a>
        </>
      ) : null}
    </div>
  );
}
